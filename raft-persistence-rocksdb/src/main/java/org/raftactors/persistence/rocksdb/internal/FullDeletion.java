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
    if (forget) {
      forget(session);
      return;
    }
    PersistenceIdState state = session.state(persistenceId);
    if (state.id != 0) {
      EventDeletion.prepare(session, state, Long.MAX_VALUE).stage(session);
      deleteSnapshots(session, state.id);
    }
  }

  /** Without reading what is forgotten: it may be damaged. */
  private void forget(WriterSession session) throws RocksDBException {
    long id = session.number(persistenceId);
    if (id != 0) {
      session.deleteRange(
          new RangeReader.Range(
              session.database().journal(), StoreKeys.of(id, 0), StoreKeys.of(id + 1, 0)));
      deleteSnapshots(session, id);
      session.removeEntry(persistenceId);
    }
  }

  private static void deleteSnapshots(WriterSession session, long id) throws RocksDBException {
    session.deleteRange(SnapshotSelection.to(Long.MAX_VALUE).range(session.database(), id));
  }
}
