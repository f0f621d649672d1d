package org.raftactors.actor;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
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

  /** More than there are followers that lag at the same time. */
  private static final int MOST_ENDS = 16;

  private final ActorSystem<?> system;
  private final CurrentEventsByPersistenceIdQuery journal;
  private final String persistenceId;
  private final Duration timeout;

  /**
   * Where reads ended: the index that would have been next, and an event that the one which holds
   * it does not lie before. A journal is only appended to, so this stays true; but an answer is
   * used once, so that nothing hangs on it for good.
   */
  private final Map<Long, Long> ends = new ConcurrentHashMap<>();

  JournalReader(
      ActorSystem<?> system,
      CurrentEventsByPersistenceIdQuery journal,
      String persistenceId,
      Duration timeout) {
    this.system = system;
    this.journal = journal;
    this.persistenceId = persistenceId;
    this.timeout = timeout;
  }

  /**
   * A reader of one replica's events.
   *
   * @throws RuntimeException if there is no such read journal
   */
  static JournalReader of(ActorSystem<?> system, PartitionSettings settings, String persistenceId) {
    CurrentEventsByPersistenceIdQuery journal =
        PersistenceQuery.get(system)
            .getReadJournalFor(
                CurrentEventsByPersistenceIdQuery.class, settings.readJournalPluginId());
    return new JournalReader(system, journal, persistenceId, settings.fetchTimeout());
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
    Long end = ends.remove(fetch.firstIndex());
    long known = durable.sequence().startFor(fetch.firstIndex());
    long from = end == null ? known : Math.max(end, known);
    CompletableFuture<List<LogEntry>> result = new CompletableFuture<>();
    try {
      // Not the stage that the stream gives: what hangs on it would run on a thread of its own.
      journal
          .currentEventsByPersistenceId(persistenceId, from, Long.MAX_VALUE)
          .takeWhile(
              each -> collector.add((Written) each.event()) || endsAt(each.sequenceNr(), collector))
          .completionTimeout(timeout)
          .runWith(Sink.onComplete(done -> complete(result, done, collector)), system);
    } catch (RuntimeException e) {
      result.completeExceptionally(e);
    }
    return result;
  }

  /** Always false: no more is wanted. */
  private boolean endsAt(long sequenceNumber, EntryCollector collector) {
    if (ends.size() >= MOST_ENDS) {
      ends.clear();
    }
    ends.put(collector.nextIndex(), sequenceNumber);
    return false;
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
