package org.raftactors.persistence.rocksdb.internal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/**
 * What the writer thread works with while the database is open: the batch under construction, the
 * positions of the persistence ids, and what follows from the batch once it is durable.
 */
final class WriterSession implements AutoCloseable {

  private final Database database;
  private final @Nullable HighWaterMark mark;
  private final PersistenceIdStates states;
  private final WriteBatch batch;
  private final byte[] scratchKey = new byte[StoreKeys.LENGTH];
  private final List<RangeReader.Range> deletedRanges = new ArrayList<>();
  private final long markIntervalNanos;
  private boolean markRequested;
  private boolean unmarked;
  private long unmarkedSince;
  private long nextId;
  private long records;
  private long bytes;
  private int writes;

  WriterSession(Database database, StoreSettings settings)
      throws RocksDBException, DamagedRecordException {
    this.database = database;
    this.states = new PersistenceIdStates(settings.maxCachedPersistenceIds());
    this.nextId = MetaTable.nextId(database);
    this.markIntervalNanos = settings.markInterval().toNanos();
    if (settings.sync()) {
      this.mark =
          HighWaterMark.open(
              database.directory(),
              database.identity(),
              database.rocks().getLatestSequenceNumber());
    } else {
      HighWaterMark.remove(database.directory());
      this.mark = null;
    }
    // Last, since nothing closes it when the mark refuses the store, which is tried again for ever.
    this.batch = new WriteBatch();
  }

  /** The mark has to follow at once. */
  void requestMark() {
    markRequested = true;
  }

  /** The batch is synced: the mark has to follow, sooner or later. */
  void committed() {
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

  void writeMark() throws IOException {
    markRequested = false;
    unmarked = false;
    if (mark != null) {
      mark.write(database.identity().storeId(), database.rocks().getLatestSequenceNumber());
    }
  }

  Database database() {
    return database;
  }

  WriteBatch batch() {
    return batch;
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

  void removeEntry(PersistenceIdState state) throws RocksDBException {
    batch.delete(database.meta(), StoreKeys.persistenceId(state.persistenceId));
    states.forget(state.persistenceId);
    writes++;
  }

  void putEvent(long id, long sequenceNr, byte[] record) throws RocksDBException {
    StoreKeys.write(scratchKey, id, sequenceNr);
    RecordCodec.seal(record, scratchKey);
    batch.put(database.journal(), scratchKey, record);
    records++;
    bytes += record.length;
  }

  void putSnapshot(long id, long sequenceNr, byte[] record) throws RocksDBException {
    StoreKeys.write(scratchKey, id, sequenceNr);
    RecordCodec.seal(record, scratchKey);
    batch.put(database.snapshots(), scratchKey, record);
    bytes += record.length;
    writes++;
  }

  void deleteSnapshot(long id, long sequenceNr) throws RocksDBException {
    StoreKeys.write(scratchKey, id, sequenceNr);
    batch.delete(database.snapshots(), scratchKey);
    deletedRanges.add(
        new RangeReader.Range(
            database.snapshots(), StoreKeys.of(id, sequenceNr), StoreKeys.after(id, sequenceNr)));
    writes++;
  }

  void deleteRange(RangeReader.Range range) throws RocksDBException {
    batch.deleteRange(range.columnFamily(), range.from(), range.until());
    deletedRanges.add(range);
    writes++;
  }

  void countWrite() {
    writes++;
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
