package org.raftactors.actor;

/** The machine's clocks; time begins when the first replica of the process asks. */
enum SystemClock implements ReplicaClock {
  INSTANCE;

  /** Which may be negative, as readings of this clock are. */
  private final long base = System.nanoTime();

  @Override
  public long nanos() {
    return System.nanoTime() - base;
  }

  @Override
  public long wallClockMillis() {
    return System.currentTimeMillis();
  }
}
