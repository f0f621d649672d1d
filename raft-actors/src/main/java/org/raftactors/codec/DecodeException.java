package org.raftactors.codec;

/**
 * Bytes that are not what they should be: damaged, cut off, of an unknown version, or never ours.
 * The only exception that decoding throws.
 */
public final class DecodeException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /**
   * A refusal of bytes.
   *
   * @param message what was expected and what was found
   */
  public DecodeException(String message) {
    super(message);
  }

  /**
   * A refusal of bytes that something else refused first.
   *
   * @param message what was being decoded
   * @param cause what refused them
   */
  public DecodeException(String message, Throwable cause) {
    super(message, cause);
  }
}
