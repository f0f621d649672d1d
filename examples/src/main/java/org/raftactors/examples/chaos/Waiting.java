package org.raftactors.examples.chaos;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Waits for conditions, not for ever. */
final class Waiting {

  private static final long CEILING_NANOS = TimeUnit.SECONDS.toNanos(120);
  private static final long POLL_MILLIS = 100;

  private final CountDownLatch never = new CountDownLatch(1);

  /** Whether it came true within two minutes. */
  boolean until(String what, BooleanSupplier condition) throws InterruptedException {
    long end = System.nanoTime() + CEILING_NANOS;
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - end > 0) {
        System.err.println("chaos: waited two minutes in vain for " + what);
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
