package org.raftactors.persistence.rocksdb.query;

import com.typesafe.config.Config;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.persistence.query.ReadJournalProvider;
import org.raftactors.persistence.rocksdb.internal.QueryStore;

/** The read journal plugin, {@code raft-actors.persistence.rocksdb.query}; created by Pekko. */
public final class RocksDbReadJournalProvider implements ReadJournalProvider {

  private final org.raftactors.persistence.rocksdb.query.javadsl.RocksDbReadJournal javadsl;

  /**
   * Called by Pekko.
   *
   * @param system the actor system
   * @param config the plugin's section
   */
  public RocksDbReadJournalProvider(ExtendedActorSystem system, Config config) {
    this.javadsl =
        new org.raftactors.persistence.rocksdb.query.javadsl.RocksDbReadJournal(
            new QueryStore(system, config));
  }

  @Override
  public org.raftactors.persistence.rocksdb.query.javadsl.RocksDbReadJournal javadslReadJournal() {
    return javadsl;
  }

  @Override
  public org.raftactors.persistence.rocksdb.query.scaladsl.RocksDbReadJournal
      scaladslReadJournal() {
    return new org.raftactors.persistence.rocksdb.query.scaladsl.RocksDbReadJournal(javadsl);
  }
}
