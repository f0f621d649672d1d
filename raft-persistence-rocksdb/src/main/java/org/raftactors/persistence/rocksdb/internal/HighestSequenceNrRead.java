package org.raftactors.persistence.rocksdb.internal;

/**
 * Asks for the highest sequence number at the beginning of a recovery. It is answered behind all
 * writes queued before it, and from then on those who wrote so far are replaced.
 */
final class HighestSequenceNrRead extends StoreTask<Long> {

  private final String persistenceId;

  HighestSequenceNrRead(String persistenceId) {
    this.persistenceId = persistenceId;
  }

  @Override
  boolean limited() {
    return false;
  }

  @Override
  void stage(WriterSession session) {
    PersistenceIdState state = session.state(persistenceId);
    state.recoveryBegins();
    result(state.highest);
  }
}
