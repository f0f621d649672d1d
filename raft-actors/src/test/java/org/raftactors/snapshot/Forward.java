package org.raftactors.snapshot;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.raftactors.RaftPartition;

/** A stable reference, as a replica's parent is one. */
final class Forward {

  private Forward() {}

  static Behavior<RaftPartition.Command> to(
      AtomicReference<ActorRef<RaftPartition.Command>> current) {
    return Behaviors.receiveMessage(
        message -> {
          Objects.requireNonNull(current.get()).tell(message);
          return Behaviors.same();
        });
  }
}
