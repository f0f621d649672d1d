package org.raftactors.examples.kv;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/** Reads what {@link FieldWriter} wrote; anything else is an {@link IllegalArgumentException}. */
final class FieldReader {

  private final String what;
  private final ByteBuffer in;
  private final int kind;

  private FieldReader(String what, ByteBuffer in) {
    this.what = what;
    this.in = in;
    int version = in.get();
    if (version != FieldWriter.VERSION) {
      throw malformed(
          "format version " + version + ", but only " + FieldWriter.VERSION + " is known");
    }
    this.kind = in.get();
  }

  /** Reads one value; {@code fields} gets a reader that stands behind the kind. */
  static <T> T read(
      String what, byte[] bytes, int offset, int length, Function<FieldReader, T> fields) {
    try {
      return fields.apply(new FieldReader(what, ByteBuffer.wrap(bytes, offset, length)));
    } catch (BufferUnderflowException e) {
      throw new IllegalArgumentException(what + ": cut off after " + length + " bytes", e);
    }
  }

  int kind() {
    return kind;
  }

  IllegalArgumentException malformed(String problem) {
    return new IllegalArgumentException(what + ": " + problem);
  }

  boolean bool() {
    int value = in.get();
    if (value != 0 && value != 1) {
      throw malformed("a truth value is " + value);
    }
    return value == 1;
  }

  long number() {
    return in.getLong();
  }

  String text() {
    String value = textOrNull();
    if (value == null) {
      throw malformed("a text is missing");
    }
    return value;
  }

  @Nullable String textOrNull() {
    ByteBuffer block = block();
    if (block == null) {
      return null;
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(block).toString();
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException(what + ": a text is not UTF-8", e);
    }
  }

  /** Copies: the array belongs to the log, which may hold it or let it go as a whole. */
  ByteString bytes() {
    ByteBuffer block = block();
    if (block == null) {
      throw malformed("bytes are missing");
    }
    return ByteString.fromByteBuffer(block);
  }

  private @Nullable ByteBuffer block() {
    int length = in.getInt();
    if (length == -1) {
      return null;
    }
    if (length < 0 || length > in.remaining()) {
      throw malformed("a field claims " + length + " of " + in.remaining() + " bytes");
    }
    ByteBuffer block = in.slice(in.position(), length);
    in.position(in.position() + length);
    return block;
  }
}
