package org.raftactors.testkit.simulation.world;

import java.util.SplittableRandom;

/**
 * Draws how long something takes: a least time and an even spread, which doubles with half of the
 * probability each time. Whole numbers only, so that every machine draws the same.
 */
final class Delay {

  private Delay() {}

  static long draw(SplittableRandom random, long min, long span, int tail) {
    long bits = random.nextLong();
    int doublings = Math.min(Long.numberOfTrailingZeros(bits), tail);
    return min + ((((bits >>> 33) * span) >>> 31) << doublings);
  }
}
