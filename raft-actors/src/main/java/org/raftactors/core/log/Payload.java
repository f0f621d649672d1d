package org.raftactors.core.log;

import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * The encoded command of an entry: a slice of an array that nobody writes to any more, with the
 * checksum that its proposer computed. The slice is shared, never copied, from decoding to the
 * journal and the wire.
 *
 * @param bytes the array; not to be changed
 * @param offset the first byte of the slice
 * @param length the number of bytes
 * @param crc32c CRC32C of the slice
 */
@SuppressWarnings(
    "ArrayRecordComponent") // a shared slice on the hot path; compared by identity only
public record Payload(byte[] bytes, int offset, int length, int crc32c) {

  /** No bytes. */
  public static final Payload EMPTY = of(new byte[0]);

  /**
   * Wraps bytes and computes their checksum.
   *
   * @param bytes not to be changed afterwards
   * @return the payload over the whole array
   */
  public static Payload of(byte[] bytes) {
    return new Payload(bytes, 0, bytes.length, checksum(bytes, 0, bytes.length));
  }

  /**
   * Whether the bytes still are what the proposer encoded.
   *
   * @return true if the checksum fits
   */
  public boolean isIntact() {
    return checksum(bytes, offset, length) == crc32c;
  }

  /** {@return a copy of the bytes} */
  public byte[] toArray() {
    return Arrays.copyOfRange(bytes, offset, offset + length);
  }

  private static int checksum(byte[] bytes, int offset, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, offset, length);
    return (int) crc.getValue();
  }

  @Override
  public String toString() {
    return length + "B";
  }
}
