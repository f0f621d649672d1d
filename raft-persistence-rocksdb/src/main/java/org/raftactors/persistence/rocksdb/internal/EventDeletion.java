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
    prepare(session, session.state(persistenceId), toSequenceNr).stage(session);
  }

  /** Reads what it needs, which can fail; changes nothing. */
  static Prepared prepare(WriterSession session, PersistenceIdState state, long toSequenceNr) {
    long to = Math.min(toSequenceNr, state.highest);
    return to <= state.deletedTo
        ? new Prepared(state, state.deletedTo, state.anchor)
        : new Prepared(state, to, session.checksum(state, to));
  }

  /**
   * A deletion that nothing speaks against.
   *
   * @param anchor the checksum of the last event to delete
   */
  record Prepared(PersistenceIdState state, long to, int anchor) {

    void stage(WriterSession session) throws RocksDBException {
      if (to <= state.deletedTo) {
        return;
      }
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
}
