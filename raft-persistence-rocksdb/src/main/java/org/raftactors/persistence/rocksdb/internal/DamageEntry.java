package org.raftactors.persistence.rocksdb.internal;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.zip.CRC32C;
import org.raftactors.persistence.rocksdb.JournalDamage;
import org.raftactors.persistence.rocksdb.RocksDbStoreException.Reason;

/**
 * How damage of a persistence id is remembered in the meta column family. Bytes: version, CRC32C of
 * key and rest, sequence number, milliseconds since 1970, detail as UTF-8 to the end.
 */
final class DamageEntry {

  private static final byte VERSION = 1;
  private static final int CHECKED_AT = 1 + Integer.BYTES;
  private static final int DETAIL_AT = CHECKED_AT + 2 * Long.BYTES;

  private DamageEntry() {}

  static byte[] encode(byte[] key, JournalDamage damage) {
    byte[] detail = damage.detail().getBytes(UTF_8);
    ByteBuffer buffer = ByteBuffer.allocate(DETAIL_AT + detail.length);
    buffer.put(VERSION).putInt(0).putLong(damage.sequenceNr());
    buffer.putLong(damage.found().toEpochMilli()).put(detail);
    return buffer.putInt(1, checksum(key, buffer.array())).array();
  }

  static JournalDamage decode(byte[] key, byte[] value) throws DamagedRecordException {
    if (value.length == 0 || value[0] != VERSION) {
      throw new DamagedRecordException(
          Reason.FORMAT,
          "the format version of a note of damage is %s, this library reads version %d"
              .formatted(value.length == 0 ? "missing" : Byte.toString(value[0]), VERSION));
    }
    ByteBuffer buffer = ByteBuffer.wrap(value);
    if (value.length < DETAIL_AT || buffer.getInt(1) != checksum(key, value)) {
      throw new DamagedRecordException(
          Reason.CORRUPTED, "the checksum of a note of damage does not match");
    }
    buffer.position(CHECKED_AT);
    long sequenceNr = buffer.getLong();
    Instant found = Instant.ofEpochMilli(buffer.getLong());
    return new JournalDamage(
        StoreKeys.persistenceId(key),
        sequenceNr,
        new String(value, DETAIL_AT, value.length - DETAIL_AT, UTF_8),
        found);
  }

  private static int checksum(byte[] key, byte[] value) {
    CRC32C crc = new CRC32C();
    crc.update(key, 0, key.length);
    crc.update(value, CHECKED_AT, value.length - CHECKED_AT);
    return (int) crc.getValue();
  }
}
