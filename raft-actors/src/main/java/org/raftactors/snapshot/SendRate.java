package org.raftactors.snapshot;

/**
 * Spreads what is sent over time, for all senders of an actor system together: each part reserves
 * the time that it takes at the given rate, behind those before it. What was not used is lost, but
 * for a fifth of a second of it.
 */
final class SendRate {

  private static final long BURST_NANOS = 200_000_000;

  private final double nanosPerByte;
  private long reservedUntil;
  private boolean started;

  SendRate(long bytesPerSecond) {
    this.nanosPerByte = 1e9 / bytesPerSecond;
  }

  /**
   * Reserves.
   *
   * @param bytes to be sent
   * @param now monotonic time in nanoseconds, of any origin
   * @return nanoseconds to wait before they may be sent
   */
  synchronized long reserve(long bytes, long now) {
    if (!started || reservedUntil - now < -BURST_NANOS) {
      started = true;
      reservedUntil = now - BURST_NANOS;
    }
    long wait = Math.max(0, reservedUntil - now);
    reservedUntil += (long) (bytes * nanosPerByte);
    return wait;
  }
}
