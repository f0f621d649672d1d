package org.raftactors.testkit.actors;

import java.util.Arrays;

/**
 * Bytes that can be a key.
 *
 * @param array not to be changed
 */
@SuppressWarnings("ArrayRecordComponent") // that is what it is for
record Bytes(byte[] array) {

  @Override
  public boolean equals(Object other) {
    return other instanceof Bytes bytes && Arrays.equals(array, bytes.array);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(array);
  }

  @Override
  public String toString() {
    return AppliedLog.text(array);
  }
}
