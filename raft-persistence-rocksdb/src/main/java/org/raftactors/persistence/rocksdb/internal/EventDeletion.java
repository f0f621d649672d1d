package org.raftactors.persistence.rocksdb.internal;

import org.rocksdb.RocksDBException;

/**
 * Deletes events up to a sequence number. The position outlives them: how far was deleted tells a
 * replay where to begin, the highest sequence number tells a recovery where to go on.
 */
final class EventDeletion extends StoreTask<Void> {

  private final String persistenceId;
  private final long toSequenceNr;

  EventDeletion(String persistenceId, long toSequenceNr) {
    this.persistenceId = persistenceId;
    this.toSequenceNr = toSequenceNr;
  }

  @Override
  void stage(WriterSession session) throws RocksDBException {
    stage(session, session.state(persistenceId), toSequenceNr);
  }

  static void stage(WriterSession session, PersistenceIdState state, long toSequenceNr)
      throws RocksDBException {
    long to = Math.min(toSequenceNr, state.highest);
    if (to <= state.deletedTo) {
      return;
    }
    int anchor = session.checksum(state, to);
    session.deleteRange(
        new RangeReader.Range(
            session.database().journal(),
            StoreKeys.of(state.id, state.deletedTo + 1),
            StoreKeys.after(state.id, to)));
    state.deletedTo = to;
    state.anchor = anchor;
    session.saveEntry(state);
  }
}
