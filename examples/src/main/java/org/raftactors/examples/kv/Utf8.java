package org.raftactors.examples.kv;

import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/** Strict UTF-8: what is not well formed is noticed instead of being replaced. */
final class Utf8 {

  private Utf8() {}

  /** The text, or null if the bytes are none. */
  static @Nullable String decode(ByteString bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(bytes.asByteBuffer()).toString();
    } catch (CharacterCodingException notText) {
      return null;
    }
  }

  /** Whether the text has a UTF-8 form, that is, no half of a surrogate pair. */
  static boolean isWellFormed(String text) {
    return StandardCharsets.UTF_8.newEncoder().canEncode(text);
  }

  /** The number of bytes of a well-formed text. */
  static int length(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }
}
