package org.raftactors.persistence.rocksdb.internal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.raftactors.persistence.rocksdb.JournalDamage;
import org.raftactors.persistence.rocksdb.StorePressure;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/**
 * What the writer thread works with while the database is open: the batch under construction, the
 * positions of the persistence ids, and what follows from the batch once it is durable.
 */
final class WriterSession implements AutoCloseable {

  private final Database database;
  private final StoreSettings settings;
  private final FreeSpace freeSpace;
  private final BatchHistory history;
  private final @Nullable HighWaterMark mark;
  private final PersistenceIdStates states;
  private final WriteBatch batch;
  private final byte[] scratchKey = new byte[StoreKeys.LENGTH];
  private final List<RangeReader.Range> deletedRanges = new ArrayList<>();
  private final List<JournalWrite> stagedWrites = new ArrayList<>();
  private final List<String> forgotten = new ArrayList<>();
  private final long markIntervalNanos;
  private boolean markRequested;
  private boolean unmarked;
  private long unmarkedSince;
  private long nextId;
  private long records;
  private long bytes;
  private int writes;

  WriterSession(Database database, StoreSettings settings, FreeSpace freeSpace)
      throws RocksDBException, DamagedRecordException {
    this.database = database;
    this.settings = settings;
    this.freeSpace = freeSpace;
    this.states = new PersistenceIdStates(settings.maxCachedPersistenceIds());
    this.nextId = MetaTable.nextId(database);
    this.markIntervalNanos = settings.markInterval().toNanos();
    HistoryEntry stored = MetaTable.history(database);
    if (settings.sync()) {
      this.history = new BatchHistory(stored);
      this.mark =
          HighWaterMark.open(
              database.directory(), settings.markDirectory(), database.identity(), stored);
      history.marked(mark.last());
    } else {
      // First the database forgets that it had a mark: its absence is no loss from then on.
      HistoryEntry unmarked = new HistoryEntry(stored.position(), 0, StorePosition.START);
      MetaTable.putHistory(database, unmarked);
      HighWaterMark.remove(database.directory(), settings.markDirectory());
      this.history = new BatchHistory(unmarked);
      this.mark = null;
    }
    // Last, since nothing closes it when the mark refuses the store, which is tried again for ever.
    this.batch = new WriteBatch();
  }

  /** The mark has to follow at once. */
  void requestMark() {
    markRequested = true;
  }

  /** The last thing that goes into a batch. */
  void complete() throws RocksDBException {
    history.putInto(database, batch);
  }

  /** The batch is synced: the mark has to follow, sooner or later. */
  void committed() {
    history.committed();
    if (!unmarked) {
      unmarked = true;
      unmarkedSince = System.nanoTime();
    }
  }

  /** How long the mark may still wait; 0 if it is due, the maximum if there is nothing to mark. */
  long nanosUntilMark() {
    if (markRequested) {
      return 0;
    }
    return mark == null || !unmarked
        ? Long.MAX_VALUE
        : Math.max(0, markIntervalNanos - (System.nanoTime() - unmarkedSince));
  }

  void writeMark(boolean clean) throws IOException {
    markRequested = false;
    unmarked = false;
    if (mark != null) {
      mark.write(history.durable(), clean);
      history.marked(mark.last());
    }
  }

  /** Whether a crash or a failure, and not a stop, ended the time before; also if unknown. */
  boolean afterUncleanStop() {
    return mark != null && !mark.cleanBefore();
  }

  Database database() {
    return database;
  }

  WriteBatch batch() {
    return batch;
  }

  /** Refuses a write while the disk has too little room for it; before it changes anything. */
  void refuseWithoutSpace(boolean mayUseReserve) {
    StorePressure pressure = freeSpace.pressure();
    if (pressure == StorePressure.FULL
        || (pressure == StorePressure.RESERVED_ONLY && !mayUseReserve)) {
      throw StoreErrors.reserved(settings);
    }
  }

  /** Where a persistence id stands; an error of reading it concerns the task that asks, only. */
  PersistenceIdState state(String persistenceId) {
    return database.read(
        "the position of persistence id " + persistenceId, db -> states.get(db, persistenceId));
  }

  /** Gives a persistence id its number, and notes whether it has a journal; both durably. */
  void register(PersistenceIdState state, boolean journaled) throws RocksDBException {
    if (state.id != 0 && (state.journaled || !journaled)) {
      return;
    }
    if (state.id == 0) {
      state.id = nextId++;
      batch.put(database.meta(), StoreKeys.NEXT_ID, MetaTable.number(nextId));
    }
    state.journaled |= journaled;
    saveEntry(state);
  }

