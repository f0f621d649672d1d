package org.raftactors.persistence.rocksdb.internal;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.raftactors.persistence.rocksdb.RocksDbStoreException.Reason;

/**
 * The bytes of a journal record or snapshot, big endian:
 *
 * <pre>
 *  0  version        1 byte
 *  1  flags          1 byte: 1 metadata follows, 2 hole (no payload); others reserved
 *  2  checksum       4 bytes: CRC32C of (key, preceding, CRC32C of everything from byte 10 on and of 0, 1)
 *  6  preceding      4 bytes: the checksum of the record before it; 0 for snapshots and the first
 * 10  timestamp      8 bytes
 * 18  writer         2 bytes length, UTF-8
 *     event manifest 2 bytes length, UTF-8
 *     metadata       if flagged: as the payload
 *     payload        unless a hole: serializer id 4 bytes, manifest 2 bytes length and UTF-8,
 *                    4 bytes length, bytes
 * </pre>
 *
 * A reader skips bytes after the payload, and refuses versions and flags it does not know.
 *
 * <p>The checksum covers the key, so a record in another's place is noticed, and the checksum of
 * the record before it, so that a record of another history is noticed even under the right key. It
 * is made in two steps because key and predecessor are known on the writer thread only: {@link
 * #encode} runs over the record on the caller's thread, {@link #seal} over 24 bytes more.
 */
final class RecordCodec {

  static final byte VERSION = 2;

  private static final int FLAG_METADATA = 1;
  private static final int FLAG_HOLE = 2;
  private static final int FLAGS_KNOWN = FLAG_METADATA | FLAG_HOLE;

  private static final int FLAGS_AT = 1;
  private static final int CHECKSUM_AT = 2;
  private static final int PRECEDING_AT = 6;
  private static final int TIMESTAMP_AT = 10;
  private static final int WRITER_AT = 18;

  /** Enough of a record for {@link #checksum} and {@link #timestamp}. */
  static final int PREFIX_LENGTH = WRITER_AT;

  /** What the first record of a journal has in place of a predecessor's checksum. */
  static final int NO_PREDECESSOR = 0;

  /** Key, checksum of the predecessor, checksum of the body. */
  private static final int SEALED_LENGTH = StoreKeys.LENGTH + 2 * Integer.BYTES;

  private RecordCodec() {}

  /** Encodes a record; it has no valid checksum until {@link #seal}. */
  static byte[] encode(StoredRecord record) {
    byte[] writer = text(record.writerUuid());
    byte[] eventManifest = text(record.eventManifest());
    Payload payload = record.payload();
    Payload metadata = record.metadata();
    byte[] payloadManifest = payload == null ? null : text(payload.manifest());
    byte[] metadataManifest = metadata == null ? null : text(metadata.manifest());
    int length =
        WRITER_AT
            + Short.BYTES
            + writer.length
            + Short.BYTES
            + eventManifest.length
            + length(metadata, metadataManifest)
            + length(payload, payloadManifest);
    byte[] bytes = new byte[length];
    int flags = (metadata == null ? 0 : FLAG_METADATA) | (payload == null ? FLAG_HOLE : 0);
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    buffer.put(VERSION).put((byte) flags).putInt(0).putInt(0).putLong(record.timestamp());
    putText(buffer, writer);
    putText(buffer, eventManifest);
    put(buffer, metadata, metadataManifest);
    put(buffer, payload, payloadManifest);
    buffer.putInt(CHECKSUM_AT, bodyChecksum(bytes));
    return bytes;
  }

  /** Binds an encoded record to its key and predecessor, once; gives its checksum. */
  static int seal(byte[] record, byte[] key, int preceding) {
    ByteBuffer buffer = ByteBuffer.wrap(record);
    int checksum = checksum(key, preceding, buffer.getInt(CHECKSUM_AT));
    buffer.putInt(CHECKSUM_AT, checksum).putInt(PRECEDING_AT, preceding);
    return checksum;
  }

  /** Decodes the record found under a key. */
  static StoredRecord decode(byte[] record, byte[] key) throws DamagedRecordException {
    check(record, key);
    int flags = record[FLAGS_AT];
    ByteBuffer buffer = ByteBuffer.wrap(record).position(TIMESTAMP_AT);
    try {
      long timestamp = buffer.getLong();
      String writer = getText(buffer);
      String eventManifest = getText(buffer);
      Payload metadata = (flags & FLAG_METADATA) == 0 ? null : get(buffer);
      Payload payload = (flags & FLAG_HOLE) != 0 ? null : get(buffer);
      return new StoredRecord(timestamp, writer, eventManifest, payload, metadata);
    } catch (BufferUnderflowException | NegativeArraySizeException e) {
      throw damaged("its fields end beyond its " + record.length + " bytes");
    }
  }

