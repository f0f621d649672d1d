package org.raftactors.persistence.rocksdb.query.scaladsl;

import org.apache.pekko.NotUsed;
import org.apache.pekko.annotation.InternalApi;
import org.apache.pekko.persistence.query.EventEnvelope;
import org.apache.pekko.persistence.query.scaladsl.CurrentEventsByPersistenceIdQuery;
import org.apache.pekko.persistence.query.scaladsl.CurrentPersistenceIdsQuery;
import org.apache.pekko.stream.scaladsl.Source;
import org.raftactors.persistence.rocksdb.RocksDbStores;

/** The read journal for Scala; see the one for Java. */
public final class RocksDbReadJournal
    implements CurrentEventsByPersistenceIdQuery, CurrentPersistenceIdsQuery {

  /** The plugin id, for {@code PersistenceQuery.readJournalFor}. */
  public static final String IDENTIFIER = RocksDbStores.READ_JOURNAL_PLUGIN_ID;

  private final org.raftactors.persistence.rocksdb.query.javadsl.RocksDbReadJournal javadsl;

  /**
   * Called by the plugin.
   *
   * @param javadsl the same for Java
   */
  @InternalApi
  public RocksDbReadJournal(
      org.raftactors.persistence.rocksdb.query.javadsl.RocksDbReadJournal javadsl) {
    this.javadsl = javadsl;
  }

  /**
   * The events of a persistence id at the moment the stream starts.
   *
   * @param persistenceId whose events
   * @param fromSequenceNr the first one, inclusive
   * @param toSequenceNr the last one, inclusive
   * @return a stream that completes behind the last event
   */
  @Override
  public Source<EventEnvelope, NotUsed> currentEventsByPersistenceId(
      String persistenceId, long fromSequenceNr, long toSequenceNr) {
    return javadsl
        .currentEventsByPersistenceId(persistenceId, fromSequenceNr, toSequenceNr)
        .asScala();
  }

  /**
   * The persistence ids that have written events.
   *
   * @return a stream that completes behind the last persistence id
   */
  @Override
  public Source<String, NotUsed> currentPersistenceIds() {
    return javadsl.currentPersistenceIds().asScala();
  }
}
