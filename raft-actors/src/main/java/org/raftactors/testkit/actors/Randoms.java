package org.raftactors.testkit.actors;

import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * One generator for each concern of a run, so that a change in one leaves the others as they are.
 */
final class Randoms {

  private final long seed;

  Randoms(long seed) {
    this.seed = seed;
  }

  /** The generator of a concern; each call gives a fresh one. */
  RandomGenerator of(String concern) {
    long name = 0;
    for (int i = 0; i < concern.length(); i++) {
      name = name * 1_000_003 + concern.charAt(i);
    }
    return new SplittableRandom(
        new SplittableRandom(seed).nextLong() ^ (name * 0x9e3779b97f4a7c15L));
  }

  /** A number between two, both included. */
  static long between(RandomGenerator random, long low, long high) {
    return low >= high ? low : random.nextLong(low, high + 1);
  }

  /** Mostly small numbers, rarely large ones: how delays are spread. */
  static long skewed(RandomGenerator random, long low, long high) {
    double drawn = random.nextDouble();
    return low + (long) ((high - low) * drawn * drawn * drawn);
  }

  static boolean chance(RandomGenerator random, double probability) {
    return probability > 0 && random.nextDouble() < probability;
  }
}
