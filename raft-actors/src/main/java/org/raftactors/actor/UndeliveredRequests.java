package org.raftactors.actor;

import java.time.Duration;
import org.apache.pekko.actor.DeadLetter;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.eventstream.EventStream;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.raftactors.PartitionSettings;
import org.raftactors.RaftPartition;
import org.raftactors.RejectReason;

/**
 * Refuses the requests that came to this actor system for a replica that has stopped for good, or
 * not begun yet. A dead letter was never handled by anyone, so its outcome is certain: it did not
 * happen. Without this, whoever sent it before it knew of the stop would wait until its deadline
 * for an unknown outcome.
 *
 * <p>One for each actor system, from the start of its node until the system ends. Requests that
 * died on their way out to another system are left alone: what remoting has done with them is not
 * for us to say.
 */
public final class UndeliveredRequests {

  private UndeliveredRequests() {}

  /**
   * The behavior.
   *
   * @param settings of the partitions
   * @return to be spawned once
   */
  public static Behavior<DeadLetter> create(PartitionSettings settings) {
    Duration retryAfter = new Answers(settings).afterElection();
    return Behaviors.setup(
        context -> {
          context
              .getSystem()
              .eventStream()
              .tell(new EventStream.Subscribe<>(DeadLetter.class, context.getSelf()));
          return Behaviors.receiveMessage(
              letter -> {
                if (letter.message() instanceof RaftPartition.Command message
                    && isHere(context, letter)) {
                  Answers.refuse(
                      message,
                      RejectReason.UNAVAILABLE,
                      retryAfter,
                      () -> "the replica has stopped");
                }
                return Behaviors.same();
              });
        });
  }

  private static boolean isHere(ActorContext<DeadLetter> context, DeadLetter letter) {
    return letter.recipient().path().address().hasLocalScope()
        || letter.recipient().path().address().equals(context.getSystem().address());
  }
}
