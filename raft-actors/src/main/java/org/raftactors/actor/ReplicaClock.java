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
   * @return a clock that starts at 0 now
   */
  static ReplicaClock ofSystem() {
    long base = System.nanoTime(); // which may be negative
    return new ReplicaClock() {
      @Override
      public long nanos() {
        return System.nanoTime() - base;
      }

      @Override
      public long wallClockMillis() {
        return System.currentTimeMillis();
      }
    };
  }
}
