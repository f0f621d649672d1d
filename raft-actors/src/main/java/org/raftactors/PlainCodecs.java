package org.raftactors;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Codecs for values that hardly need any. */
public final class PlainCodecs {

  /** Text as UTF-8. */
  public static final Codec<String> TEXT = new Text();

  /** Bytes as they are. */
  public static final Codec<byte[]> BYTES = new Bytes();

  private PlainCodecs() {}

  private static final class Text implements Codec<String> {

    @Override
    public byte[] encode(String value) {
      return value.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public String decode(byte[] bytes, int offset, int length) {
      try {
        // Reports what String's constructor would silently replace.
        return StandardCharsets.UTF_8
            .newDecoder()
            .decode(ByteBuffer.wrap(bytes, offset, length))
            .toString();
      } catch (CharacterCodingException e) {
        throw new IllegalArgumentException(length + " bytes are not UTF-8", e);
      }
    }
  }

  private static final class Bytes implements Codec<byte[]> {

    @Override
    public byte[] encode(byte[] value) {
      return value.clone();
    }

    @Override
    public byte[] decode(byte[] bytes, int offset, int length) {
      return Arrays.copyOfRange(bytes, offset, offset + length);
    }
  }
}
