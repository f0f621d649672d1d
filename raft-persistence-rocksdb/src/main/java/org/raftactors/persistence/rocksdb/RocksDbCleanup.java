package org.raftactors.persistence.rocksdb;

import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.apache.pekko.actor.ClassicActorSystemProvider;
import org.raftactors.persistence.rocksdb.internal.Deletions;
import org.raftactors.persistence.rocksdb.internal.StoreRegistry;

/**
 * Deletes events and snapshots, also of persistence ids without a running actor. Each stage
 * completes when the deletion is durable; the disk space returns a little later, in the background
 * (setting {@code reclaim-after}).
 *
 * <p>The highest sequence number outlives the events, so an actor that comes back goes on where it
 * stopped. Only the two operations that say so forget it. Do not delete events that a running actor
 * still needs for its recovery: this class cannot know.
 */
public final class RocksDbCleanup {

  private final Deletions deletions;

  /**
   * Cleans up in the store at {@link RocksDbStores#DEFAULT_STORE_PATH}.
   *
   * @param system a typed or classic actor system
   */
  public RocksDbCleanup(ClassicActorSystemProvider system) {
    this(system, RocksDbStores.DEFAULT_STORE_PATH);
  }

  /**
   * Cleans up in a store.
   *
   * @param system a typed or classic actor system
   * @param configPath where the store's settings are
   */
  public RocksDbCleanup(ClassicActorSystemProvider system, String configPath) {
    this.deletions = new Deletions(StoreRegistry.get(system).engine(configPath));
  }

  /**
   * Deletes the events up to and including a sequence number.
   *
   * @param persistenceId whose events
   * @param toSequenceNr the last one to delete
   * @return completed when the deletion is durable
   */
  public CompletionStage<Done> deleteEventsTo(String persistenceId, long toSequenceNr) {
    return deletions.eventsTo(persistenceId, toSequenceNr);
  }

  /**
   * Deletes the events up to and including a sequence number but never the newest one, of any
   * number of persistence ids. For logs whose newest event carries what must not be lost. It costs
   * one read and one marker per persistence id and no work per event, and writes that come
   * meanwhile do not wait for all of it. One that is damaged does not keep the others from being
   * deleted.
   *
   * @param toSequenceNrs the last event to delete, by persistence id
   * @return completed when all deletions are durable; failed with the first failure, when all were
   *     tried
   */
  public CompletionStage<Done> compactEvents(Map<String, Long> toSequenceNrs) {
    return deletions.compact(toSequenceNrs);
  }

  /**
   * Deletes all events but remembers the highest sequence number.
   *
   * @param persistenceId whose events
   * @return completed when the deletion is durable
   */
  public CompletionStage<Done> deleteAllEvents(String persistenceId) {
    return deletions.eventsTo(persistenceId, Long.MAX_VALUE);
  }

  /**
   * Deletes the snapshots up to and including a sequence number.
   *
   * @param persistenceId whose snapshots
   * @param toSequenceNr the last one to delete
   * @return completed when the deletion is durable
   */
  public CompletionStage<Done> deleteSnapshotsTo(String persistenceId, long toSequenceNr) {
    return deletions.snapshotsTo(persistenceId, toSequenceNr);
  }

  /**
   * Deletes all snapshots.
   *
   * @param persistenceId whose snapshots
   * @return completed when the deletion is durable
   */
  public CompletionStage<Done> deleteAllSnapshots(String persistenceId) {
    return deletions.snapshotsTo(persistenceId, Long.MAX_VALUE);
  }

  /**
   * Deletes all events and snapshots in one step but remembers the highest sequence number.
   *
   * @param persistenceId whose data
   * @return completed when the deletion is durable
   */
  public CompletionStage<Done> deleteAll(String persistenceId) {
    return deletions.all(persistenceId, false);
  }

  /**
   * Deletes all events and snapshots and the persistence id itself, with its highest sequence
   * number, in one step. No actor may be running under it. One that is started later begins at
   * sequence number 1, so consumers that remember sequence numbers would be misled.
   *
   * @param persistenceId what to forget
   * @return completed when the deletion is durable
   */
  public CompletionStage<Done> forget(String persistenceId) {
    return deletions.all(persistenceId, true);
  }
}
