package org.raftactors.actor;

/**
 * When a leader whose disk is full hands leadership over: some time after it has had to refuse a
 * proposal, and twice as long after that in its next leadership that begins so. Nobody knows
 * whether the others have room: where none has, leadership goes round, more slowly each time.
 *
 * <p>Kept by one incarnation of a replica, over its leaderships; forgotten when there is room.
 */
final class FullLeader {

  /** The longest wait, in first waits. */
  private static final long LONGEST = 256;

  private final long firstWait;
  private long wait;
  private long refusingInTerm = -1;
  private long dueAt;

  /**
   * Makes one.
   *
   * @param firstWait nanoseconds
   */
  FullLeader(long firstWait) {
    this.firstWait = firstWait;
    this.wait = firstWait;
  }

  /**
   * A proposal was refused.
   *
   * @param term in which this replica leads
   * @param now monotonic nanoseconds
   * @return whether leadership is to be handed over now
   */
  boolean isDue(long term, long now) {
    if (term != refusingInTerm) {
      refusingInTerm = term;
      dueAt = now + wait;
    }
    if (now - dueAt < 0) {
      return false;
    }
    wait = Math.min(2 * wait, LONGEST * firstWait);
    dueAt = now + wait; // if nobody takes it
    return true;
  }

  /** A proposal was not refused. */
  void hasRoom() {
    wait = firstWait;
    refusingInTerm = -1;
  }
}
