package org.raftactors.persistence.rocksdb.internal;

import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;

/**
 * The only place that iterates. An iterator of RocksDB that meets damage becomes invalid like one
 * that has reached the end: only its status tells, so it is asked here after every scan.
 */
final class RangeReader {

  /** The record that a scan stands at; valid during the visit. */
  interface Cursor {
    byte[] key();

    byte[] value();

    /** Copies the beginning of the value; returns how many bytes were copied. */
    int valuePrefix(byte[] target);
  }

  /** Looks at one record; returns whether to go on. */
  @FunctionalInterface
  interface Visitor {
    boolean visit(Cursor cursor) throws DamagedRecordException;
  }

  /**
   * A stretch of a column family.
   *
   * @param from the first key
   * @param until the key after the last one
   */
  @SuppressWarnings("ArrayRecordComponent") // Never compared; a defensive copy would cost.
  record Range(ColumnFamilyHandle columnFamily, byte[] from, byte[] until) {}

  private RangeReader() {}

  /** Visits the records of a range in ascending order. */
  static void forward(RocksDB db, Range range, long readAhead, Visitor visitor)
      throws RocksDBException, DamagedRecordException {
    scan(db, range, readAhead, false, visitor);
  }

  /** Visits the records of a range in descending order. */
  static void backward(RocksDB db, Range range, Visitor visitor)
      throws RocksDBException, DamagedRecordException {
    scan(db, range, 0, true, visitor);
  }

  private static void scan(
      RocksDB db, Range range, long readAhead, boolean descending, Visitor visitor)
      throws RocksDBException, DamagedRecordException {
    try (Slice lower = new Slice(range.from());
        Slice upper = new Slice(range.until());
        ReadOptions options =
            new ReadOptions()
                .setFillCache(false)
                .setReadaheadSize(readAhead)
                .setIterateLowerBound(lower)
                .setIterateUpperBound(upper);
        RocksIterator iterator = db.newIterator(range.columnFamily(), options)) {
      Cursor cursor = new IteratorCursor(iterator);
      if (descending) {
        iterator.seekToLast();
      } else {
        iterator.seekToFirst();
      }
      while (iterator.isValid() && visitor.visit(cursor)) {
        if (descending) {
          iterator.prev();
        } else {
          iterator.next();
        }
      }
      iterator.status();
    }
  }

  private record IteratorCursor(RocksIterator iterator) implements Cursor {
    @Override
    public byte[] key() {
      return iterator.key();
    }

    @Override
    public byte[] value() {
      return iterator.value();
    }

    @Override
    public int valuePrefix(byte[] target) {
      return Math.min(iterator.value(target), target.length);
    }
  }
}
