package org.raftactors.persistence.rocksdb.internal;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.raftactors.persistence.rocksdb.RocksDbStoreException.Reason;

/**
 * What the meta column family keeps per persistence id: its number and what must outlive deleted
 * events. Bytes: version, number, flags (1 = has a journal), deleted to, highest sequence number at
 * that deletion, checksum of the last deleted event, CRC32C over key and value.
 *
 * @param id the number in the keys; from 1, never given twice
 * @param journaled whether it ever wrote an event, and not only a snapshot
 * @param deletedTo events up to this sequence number are deleted
 * @param highest the highest sequence number when events were deleted last
 * @param anchor checksum of the last deleted event, which the first one left must name as its
 *     predecessor; {@link RecordCodec#NO_PREDECESSOR} if none was deleted
 */
record IdEntry(long id, boolean journaled, long deletedTo, long highest, int anchor) {

  private static final byte VERSION = 2;
  private static final int FLAG_JOURNALED = 1;
  private static final int CHECKED_LENGTH =
      1 + Long.BYTES + 1 + Long.BYTES + Long.BYTES + Integer.BYTES;

  byte[] encode(byte[] key) {
    ByteBuffer buffer = ByteBuffer.allocate(CHECKED_LENGTH + Integer.BYTES);
    buffer.put(VERSION).putLong(id).put((byte) (journaled ? FLAG_JOURNALED : 0));
    buffer.putLong(deletedTo).putLong(highest).putInt(anchor);
    buffer.putInt(checksum(key, buffer.array()));
    return buffer.array();
  }

  static IdEntry decode(byte[] key, byte[] value) throws DamagedRecordException {
    if (value.length == 0 || value[0] != VERSION) {
      throw new DamagedRecordException(
          Reason.FORMAT,
          "its format version is %s, this library reads version %d"
              .formatted(value.length == 0 ? "missing" : Byte.toString(value[0]), VERSION));
    }
    ByteBuffer buffer = ByteBuffer.wrap(value);
    if (value.length < CHECKED_LENGTH + Integer.BYTES
        || buffer.getInt(CHECKED_LENGTH) != checksum(key, value)) {
      throw DamagedRecordException.of(
          StoreKeys.persistenceId(key), 0, "the checksum of its position does not match");
    }
    buffer.get();
    long id = buffer.getLong();
    boolean journaled = (buffer.get() & FLAG_JOURNALED) != 0;
    return new IdEntry(id, journaled, buffer.getLong(), buffer.getLong(), buffer.getInt());
  }

  private static int checksum(byte[] key, byte[] value) {
    CRC32C crc = new CRC32C();
    crc.update(key, 0, key.length);
    crc.update(value, 0, CHECKED_LENGTH);
    return (int) crc.getValue();
  }
}
