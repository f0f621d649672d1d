package org.raftactors;

/**
 * Turns values into bytes and back. Encoding runs on the caller's thread, decoding on the state
 * machine's: a codec is used by many threads at once and keeps no state. Its format lives in the
 * log for as long as the log does.
 *
 * @param <T> the values
 */
public interface Codec<T> {

  /**
   * Encodes.
   *
   * @param value what to encode
   * @return fresh bytes that the codec does not touch again
   */
  byte[] encode(T value);

  /**
   * Decodes.
   *
   * @param bytes not to be changed
   * @param offset the first byte
   * @param length the number of bytes
   * @return the value
   * @throws IllegalArgumentException if the bytes are not of this codec's format
   */
  T decode(byte[] bytes, int offset, int length);
}
