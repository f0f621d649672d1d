package org.raftactors.examples.benchmark;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.raftactors.Codec;

/**
 * A command of the benchmark: bytes without meaning, of which the first eight are a number.
 * Decoding does not copy: the bytes are looked at while the command is applied, and then never
 * again.
 */
final class Sample {

  /** The smallest payload: the number alone. */
  static final int MIN_BYTES = Long.BYTES;

  static final Codec<Sample> CODEC =
      new Codec<>() {
        @Override
        public byte[] encode(Sample sample) {
          return sample.toArray();
        }

        @Override
        public Sample decode(byte[] bytes, int offset, int length) {
          if (length < MIN_BYTES) {
            throw new IllegalArgumentException(
                "a sample has at least " + MIN_BYTES + " bytes, not " + length);
          }
          return new Sample(bytes, offset, length);
        }
      };

  private final byte[] bytes;
  private final int offset;
  private final int length;

  private Sample(byte[] bytes, int offset, int length) {
    this.bytes = bytes;
    this.offset = offset;
    this.length = length;
  }

  /** Uses the array itself; each {@link #number(long)} changes it, each encoding copies it. */
  static Sample over(byte[] bytes) {
    return new Sample(bytes, 0, bytes.length);
  }

  Sample number(long number) {
    ByteBuffer.wrap(bytes, offset, length).putLong(number);
    return this;
  }

  long number() {
    return ByteBuffer.wrap(bytes, offset, length).getLong();
  }

  /** A copy of the bytes. */
  byte[] toArray() {
    return Arrays.copyOfRange(bytes, offset, offset + length);
  }

  long checksum(CRC32C crc) {
    crc.reset();
    crc.update(bytes, offset, length);
    return crc.getValue();
  }
}
