package org.raftactors;

import java.time.Duration;

/** How fresh a read must be. */
public sealed interface ReadLevel {

  /**
   * Sees every write that was acknowledged before the read began. Costs a round of messages to a
   * majority, not a log entry.
   */
  ReadLevel LINEARIZABLE = new Linearizable();

  /**
   * Whatever this replica has applied, provided that it has caught up with its leader within the
   * given time; otherwise it rejects the read as {@link RejectReason#UNAVAILABLE}. A follower hears
   * of its leader about once in a heartbeat: less than that can hardly be met. The time counts from
   * when the replica handled the leader's message; by how much a slow network or a pause of its
   * process made that message older, it cannot know.
   *
   * @param maxLag how old the state may be, at least zero
   * @return the level
   */
  static ReadLevel stale(Duration maxLag) {
    return new Stale(maxLag);
  }

  /** See {@link #LINEARIZABLE}. */
  record Linearizable() implements ReadLevel {}

  /**
   * See {@link #stale}.
   *
   * @param maxLag how old the state may be, at least zero
   */
  record Stale(Duration maxLag) implements ReadLevel {

    /**
     * Refuses a negative time.
     *
     * @param maxLag how old the state may be, at least zero
     */
    public Stale {
      if (maxLag.isNegative()) {
        throw new IllegalArgumentException("max lag " + maxLag + " must not be negative");
      }
    }
  }
}
