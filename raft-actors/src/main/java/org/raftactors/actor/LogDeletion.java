package org.raftactors.actor;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.raftactors.RaftPartition;
import org.raftactors.core.write.DurableState;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes the events that the log does not need any more, one deletion at a time. Belongs to one
 * incarnation.
 *
 * <p>Called once a saved state of the log covers the event that moved the base: a start begins with
 * that state or a later one, and needs only what follows it and the entries above the base. A crash
 * between leaves events that nobody reads; the next deletion takes them too.
 */
final class LogDeletion {

  private static final Logger logger = LoggerFactory.getLogger(LogDeletion.class);

  private final ActorContext<RaftPartition.Command> context;
  private final ReplicaBlueprint<?, ?, ?> blueprint;
  private long deletedTo;
  private boolean deleting;

  LogDeletion(ActorContext<RaftPartition.Command> context, ReplicaBlueprint<?, ?, ?> blueprint) {
    this.context = context;
    this.blueprint = blueprint;
  }

  /**
   * Deletes what it may.
   *
   * @param savedAt the sequence number up to which the saved state covers the journal
   * @param durable what is durable now, at least that
   */
  void stateSaved(long savedAt, DurableState durable) {
    long base = durable.base().position().index();
    boolean hasEntries = durable.last().index() > base;
    long firstNeeded = hasEntries ? durable.sequence().startFor(base + 1) : savedAt;
    long to = Math.min(firstNeeded, savedAt) - 1;
    if (deleting || to <= deletedTo) {
      return;
    }
    deleting = true;
    context.pipeToSelf(
        delete(to, savedAt - 1), (done, failure) -> new ShellMessage.Deleted(to, failure));
  }

  /** A deletion that cannot even begin has failed like any other: the replica does without. */
  private CompletionStage<Done> delete(long eventsTo, long statesTo) {
    try {
      return blueprint
          .logStore()
          .delete(
              context.getSystem(),
              blueprint.settings(),
              blueprint.spec().persistenceId(),
              eventsTo,
              statesTo);
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  void done(ShellMessage.Deleted deleted) {
    deleting = false;
    Throwable failure = deleted.failure();
    if (failure == null) {
      deletedTo = deleted.to();
    } else {
      logger.warn(
          "partition={} replica={}: cannot delete events up to {}, which the log does not need any"
              + " more; tried again with the next snapshot",
          blueprint.spec().partition(),
          blueprint.spec().self(),
          deleted.to(),
          failure);
    }
  }
}
