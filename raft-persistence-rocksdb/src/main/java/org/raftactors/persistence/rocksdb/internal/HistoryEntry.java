package org.raftactors.persistence.rocksdb.internal;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.raftactors.persistence.rocksdb.RocksDbStoreException.Reason;

/**
 * What every batch says about the history of the store; the other half of the high-water mark.
 * Bytes: version, number and running hash of the batch, then number, batch and hash of the last
 * mark written before it, CRC32C.
 *
 * @param position where the history stands with the batch
 * @param marks how many marks were written before it; 0 if the store has none
 * @param marked what the last of them covers
 */
record HistoryEntry(StorePosition position, long marks, StorePosition marked) {

  static final HistoryEntry NONE = new HistoryEntry(StorePosition.START, 0, StorePosition.START);

  private static final byte VERSION = 1;
  private static final int CHECKED_LENGTH = 1 + 5 * Long.BYTES;

  byte[] encode() {
    ByteBuffer buffer = ByteBuffer.allocate(CHECKED_LENGTH + Integer.BYTES);
    buffer.put(VERSION).putLong(position.batch()).putLong(position.hash());
    buffer.putLong(marks).putLong(marked.batch()).putLong(marked.hash());
    return buffer.putInt(checksum(buffer.array())).array();
  }

  static HistoryEntry decode(byte[] value) throws DamagedRecordException {
    if (value.length == 0 || value[0] != VERSION) {
      throw new DamagedRecordException(
          Reason.FORMAT,
          "the format version of its history is %s, this library reads version %d"
              .formatted(value.length == 0 ? "missing" : Byte.toString(value[0]), VERSION));
    }
    ByteBuffer buffer = ByteBuffer.wrap(value);
    if (value.length < CHECKED_LENGTH + Integer.BYTES
        || buffer.getInt(CHECKED_LENGTH) != checksum(value)) {
      throw new DamagedRecordException(
          Reason.CORRUPTED, "the checksum of its history does not match");
    }
    buffer.get();
    StorePosition position = new StorePosition(buffer.getLong(), buffer.getLong());
    long marks = buffer.getLong();
    return new HistoryEntry(position, marks, new StorePosition(buffer.getLong(), buffer.getLong()));
  }

  private static int checksum(byte[] value) {
    CRC32C crc = new CRC32C();
    crc.update(value, 0, CHECKED_LENGTH);
    return (int) crc.getValue();
  }
}
