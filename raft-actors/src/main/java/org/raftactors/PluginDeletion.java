package org.raftactors;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.japi.function.Function;
import org.apache.pekko.pattern.Patterns;
import org.apache.pekko.persistence.DeleteMessagesFailure;
import org.apache.pekko.persistence.DeleteSnapshotsFailure;
import org.apache.pekko.persistence.JournalProtocol;
import org.apache.pekko.persistence.Persistence;
import org.apache.pekko.persistence.SnapshotProtocol;
import org.apache.pekko.persistence.SnapshotSelectionCriteria;
import org.jspecify.annotations.Nullable;

/**
 * Deletes by the messages that every journal and snapshot store understands. A typed persistent
 * actor offers that only together with a rhythm of its own, counted in events, and a log is not cut
 * by counting events.
 */
final class PluginDeletion {

  private PluginDeletion() {}

  static CompletionStage<Done> delete(
      ActorSystem<?> system,
      PartitionSettings settings,
      String persistenceId,
      long eventsTo,
      long snapshotsTo) {
    Persistence persistence = Persistence.get(system);
    CompletionStage<Done> events =
        eventsTo <= 0
            ? done()
            : ask(
                system,
                persistence.journalFor(
                    settings.journalPluginId(), persistence.journalFor$default$2()),
                replyTo -> new JournalProtocol.DeleteMessagesTo(persistenceId, eventsTo, replyTo),
                settings);
    return events.thenCompose(
        deleted ->
            snapshotsTo <= 0
                ? done()
                : ask(
                    system,
                    persistence.snapshotStoreFor(
                        settings.snapshotPluginId(), persistence.snapshotStoreFor$default$2()),
                    sender ->
                        new SnapshotProtocol.DeleteSnapshots(
                            persistenceId,
                            SnapshotSelectionCriteria.create(snapshotsTo, Long.MAX_VALUE)),
                    settings));
  }

  /** Not the stage that Pekko gives: what hangs on it may run on a thread of its own. */
  private static CompletionStage<Done> ask(
      ActorSystem<?> system,
      ActorRef plugin,
      Function<ActorRef, Object> message,
      PartitionSettings settings) {
    CompletableFuture<Done> result = new CompletableFuture<>();
    Patterns.askWithReplyTo(plugin, message, settings.fetchTimeout())
        .whenCompleteAsync(
            (answer, failure) -> complete(result, answer, failure), system.executionContext());
    return result;
  }

  private static boolean complete(
      CompletableFuture<Done> result, @Nullable Object answer, @Nullable Throwable failure) {
    if (failure != null) {
      return result.completeExceptionally(failure);
    }
    if (answer instanceof DeleteMessagesFailure refused) {
      return result.completeExceptionally(refused.cause());
    }
    if (answer instanceof DeleteSnapshotsFailure refused) {
      return result.completeExceptionally(refused.cause());
    }
    return result.complete(Done.getInstance());
  }

  private static CompletionStage<Done> done() {
    return CompletableFuture.completedFuture(Done.getInstance());
  }
}