  void saveEntry(PersistenceIdState state) throws RocksDBException {
    byte[] key = StoreKeys.persistenceId(state.persistenceId);
    batch.put(database.meta(), key, state.toEntry().encode(key));
  }

  /** The number of a persistence id, also of a damaged one; 0 if it has none. */
  long number(String persistenceId) {
    PersistenceIdState known = states.peek(persistenceId);
    if (known != null) {
      return known.id;
    }
    IdEntry entry =
        database
            .read(
                "the number of persistence id " + persistenceId,
                db -> Optional.ofNullable(MetaTable.entry(db, persistenceId)))
            .orElse(null);
    return entry == null ? 0 : entry.id();
  }

  void removeEntry(String persistenceId) throws RocksDBException {
    batch.delete(database.meta(), StoreKeys.persistenceId(persistenceId));
    batch.delete(database.meta(), StoreKeys.damage(persistenceId));
    states.forget(persistenceId);
    forgotten.add(persistenceId);
    writes++;
  }

  void putDamage(JournalDamage damage) throws RocksDBException {
    byte[] key = StoreKeys.damage(damage.persistenceId());
    batch.put(database.meta(), key, DamageEntry.encode(key, damage));
  }

  /** Persistence ids that the batch forgets. */
  List<String> forgotten() {
    return List.copyOf(forgotten);
  }

  /** Appends to the chain of a journal; gives the checksum of its new last record. */
  int putEvent(PersistenceIdState state, long sequenceNr, byte[] record, int preceding)
      throws RocksDBException {
    StoreKeys.write(scratchKey, state.id, sequenceNr);
    int checksum = RecordCodec.seal(record, scratchKey, preceding);
    batch.put(database.journal(), scratchKey, record);
    history.changes(state.id, checksum);
    records++;
    bytes += record.length;
    return checksum;
  }

  void putSnapshot(long id, long sequenceNr, byte[] record) throws RocksDBException {
    StoreKeys.write(scratchKey, id, sequenceNr);
    history.changes(id, RecordCodec.seal(record, scratchKey, RecordCodec.NO_PREDECESSOR));
    batch.put(database.snapshots(), scratchKey, record);
    bytes += record.length;
    writes++;
  }

  void deleteSnapshot(long id, long sequenceNr) throws RocksDBException {
    StoreKeys.write(scratchKey, id, sequenceNr);
    batch.delete(database.snapshots(), scratchKey);
    history.changes(id, ~sequenceNr);
    deletedRanges.add(
        new RangeReader.Range(
            database.snapshots(), StoreKeys.of(id, sequenceNr), StoreKeys.after(id, sequenceNr)));
    writes++;
  }

  void deleteRange(RangeReader.Range range) throws RocksDBException {
    batch.deleteRange(range.columnFamily(), range.from(), range.until());
    history.deletes(range);
    deletedRanges.add(range);
    writes++;
  }

  /** A journal write is in the batch, complete. */
  void staged(JournalWrite write) {
    stagedWrites.add(write);
    writes++;
  }

  /**
   * The checksum of an event that is stored or in the batch, verified.
   *
   * @throws org.raftactors.persistence.rocksdb.RocksDbStoreException if it cannot be read
   */
  int checksum(PersistenceIdState state, long sequenceNr) {
    if (sequenceNr == state.highest) {
      return state.lastChecksum;
    }
    for (JournalWrite write : stagedWrites) {
      byte[] record = write.record(state.persistenceId, sequenceNr);
      if (record != null) {
        return RecordCodec.checksum(record);
      }
    }
    return database.read(
        "an event of persistence id " + state.persistenceId,
        db -> EventChecksum.read(db, state.persistenceId, state.id, sequenceNr));
  }

  boolean isEmpty() {
    return batch.count() == 0;
  }

  /** Ranges deleted by the batch, to be compacted once it is durable. */
  List<RangeReader.Range> deletedRanges() {
    return List.copyOf(deletedRanges);
  }

  void count(StoreCounters counters) {
    counters.written(writes, records, bytes);
  }

  /** Makes room for the next batch; the positions of the persistence ids stay. */
  void reset() {
    batch.clear();
    deletedRanges.clear();
    stagedWrites.clear();
    forgotten.clear();
    writes = 0;
    records = 0;
    bytes = 0;
    states.trim();
  }

  @Override
  public void close() {
    states.clear();
    batch.close();
    if (mark != null) {
      mark.close();
    }
  }
}
