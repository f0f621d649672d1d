package org.raftactors.persistence.rocksdb.internal;

import org.rocksdb.RocksDBException;

/** Deletes all events and snapshots of a persistence id, and on demand the id itself. */
final class FullDeletion extends StoreTask<Void> {

  private final String persistenceId;
  private final boolean forget;

  FullDeletion(String persistenceId, boolean forget) {
    this.persistenceId = persistenceId;
    this.forget = forget;
  }

  @Override
  void stage(WriterSession session) throws RocksDBException {
    PersistenceIdState state = session.state(persistenceId);
    if (state.id == 0) {
      return;
    }
    EventDeletion.stage(session, state, Long.MAX_VALUE);
    session.deleteRange(SnapshotSelection.to(Long.MAX_VALUE).range(session.database(), state.id));
    if (forget) {
      session.removeEntry(state);
    }
  }
}