  /** The checksum of a record, read from its first bytes without a check. */
  static int checksum(byte[] prefix) {
    return ByteBuffer.wrap(prefix).getInt(CHECKSUM_AT);
  }

  /** The checksum that the record before it must have, read without a check. */
  static int preceding(byte[] prefix) {
    return ByteBuffer.wrap(prefix).getInt(PRECEDING_AT);
  }

  /** The time stamp of a record, read from its first bytes without a check. */
  static long timestamp(byte[] prefix) {
    return ByteBuffer.wrap(prefix).getLong(TIMESTAMP_AT);
  }

  /** Checks the version and the checksum of the record found under a key. */
  static void check(byte[] record, byte[] key) throws DamagedRecordException {
    if (record.length < WRITER_AT) {
      throw damaged("it has " + record.length + " bytes only");
    }
    if (record[0] != VERSION) {
      throw new DamagedRecordException(
          Reason.FORMAT,
          "its format version is %d, this library reads version %d"
              .formatted(Byte.toUnsignedInt(record[0]), VERSION));
    }
    int stored = checksum(record);
    int computed = checksum(key, preceding(record), bodyChecksum(record));
    if (stored != computed) {
      throw damaged("its checksum is %08x instead of %08x".formatted(stored, computed));
    }
    if ((record[FLAGS_AT] & ~FLAGS_KNOWN) != 0) {
      throw new DamagedRecordException(
          Reason.FORMAT,
          "its flags %02x are unknown to this library: a later one wrote it"
              .formatted(record[FLAGS_AT]));
    }
  }

  private static DamagedRecordException damaged(String how) {
    return new DamagedRecordException(Reason.CORRUPTED, how);
  }

  private static int bodyChecksum(byte[] record) {
    CRC32C crc = new CRC32C();
    crc.update(record, 0, CHECKSUM_AT);
    crc.update(record, TIMESTAMP_AT, record.length - TIMESTAMP_AT);
    return (int) crc.getValue();
  }

  private static int checksum(byte[] key, int preceding, int bodyChecksum) {
    byte[] sealed =
        ByteBuffer.allocate(SEALED_LENGTH)
            .put(key, 0, StoreKeys.LENGTH)
            .putInt(preceding)
            .putInt(bodyChecksum)
            .array();
    CRC32C crc = new CRC32C();
    crc.update(sealed, 0, SEALED_LENGTH);
    return (int) crc.getValue();
  }

  private static byte[] text(String text) {
    byte[] utf8 = text.getBytes(UTF_8);
    if (utf8.length > 0xffff) {
      throw new IllegalArgumentException(
          "A manifest or writer name has "
              + utf8.length
              + " bytes; the record format has room for 65535.");
    }
    return utf8;
  }

  private static int length(@Nullable Payload payload, byte @Nullable [] manifest) {
    return payload == null || manifest == null
        ? 0
        : Integer.BYTES + Short.BYTES + manifest.length + Integer.BYTES + payload.bytes().length;
  }

  private static void put(
      ByteBuffer buffer, @Nullable Payload payload, byte @Nullable [] manifest) {
    if (payload != null && manifest != null) {
      buffer.putInt(payload.serializerId());
      putText(buffer, manifest);
      buffer.putInt(payload.bytes().length).put(payload.bytes());
    }
  }

  private static void putText(ByteBuffer buffer, byte[] utf8) {
    buffer.putShort((short) utf8.length).put(utf8);
  }

  private static Payload get(ByteBuffer buffer) {
    int serializerId = buffer.getInt();
    String manifest = getText(buffer);
    return new Payload(serializerId, manifest, getBytes(buffer, buffer.getInt()));
  }

  private static String getText(ByteBuffer buffer) {
    return new String(getBytes(buffer, Short.toUnsignedInt(buffer.getShort())), UTF_8);
  }

  private static byte[] getBytes(ByteBuffer buffer, int length) {
    if (length > buffer.remaining()) {
      throw new BufferUnderflowException();
    }
    byte[] bytes = new byte[length];
    buffer.get(bytes);
    return bytes;
  }
}
