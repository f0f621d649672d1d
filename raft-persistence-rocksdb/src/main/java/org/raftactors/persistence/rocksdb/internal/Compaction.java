package org.raftactors.persistence.rocksdb.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.raftactors.persistence.rocksdb.RocksDbStoreException;
import org.rocksdb.RocksDBException;

/**
 * Deletes the beginnings of a few journals but never their newest events. The result is what kept
 * it from deleting one of them; the others are not concerned.
 */
final class Compaction extends StoreTask<List<RocksDbStoreException>> {

  private final Map<String, Long> toSequenceNrs;

  Compaction(Map<String, Long> toSequenceNrs) {
    this.toSequenceNrs = toSequenceNrs;
  }

  @Override
  void stage(WriterSession session) throws RocksDBException {
    List<RocksDbStoreException> failures = new ArrayList<>();
    for (Map.Entry<String, Long> each : toSequenceNrs.entrySet()) {
      EventDeletion.Prepared deletion;
      try {
        PersistenceIdState state = session.state(each.getKey());
        deletion =
            EventDeletion.prepare(session, state, Math.min(each.getValue(), state.highest - 1));
      } catch (RocksDbStoreException e) {
        failures.add(e);
        continue;
      }
      deletion.stage(session);
    }
    result(failures);
  }
}
