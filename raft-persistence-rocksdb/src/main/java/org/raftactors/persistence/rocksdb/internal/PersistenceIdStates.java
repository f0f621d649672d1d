package org.raftactors.persistence.rocksdb.internal;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;

/**
 * The positions of the persistence ids in use, read from the database at first use and dropped in
 * order of last use when there are too many. Used by the writer thread only.
 */
final class PersistenceIdStates {

  private static final int INITIAL_CAPACITY = 64;
  private static final float LOAD_FACTOR = 0.75f;

  private final int capacity;
  private final Map<String, PersistenceIdState> byPersistenceId =
      new LinkedHashMap<>(INITIAL_CAPACITY, LOAD_FACTOR, true);

  PersistenceIdStates(int capacity) {
    this.capacity = capacity;
  }

  PersistenceIdState get(Database database, String persistenceId)
      throws RocksDBException, DamagedRecordException {
    PersistenceIdState known = byPersistenceId.get(persistenceId);
    if (known != null) {
      return known;
    }
    PersistenceIdState loaded = load(database, persistenceId);
    byPersistenceId.put(persistenceId, loaded);
    return loaded;
  }

  /** Without reading it. */
  @Nullable PersistenceIdState peek(String persistenceId) {
    return byPersistenceId.get(persistenceId);
  }

  /** As if it never existed; the database says otherwise until the batch is written. */
  void forget(String persistenceId) {
    byPersistenceId.put(persistenceId, new PersistenceIdState(persistenceId, null));
  }

  /** After a failure nothing staged counts: everything is read again from what is durable. */
  void clear() {
    byPersistenceId.clear();
  }

  /** Only between batches: a state may be ahead of the database until its batch is written. */
  void trim() {
    Iterator<PersistenceIdState> eldestFirst = byPersistenceId.values().iterator();
    for (int excess = byPersistenceId.size() - capacity; excess > 0; excess--) {
      eldestFirst.next();
      eldestFirst.remove();
    }
  }

  private static PersistenceIdState load(Database database, String persistenceId)
      throws RocksDBException, DamagedRecordException {
    IdEntry entry = MetaTable.entry(database, persistenceId);
    if (entry == null) {
      return new PersistenceIdState(persistenceId, null);
    }
    JournalEnd end = JournalEnd.read(database, persistenceId, entry);
    PersistenceIdState state = new PersistenceIdState(persistenceId, end.writerUuid());
    state.id = entry.id();
    state.journaled = entry.journaled();
    state.deletedTo = entry.deletedTo();
    state.anchor = entry.anchor();
    state.highest = end.entry().highest();
    state.lastChecksum = end.lastChecksum();
    return state;
  }
}
