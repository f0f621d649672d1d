package org.raftactors.actor;

/** The time, so that tests can have their own. */
public interface ReplicaClock {

  /**
   * Monotonic time, for every duration.
   *
   * @return nanoseconds since some moment, at least 0
   */
  long nanos();

  /**
   * The time of day, for the timestamps of entries only.
   *
   * @return milliseconds since 1970
   */
  long wallClockMillis();

  /**
   * The machine's clocks.
   *
   * @return a clock that all replicas of a process share
   */
  static ReplicaClock ofSystem() {
    return SystemClock.INSTANCE;
  }
}
