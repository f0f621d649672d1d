package org.raftactors.examples.chaos;

import java.util.List;

/**
 * How old the message can be from which a replica learned how far its leader is. A stale read's
 * bound counts from when that message was handled; what a fault held up may have been sent at the
 * beginning of the fault.
 */
final class Lateness {

  /** A machine with more processes than cores, slow connections, connections made again. */
  static final long GRACE_NANOS = 5_000_000_000L;

  private final List<Strike> strikes;

  Lateness(List<Strike> strikes) {
    this.strikes = List.copyOf(strikes);
  }

  /**
   * When the oldest message may have been sent that was handled between two times.
   *
   * @param from the earliest time that it can have been handled
   * @param to the latest
   */
  long oldest(long from, long to) {
    long oldest = from - GRACE_NANOS;
    boolean moved = true;
    while (moved) {
      moved = false;
      for (Strike strike : strikes) {
        // One that is not over yet lets nothing through.
        if (strike.ended() <= to && strike.ended() >= oldest && strike.began() < oldest) {
          oldest = strike.began();
          moved = true;
        }
      }
    }
    return oldest;
  }
}
