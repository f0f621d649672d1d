package org.raftactors.persistence.rocksdb.internal;

import java.util.ArrayList;
import java.util.List;
import org.rocksdb.RocksDBException;

/** Deletes snapshots of a persistence id. */
final class SnapshotDeletion extends StoreTask<Void> {

  private final String persistenceId;
  private final SnapshotSelection selection;

  SnapshotDeletion(String persistenceId, SnapshotSelection selection) {
    this.persistenceId = persistenceId;
    this.selection = selection;
  }

  @Override
  void stage(WriterSession session) throws RocksDBException {
    PersistenceIdState state = session.state(persistenceId);
    if (state.id == 0 || selection.isEmpty()) {
      return;
    }
    RangeReader.Range range = selection.range(session.database(), state.id);
    if (selection.anyTime()) {
      session.deleteRange(range);
      return;
    }
    // What this batch has staged is not seen here; a snapshot that is being saved while others are
    // deleted by time survives, which is the safe side.
    for (long sequenceNr : matching(session.database(), range)) {
      session.deleteSnapshot(state.id, sequenceNr);
    }
  }

  private List<Long> matching(Database database, RangeReader.Range range) {
    List<Long> sequenceNrs = new ArrayList<>();
    byte[] prefix = new byte[RecordCodec.PREFIX_LENGTH];
    return database.read(
        "snapshots of persistence id " + persistenceId,
        db -> {
          RangeReader.forward(
              db.rocks(),
              range,
              0,
              cursor -> {
                cursor.valuePrefix(prefix);
                if (selection.matchesTime(RecordCodec.timestamp(prefix))) {
                  sequenceNrs.add(StoreKeys.sequenceNr(cursor.key()));
                }
                return true;
              });
          return sequenceNrs;
        });
  }
}
