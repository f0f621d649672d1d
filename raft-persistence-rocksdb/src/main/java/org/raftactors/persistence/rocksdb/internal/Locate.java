package org.raftactors.persistence.rocksdb.internal;

/**
 * Asks where the data of a persistence id is, behind all writes queued before. The number in the
 * answer is 0 if there are none.
 */
final class Locate extends StoreTask<IdEntry> {

  private final String persistenceId;

  Locate(String persistenceId) {
    this.persistenceId = persistenceId;
  }

  @Override
  boolean limited() {
    return false;
  }

  @Override
  void stage(WriterSession session) {
    result(session.state(persistenceId).toEntry());
  }
}
