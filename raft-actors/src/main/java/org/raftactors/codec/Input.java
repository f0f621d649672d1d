package org.raftactors.codec;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/**
 * Reads one message, little-endian, from an array that belongs to it. Every length and count is
 * held against what is left before anything is allocated for it.
 */
final class Input {

  private final String what;
  private final byte[] bytes;
  private final ByteBuffer buffer;

  /**
   * Starts to read.
   *
   * @param what names the format in errors
   * @param bytes the whole message
   * @param version the only version that is understood
   */
  Input(String what, byte[] bytes, int version) {
    this.what = what;
    this.bytes = bytes;
    this.buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int found = getByte() & 0xff;
    if (found != version) {
      throw new DecodeException(
          what + " has format version " + found + ", this release reads version " + version);
    }
  }

  byte[] array() {
    return bytes;
  }

  int position() {
    return buffer.position();
  }

  int remaining() {
    return buffer.remaining();
  }

  byte getByte() {
    need(1);
    return buffer.get();
  }

  int getInt() {
    need(4);
    return buffer.getInt();
  }

  long getLong() {
    need(8);
    return buffer.getLong();
  }

  /** A number that is never below a bound in a message of ours. */
  long getLongAtLeast(long min, String name) {
    long value = getLong();
    if (value < min) {
      throw malformed(name + " is " + value + ", below " + min);
    }
    return value;
  }

  boolean getBoolean() {
    byte value = getByte();
    if (value != 0 && value != 1) {
      throw malformed("flag is " + value + ", neither 0 nor 1");
    }
    return value == 1;
  }

  /**
   * A count of things that follow.
   *
   * @param name of the things
   * @param minBytes what each of them takes at least
   * @return a count for which there is enough left
   */
  int getCount(String name, int minBytes) {
    int count = getInt();
    if (count < 0 || (long) count * minBytes > buffer.remaining()) {
      throw malformed(
          count + " " + name + " of " + minBytes + " bytes or more do not fit into what is left");
    }
    return count;
  }

  long[] getLongs(String name) {
    long[] values = new long[getCount(name, 8)];
    for (int i = 0; i < values.length; i++) {
      values[i] = buffer.getLong();
    }
    return values;
  }

  byte[] getBytes(String name) {
    byte[] copy = new byte[getCount("bytes of " + name, 1)];
    buffer.get(copy);
    return copy;
  }

  String getText(String name) {
    int length = getCount("bytes of " + name, 1);
    String text = new String(bytes, buffer.position(), length, StandardCharsets.UTF_8);
    skip(length);
    return text;
  }

  void skip(int length) {
    need(length);
    buffer.position(buffer.position() + length);
  }

  /** Compares the checksum that stands here with everything before it. */
  void checkHeader() {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, buffer.position());
    int stored = getInt();
    if (stored != (int) crc.getValue()) {
      throw malformed("its checksum does not fit");
    }
  }

  DecodeException malformed(String problem) {
    return new DecodeException(
        what
            + " is malformed at byte "
            + buffer.position()
            + " of "
            + bytes.length
            + ": "
            + problem);
  }

  private void need(int count) {
    if (count < 0 || buffer.remaining() < count) {
      throw malformed("cut off, " + count + " more bytes expected");
    }
  }
}
