package org.raftactors.persistence.rocksdb.internal;

import org.rocksdb.RocksDBException;

/**
 * A bounded piece of the snapshots of one persistence id, checked.
 *
 * @param next the sequence number to go on with
 * @param last whether there are no more
 */
record SnapshotCheck(long next, boolean last, long records, long bytes) {

  static SnapshotCheck read(
      Database database, String persistenceId, long id, long from, long maxBytes)
      throws RocksDBException, DamagedRecordException {
    Collector collector = new Collector(persistenceId, from, maxBytes);
    try {
      RangeReader.forward(
          database.rocks(),
          new RangeReader.Range(
              database.snapshots(), StoreKeys.of(id, from), StoreKeys.of(id + 1, 0)),
          0,
          collector);
    } catch (RocksDBException e) {
      if (StoreErrors.isCorruption(e)) {
        throw DamagedRecordException.of(
            persistenceId,
            collector.next,
            "a snapshot from sequence number %d on cannot be read: %s"
                .formatted(collector.next, e.getMessage()));
      }
      throw e;
    }
    return new SnapshotCheck(
        collector.next, collector.bytes < maxBytes, collector.records, collector.bytes);
  }

  private static final class Collector implements RangeReader.Visitor {
    private final String persistenceId;
    private final long maxBytes;
    private long next;
    private long records;
    private long bytes;

    Collector(String persistenceId, long from, long maxBytes) {
      this.persistenceId = persistenceId;
      this.maxBytes = maxBytes;
      this.next = from;
    }

    @Override
    public boolean visit(RangeReader.Cursor cursor) throws DamagedRecordException {
      byte[] key = cursor.key();
      byte[] value = cursor.value();
      long sequenceNr = StoreKeys.sequenceNr(key);
      try {
        RecordCodec.check(value, key);
      } catch (DamagedRecordException e) {
        throw e.at(persistenceId, "the snapshot of sequence number", sequenceNr);
      }
      next = sequenceNr + 1;
      records++;
      bytes += value.length;
      return bytes < maxBytes;
    }
  }
}
