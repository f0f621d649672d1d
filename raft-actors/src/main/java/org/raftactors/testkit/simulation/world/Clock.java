package org.raftactors.testkit.simulation.world;

import java.util.SplittableRandom;

/**
 * The clocks of one process: a monotonic one that is too fast or too slow, and a wrong wall clock.
 */
final class Clock {

  private static final long MILLION = 1_000_000;
  private static final long WALL_START_MILLIS = 1_000_000_000;
  private static final int WALL_ERROR_MILLIS = 3_600_000;

  private final long millionths;
  private long offset;
  private long wallOffset;

  Clock(int skew, SplittableRandom random) {
    millionths = skew == 0 ? MILLION : MILLION + random.nextInt(2 * skew + 1) - skew;
    offset = random.nextLong(MILLION);
    wallOffset = WALL_START_MILLIS + random.nextInt(2 * WALL_ERROR_MILLIS) - WALL_ERROR_MILLIS;
  }

  long local(long now) {
    return millionths == MILLION ? now + offset : now * millionths / MILLION + offset;
  }

  /** The first time at which the monotonic clock shows at least that. */
  long world(long local) {
    long since = local - offset;
    return millionths == MILLION ? since : (since * MILLION + millionths - 1) / millionths;
  }

  long wallMillis(long now) {
    return wallOffset + now / MILLION;
  }

  void jump(long nanos) {
    offset += nanos;
    wallOffset += nanos / MILLION;
  }
}
