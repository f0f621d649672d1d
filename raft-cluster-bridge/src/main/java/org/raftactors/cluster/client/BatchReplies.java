package org.raftactors.cluster.client;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Extension;
import org.apache.pekko.actor.typed.ExtensionId;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.raftactors.BatchResults;

/**
 * Where the answers to the batches of an actor system's clients arrive: an ask, whose promise is
 * for one answer, does not do for a batch, which is answered as its outcomes become known. One
 * actor for all clients; it passes on and never waits. Thread-safe. An id is used once in the life
 * of the actor system, so an answer that comes late finds nobody.
 */
public final class BatchReplies implements Extension {

  private static final class Id extends ExtensionId<BatchReplies> {
    @Override
    public BatchReplies createExtension(ActorSystem<?> system) {
      return new BatchReplies(system);
    }
  }

  private static final Id ID = new Id();

  private final Map<Long, Consumer<BatchResults>> open = new ConcurrentHashMap<>();
  private final AtomicLong lastId = new AtomicLong();
  private final ActorRef<BatchResults> actor;

  private BatchReplies(ActorSystem<?> system) {
    this.actor =
        system.systemActorOf(
            Behaviors.supervise(Behaviors.<BatchResults>receiveMessage(this::passOn))
                .onFailure(SupervisorStrategy.resume()), // one answer is lost, not all
            "raft-batch-replies",
            Props.empty());
  }

  private Behavior<BatchResults> passOn(BatchResults results) {
    Consumer<BatchResults> waiting = open.get(results.batch());
    if (waiting != null) {
      waiting.accept(results);
    }
    return Behaviors.same();
  }

  /**
   * That of an actor system; made with the first call, which must come before the system stops.
   *
   * @param system the actor system
   * @return always the same
   */
  public static BatchReplies get(ActorSystem<?> system) {
    return ID.apply(system);
  }

  /** Where to send answers. */
  ActorRef<BatchResults> actor() {
    return actor;
  }

  /**
   * Begins to wait.
   *
   * @param answered gets each answer until {@link #forget}; must be quick
   * @return the id of the batch that it is for
   */
  long await(Consumer<BatchResults> answered) {
    long id = lastId.incrementAndGet();
    open.put(id, answered);
    return id;
  }

  void forget(long id) {
    open.remove(id);
  }
}
