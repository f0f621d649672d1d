package org.raftactors.persistence.rocksdb.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.rocksdb.RocksDBException;

/** Deletes the beginnings of journals but never their newest events; all or none of them. */
final class Compaction extends StoreTask<Void> {

  private final Map<String, Long> toSequenceNrs;

  Compaction(Map<String, Long> toSequenceNrs) {
    this.toSequenceNrs = Map.copyOf(toSequenceNrs);
  }

  @Override
  void stage(WriterSession session) throws RocksDBException {
    // All that can be refused is asked for before anything is changed.
    List<EventDeletion.Prepared> prepared = new ArrayList<>();
    toSequenceNrs.forEach(
        (persistenceId, to) -> {
          PersistenceIdState state = session.state(persistenceId);
          prepared.add(EventDeletion.prepare(session, state, Math.min(to, state.highest - 1)));
        });
    for (EventDeletion.Prepared each : prepared) {
      each.stage(session);
    }
  }
}
