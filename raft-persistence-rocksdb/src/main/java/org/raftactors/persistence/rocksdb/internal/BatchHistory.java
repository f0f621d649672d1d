package org.raftactors.persistence.rocksdb.internal;

import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/**
 * The history of a store as the writer thread extends it: numbers batches, runs the hash over them,
 * and puts both into every batch, so that the database and its mark can be compared. After a
 * failure it is read again from what is durable.
 */
final class BatchHistory {

  private StorePosition durable;
  private long hash;
  private long marks;
  private StorePosition marked;

  BatchHistory(HistoryEntry stored) {
    this.durable = stored.position();
    this.hash = stored.position().hash();
    this.marks = stored.marks();
    this.marked = stored.marked();
  }

  /** Something that the batch under construction changes. */
  void changes(long where, long what) {
    hash = StorePosition.fold(hash, where, what);
  }

  /** A range of keys that the batch under construction deletes. */
  void deletes(RangeReader.Range range) {
    changes(StoreKeys.id(range.from()), ~StoreKeys.sequenceNr(range.from()));
    changes(StoreKeys.id(range.until()), ~StoreKeys.sequenceNr(range.until()));
  }

  /** Completes a batch that is not empty. */
  void putInto(Database database, WriteBatch batch) throws RocksDBException {
    changes(durable.batch() + 1, 0);
    batch.put(database.meta(), StoreKeys.HISTORY, new HistoryEntry(next(), marks, marked).encode());
  }

  void committed() {
    durable = next();
  }

  private StorePosition next() {
    return new StorePosition(durable.batch() + 1, hash);
  }

  StorePosition durable() {
    return durable;
  }

  void marked(Mark mark) {
    marks = mark.count();
    marked = mark.position();
  }
}
