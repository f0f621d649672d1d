package org.raftactors.cluster.client;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Exponential back-off with full jitter: many clients that failed together do not return together.
 */
final class BackOff {

  private final long min;
  private final long max;
  private final RandomGenerator random;
  private int failures;

  BackOff(Duration min, Duration max, RandomGenerator random) {
    this.min = min.toNanos();
    this.max = max.toNanos();
    this.random = random;
  }

  /** How often in a row it was asked for a pause. */
  int failures() {
    return failures;
  }

  void reset() {
    failures = 0;
  }

  /** The next pause in nanoseconds, at least the given one. */
  long next(Duration atLeast) {
    int doublings = Math.min(failures, 30);
    failures++;
    long bound = min << doublings >> doublings == min ? Math.min(max, min << doublings) : max;
    return Math.max(atLeast.toNanos(), random.nextLong(bound + 1));
  }
}
