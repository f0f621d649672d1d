package org.raftactors.actor;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.persistence.query.PersistenceQuery;
import org.apache.pekko.persistence.query.javadsl.CurrentEventsByPersistenceIdQuery;
import org.apache.pekko.stream.javadsl.Sink;
import org.raftactors.PartitionSettings;
import org.raftactors.core.Effect;
import org.raftactors.core.log.LogEntry;
import org.raftactors.core.write.DurableState;
import org.raftactors.core.write.Written;
import scala.util.Try;

/**
 * Reads entries back that are no longer in memory, beside the replica's work. Holds no more than
 * was asked for, and stops reading when it has it.
 */
final class JournalReader {

  private final ActorSystem<?> system;
  private final CurrentEventsByPersistenceIdQuery journal;
  private final String persistenceId;
  private final Duration timeout;

  /**
   * A reader of one replica's events.
   *
   * @throws RuntimeException if there is no such read journal
   */
  JournalReader(ActorSystem<?> system, PartitionSettings settings, String persistenceId) {
    this.system = system;
    this.journal =
        PersistenceQuery.get(system)
            .getReadJournalFor(
                CurrentEventsByPersistenceIdQuery.class, settings.readJournalPluginId());
    this.persistenceId = persistenceId;
    this.timeout = settings.fetchTimeout();
  }

  /**
   * Reads.
   *
   * @param fetch what is wanted
   * @param durable says where to look and which entries count
   * @return contiguous entries from the first index on, perhaps none; or why it failed
   */
  CompletionStage<List<LogEntry>> read(Effect.Fetch fetch, DurableState durable) {
    EntryCollector collector = new EntryCollector(fetch, durable.terms());
    long from = durable.sequence().startFor(fetch.firstIndex());
    CompletableFuture<List<LogEntry>> result = new CompletableFuture<>();
    try {
      // Not the stage that the stream gives: what hangs on it would run on a thread of its own.
      journal
          .currentEventsByPersistenceId(persistenceId, from, Long.MAX_VALUE)
          .takeWhile(envelope -> collector.add((Written) envelope.event()))
          .completionTimeout(timeout)
          .runWith(Sink.onComplete(done -> complete(result, done, collector)), system);
    } catch (RuntimeException e) {
      result.completeExceptionally(e);
    }
    return result;
  }

  private static void complete(
      CompletableFuture<List<LogEntry>> result, Try<Done> done, EntryCollector collector) {
    if (done.isSuccess()) {
      result.complete(collector.entries());
    } else {
      result.completeExceptionally(done.failed().get());
    }
  }
}
