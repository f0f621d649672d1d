package org.raftactors;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Whether the texts in a CBOR document are UTF-8. Jackson reads more: halves of surrogate pairs,
 * for one, which it then refuses to write, so that a state machine could hold what no snapshot can.
 *
 * <p>Looks at the heads of the items, one after the other, whatever they are nested in. Where that
 * is no CBOR it stops: Jackson says what is wrong there.
 */
final class CborText {

  private static final int BYTES = 2;
  private static final int TEXT = 3;
  private static final int ARGUMENT = 0x1f;
  private static final int ONE_BYTE = 24;
  private static final int EIGHT_BYTES = 27;

  private CborText() {}

  /** Throws if a text in the document is not UTF-8. */
  static void check(byte[] bytes, int offset, int length) throws CharacterCodingException {
    int end = offset + length;
    for (int at = offset; at < end; ) {
      int kind = (bytes[at] & 0xff) >>> 5;
      int argument = bytes[at] & ARGUMENT;
      at++;
      long value = argument;
      if (argument >= ONE_BYTE && argument <= EIGHT_BYTES) {
        int size = 1 << (argument - ONE_BYTE);
        if (size > end - at) {
          return;
        }
        value = 0;
        for (int i = 0; i < size; i++) {
          value = value << 8 | (bytes[at++] & 0xff);
        }
      } else if (argument > EIGHT_BYTES) {
        continue; // the begin or the end of an item in pieces, which follow as items of their own
      }
      if (kind == BYTES || kind == TEXT) {
        if (value < 0 || value > end - at) {
          return;
        }
        if (kind == TEXT) {
          checkText(bytes, at, (int) value);
        }
        at += (int) value;
      }
    }
  }

  private static void checkText(byte[] bytes, int offset, int length)
      throws CharacterCodingException {
    for (int i = offset; i < offset + length; i++) {
      if (bytes[i] < 0) {
        var unused =
            StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(bytes, i, offset + length - i));
        return;
      }
    }
  }
}
