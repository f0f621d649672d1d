package org.raftactors.persistence.rocksdb.query.javadsl;

import org.apache.pekko.NotUsed;
import org.apache.pekko.annotation.InternalApi;
import org.apache.pekko.persistence.query.EventEnvelope;
import org.apache.pekko.persistence.query.javadsl.CurrentEventsByPersistenceIdQuery;
import org.apache.pekko.persistence.query.javadsl.CurrentPersistenceIdsQuery;
import org.apache.pekko.stream.javadsl.Source;
import org.raftactors.persistence.rocksdb.RocksDbStores;
import org.raftactors.persistence.rocksdb.internal.QueryStore;

/**
 * Reads what is stored. Streams read bounded chunks as fast as they are consumed, beside the
 * actors' threads; a stream fails if a record is damaged or missing.
 */
public final class RocksDbReadJournal
    implements CurrentEventsByPersistenceIdQuery, CurrentPersistenceIdsQuery {

  /** The plugin id, for {@code PersistenceQuery.getReadJournalFor}. */
  public static final String IDENTIFIER = RocksDbStores.READ_JOURNAL_PLUGIN_ID;

  private final QueryStore store;

  /**
   * Called by the plugin.
   *
   * @param store where to read
   */
  @InternalApi
  public RocksDbReadJournal(QueryStore store) {
    this.store = store;
  }

  /**
   * The events of a persistence id at the moment the stream starts; those deleted meanwhile may be
   * missing at its beginning.
   *
   * @param persistenceId whose events
   * @param fromSequenceNr the first one, inclusive
   * @param toSequenceNr the last one, inclusive
   * @return a stream that completes behind the last event
   */
  @Override
  public Source<EventEnvelope, NotUsed> currentEventsByPersistenceId(
      String persistenceId, long fromSequenceNr, long toSequenceNr) {
    return store.events(persistenceId, fromSequenceNr, toSequenceNr);
  }

  /**
   * The persistence ids that have written events, also if all of them were deleted, in the order of
   * their UTF-8 bytes. Those that only have snapshots, and forgotten ones, are not among them.
   *
   * @return a stream that completes behind the last persistence id
   */
  @Override
  public Source<String, NotUsed> currentPersistenceIds() {
    return store.persistenceIds();
  }
}
