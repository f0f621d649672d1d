package org.raftactors.testkit.actors;

import org.raftactors.actor.ReplicaClock;

/**
 * A node's clocks: the monotonic one runs a bit fast or slow, and the time of day may be anything
 * and jump.
 */
final class NodeClock implements ReplicaClock {

  private static final long MONOTONIC_START = 1_000_000_000L;
  private static final long EPOCH_MILLIS = 1_700_000_000_000L;
  private static final long NANOS_PER_MILLI = 1_000_000;

  private final EventLoop loop;
  private final double rate;
  private long wallOffsetMillis;

  /**
   * A clock.
   *
   * @param rate of the monotonic clock, 1 for a correct one
   */
  NodeClock(EventLoop loop, double rate) {
    this.loop = loop;
    this.rate = rate;
  }

  /** The time of day jumps. */
  void jump(long millis) {
    wallOffsetMillis += millis;
  }

  @Override
  public long nanos() {
    return MONOTONIC_START + (long) (loop.now() * rate);
  }

  @Override
  public long wallClockMillis() {
    return EPOCH_MILLIS + wallOffsetMillis + loop.now() / NANOS_PER_MILLI;
  }
}
