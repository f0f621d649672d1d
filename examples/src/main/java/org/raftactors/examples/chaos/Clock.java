package org.raftactors.examples.chaos;

/** The one clock of a run: monotonic nanoseconds since its start. */
final class Clock {

  private final long start = System.nanoTime();

  long now() {
    return System.nanoTime() - start;
  }

  long nowMillis() {
    return now() / 1_000_000;
  }
}
