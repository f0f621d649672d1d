package org.raftactors.codec;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * Writes one message, little-endian: either into a buffer of the transport, which is never given
 * another byte order, or into an array of its own that grows.
 */
final class Output {

  private ByteBuffer buffer;
  private final int start;
  private final boolean growing;

  private Output(ByteBuffer buffer, boolean growing) {
    this.buffer = buffer;
    this.start = buffer.position();
    this.growing = growing;
  }

  /**
   * Writes at the position of a buffer. The caller moves that position afterwards to {@link
   * #position()}.
   */
  static Output into(ByteBuffer transport) {
    // A duplicate has an order of its own: Artery writes its header in the same buffer.
    return new Output(transport.duplicate().order(ByteOrder.LITTLE_ENDIAN), false);
  }

  /** Writes into a fresh array; a hint that is exact saves the copy in {@link #toArray()}. */
  static Output ofSize(int hint) {
    return new Output(ByteBuffer.allocate(hint).order(ByteOrder.LITTLE_ENDIAN), true);
  }

  /** Writes a frame: the length of what follows, then that. A good hint saves copies. */
  static Output framed(int hint) {
    ByteBuffer frame = ByteBuffer.allocate(Integer.BYTES + hint).order(ByteOrder.LITTLE_ENDIAN);
    return new Output(frame.position(Integer.BYTES), true);
  }

  /** What {@link #framed} has begun, ready to be read. */
  ByteBuffer toFrame() {
    return buffer.putInt(0, buffer.position() - Integer.BYTES).flip();
  }

  int position() {
    return buffer.position();
  }

  @SuppressWarnings("ByteBufferBackingArray") // of a buffer that ofSize() allocated
  byte[] toArray() {
    byte[] array = buffer.array();
    return buffer.position() == array.length ? array : Arrays.copyOf(array, buffer.position());
  }

  void putByte(int value) {
    reserve(1);
    buffer.put((byte) value);
  }

  void putInt(int value) {
    reserve(4);
    buffer.putInt(value);
  }

  void putLong(long value) {
    reserve(8);
    buffer.putLong(value);
  }

  void putLongs(long[] values) {
    putInt(values.length);
    for (long value : values) {
      putLong(value);
    }
  }

  /** Bytes without a length before them. */
  void putRaw(byte[] bytes, int offset, int length) {
    reserve(length);
    buffer.put(bytes, offset, length);
  }

  void putBytes(byte[] bytes) {
    putInt(bytes.length);
    putRaw(bytes, 0, bytes.length);
  }

  void putText(String text) {
    putBytes(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Writes the checksum of everything since the start: no flipped bit in it goes unnoticed. */
  void putHeaderChecksum() {
    CRC32C crc = new CRC32C();
    ByteBuffer header = buffer.duplicate();
    header.flip().position(start);
    crc.update(header);
    putInt((int) crc.getValue());
  }

  private void reserve(int bytes) {
    if (growing && buffer.remaining() < bytes) {
      int needed = Math.addExact(buffer.position(), bytes);
      int doubled = (int) Math.min(Integer.MAX_VALUE - 8, 2L * buffer.capacity());
      ByteBuffer larger = ByteBuffer.allocate(Math.max(needed, doubled));
      buffer.flip();
      larger.order(ByteOrder.LITTLE_ENDIAN).put(buffer);
      buffer = larger;
    }
  }
}
