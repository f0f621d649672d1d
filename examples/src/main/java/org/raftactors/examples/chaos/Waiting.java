package org.raftactors.examples.chaos;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Waits for conditions, not for ever. */
final class Waiting {

  private static final long POLL_MILLIS = 100;

  private final CountDownLatch never = new CountDownLatch(1);
  private final int patienceSeconds;

  /**
   * A waiter.
   *
   * @param patienceSeconds after which a condition is given up
   */
  Waiting(int patienceSeconds) {
    this.patienceSeconds = patienceSeconds;
  }

  /** Whether it came true in time. */
  boolean until(String what, BooleanSupplier condition) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(patienceSeconds);
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - end > 0) {
        System.err.printf("chaos: waited %d s in vain for %s%n", patienceSeconds, what);
        return false;
      }
      pass(POLL_MILLIS);
    }
    return true;
  }

  /** Lets time pass. */
  void pass(long millis) throws InterruptedException {
    var unused = never.await(millis, TimeUnit.MILLISECONDS);
  }
}
