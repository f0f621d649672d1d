package org.raftactors.testkit.simulation.check;

import java.util.Arrays;

/** A number for each term, 0 at first. */
final class Terms {

  private long[] values = new long[64];

  long get(long term) {
    return term < values.length ? values[(int) term] : 0;
  }

  void set(long term, long value) {
    if (term >= values.length) {
      values = Arrays.copyOf(values, Math.max((int) term + 1, values.length * 2));
    }
    values[(int) term] = value;
  }
}
