package org.raftactors.backup;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.zip.CRC32C;

/**
 * The bytes of a backup, all numbers little-endian.
 *
 * <pre>
 * preamble  magic (8 bytes), version (int), length of the header (int)
 * header    cluster id (int length, UTF-8), time of the beginning in milliseconds (long),
 *           number of partitions (int); what may follow in it is skipped
 * check     CRC32C of preamble and header (int)
 * frames    kind 0: nothing, to keep a connection alive while a snapshot is being taken
 *           kind 1 (byte), partition (long), size (long), CRC32C (int), and then the snapshot of
 *           that partition with so many bytes, as it is in its own file
 *           kind 126 (byte), length (int), UTF-8: why the backup was given up; the last one
 * trailer   kind 127 (byte), number of partitions, bytes of the whole file (longs),
 *           SHA-256 of everything up to here (32 bytes), CRC32C of the trailer (int)
 * </pre>
 *
 * <p>Partitions ascend. The checks of frames and trailer cover the header's check and the frame's
 * number too: one in another place, or in another file, does not pass.
 */
final class BackupFormat {

  static final int VERSION = 1;

  static final int PREAMBLE_BYTES = 8 + 4 + 4;
  static final int CHECK_BYTES = 4;
  static final int SECTION_BYTES = 1 + 8 + 8 + 4;
  static final int TRAILER_BYTES = 1 + 8 + 8 + 32 + 4;

  static final byte NOTHING = 0;
  static final byte SECTION = 1;
  static final byte GIVEN_UP = 126;
  static final byte TRAILER = 127;

  static final int MAX_HEADER_BYTES = 1 << 20;
  static final int MAX_REASON_BYTES = 1 << 12;

  static final byte[] MAGIC = "RaftBkup".getBytes(StandardCharsets.US_ASCII);

  private BackupFormat() {}

  static ByteBuffer allocate(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Preamble, header and check. */
  static ByteBuffer header(String clusterId, long createdAtMillis, int partitions) {
    byte[] cluster = clusterId.getBytes(StandardCharsets.UTF_8);
    int length = 4 + cluster.length + 8 + 4;
    ByteBuffer out = allocate(PREAMBLE_BYTES + length + CHECK_BYTES);
    out.put(MAGIC).putInt(VERSION).putInt(length);
    out.putInt(cluster.length).put(cluster).putLong(createdAtMillis).putInt(partitions);
    CRC32C crc = new CRC32C();
    crc.update(out.duplicate().flip());
    out.putInt((int) crc.getValue());
    return out.flip();
  }

  /** What stands before a snapshot. */
  static ByteBuffer section(int headerCheck, long number, long partition, long size) {
    ByteBuffer out = allocate(SECTION_BYTES);
    out.put(SECTION).putLong(partition).putLong(size);
    out.putInt(checkOf(headerCheck, number, out.duplicate().flip()));
    return out.flip();
  }

  static ByteBuffer givenUp(String reason) {
    byte[] text = reason.getBytes(StandardCharsets.UTF_8);
    int length = Math.min(text.length, MAX_REASON_BYTES);
    return allocate(1 + 4 + length).put(GIVEN_UP).putInt(length).put(text, 0, length).flip();
  }

  /** The first part of the trailer, which the hash covers. */
  static ByteBuffer counts(long sections, long bytesOfTheWhole) {
    return allocate(1 + 8 + 8).put(TRAILER).putLong(sections).putLong(bytesOfTheWhole).flip();
  }

  /** The rest of the trailer. */
  static ByteBuffer seal(int headerCheck, long sections, ByteBuffer counts, byte[] hash) {
    ByteBuffer all = allocate(TRAILER_BYTES).put(counts.duplicate()).put(hash);
    int check = checkOf(headerCheck, sections, all.duplicate().flip());
    return allocate(hash.length + CHECK_BYTES).put(hash).putInt(check).flip();
  }

  /** The check of a frame: what file it is in, and where, and what it says. */
  static int checkOf(int headerCheck, long number, ByteBuffer bytes) {
    CRC32C crc = new CRC32C();
    crc.update(allocate(12).putInt(headerCheck).putLong(number).flip());
    crc.update(bytes.duplicate());
    return (int) crc.getValue();
  }

  static MessageDigest newHash() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}
