package org.raftactors.testkit.actors;

import java.util.Arrays;
import org.raftactors.Codec;

/**
 * Keeps the bytes of what it decoded last: of the command that is about to be applied, exactly as
 * it stands in the log.
 */
final class KeepingCodec<T> implements Codec<T> {

  private final Codec<T> codec;
  private byte[] last = new byte[0];

  KeepingCodec(Codec<T> codec) {
    this.codec = codec;
  }

  byte[] last() {
    return last;
  }

  @Override
  public byte[] encode(T value) {
    return codec.encode(value);
  }

  @Override
  public T decode(byte[] bytes, int offset, int length) {
    last = Arrays.copyOfRange(bytes, offset, offset + length);
    return codec.decode(bytes, offset, length);
  }
}
