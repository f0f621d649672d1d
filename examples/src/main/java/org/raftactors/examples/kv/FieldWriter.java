package org.raftactors.examples.kv;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * Writes the service's binary form: a byte for the version, a byte for the kind, then the fields in
 * order. Numbers are big-endian; text and bytes have their length, an int, before them, and absent
 * ones the length -1.
 */
final class FieldWriter {

  /** The only version so far. */
  static final int VERSION = 1;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream(64);

  FieldWriter(int kind) {
    out.write(VERSION);
    out.write(kind);
  }

  FieldWriter bool(boolean value) {
    out.write(value ? 1 : 0);
    return this;
  }

  FieldWriter number(long value) {
    out.writeBytes(ByteBuffer.allocate(Long.BYTES).putLong(value).array());
    return this;
  }

  FieldWriter text(@Nullable String value) {
    return block(value == null ? null : value.getBytes(StandardCharsets.UTF_8));
  }

  FieldWriter bytes(ByteString value) {
    return block(value.toArrayUnsafe());
  }

  private FieldWriter block(byte @Nullable [] value) {
    int length = value == null ? -1 : value.length;
    out.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(length).array());
    if (value != null) {
      out.writeBytes(value);
    }
    return this;
  }

  byte[] toBytes() {
    return out.toByteArray();
  }
}
