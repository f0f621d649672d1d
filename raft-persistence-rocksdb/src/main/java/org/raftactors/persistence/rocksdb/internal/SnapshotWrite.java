package org.raftactors.persistence.rocksdb.internal;

import org.rocksdb.RocksDBException;

/** Stores a snapshot; one with the same sequence number is replaced. */
final class SnapshotWrite extends StoreTask<Void> {

  private final String persistenceId;
  private final long sequenceNr;
  private final byte[] record;

  SnapshotWrite(String persistenceId, long sequenceNr, byte[] record) {
    this.persistenceId = persistenceId;
    this.sequenceNr = sequenceNr;
    this.record = record;
  }

  @Override
  long bytes() {
    return (long) record.length + StoreKeys.LENGTH;
  }

  @Override
  void stage(WriterSession session) throws RocksDBException {
    session.refuseWithoutSpace(false);
    PersistenceIdState state = session.state(persistenceId);
    session.register(state, false);
    session.putSnapshot(state.id, sequenceNr, record);
  }
}
