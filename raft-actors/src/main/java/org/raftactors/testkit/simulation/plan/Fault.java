package org.raftactors.testkit.simulation.plan;

/**
 * Something that goes wrong, and ends by itself.
 *
 * @param at when it begins
 * @param kind what it is
 * @param target the number of the replica that it hits, {@link #LEADER} for whoever leads then
 * @param duration how long it lasts
 * @param seed for what else it has to choose
 */
public record Fault(long at, Kind kind, int target, long duration, long seed) {

  /** Hits whoever leads. */
  public static final int LEADER = -1;

  /** What may go wrong. */
  public enum Kind {
    /** The process is killed, and started again. */
    CRASH(true),
    /** The replica is stopped in good order, and started again. */
    STOP(true),
    /** The power fails: all are killed, and started again. */
    POWER_LOSS(true),
    /** The process does not run. */
    PAUSE(true),
    /** The clock jumps ahead; the process has not noticed that it was suspended. */
    JUMP(true),
    /** No message reaches or leaves the replica. */
    ISOLATE(true),
    /**
     * For longer than others need for an election, messages from and to the replica are lost or
     * come late, and so do its timers: it does not notice. Meanwhile it is asked.
     */
    UNAWARE(true),
    /**
     * The replica is cut off until others have elected, and asked meanwhile; its disk hangs
     * perhaps. Soon after it is back, leadership is to be handed over to it.
     */
    DEPOSE(true),
    /**
     * Leadership is to be handed over, and while that is under way something happens to one of
     * both.
     */
    BROKEN_TRANSFER(true),
    /**
     * The replica falls silent, and all answers come later than others care to wait for their
     * election.
     */
    LATE_ELECTION(true),
    /** Leadership is handed over, and back; a part of all answers comes late, up to after that. */
    REELECTION(true),
    /** No message reaches the replica. */
    DEAF(true),
    /** No message leaves the replica. */
    MUTE(true),
    /** One link loses everything, in one direction. */
    CUT(true),
    /** Two sides that do not reach each other. */
    PARTITION(true),
    /** Two sides that reach the replica, but not each other. */
    BRIDGE(true),
    /** Each reaches its neighbours only. */
    RING(true),
    /** All links to the replica hold messages back until the end. */
    CLOG(true),
    /** The disk answers no write. */
    HANG(true),
    /** The disk takes ten times as long. */
    SLOW_DISK(true),
    /** The next write fails. */
    FAILED_SYNC(true),
    /** The state machine does nothing. */
    SLOW_MACHINE(true),
    /** Leadership is to be handed over. */
    TRANSFER(false);

    private final boolean harmful;

    Kind(boolean harmful) {
      this.harmful = harmful;
    }

    /** {@return whether it is a fault rather than a request} */
    public boolean isHarmful() {
      return harmful;
    }
  }

  @Override
  public String toString() {
    String who = target == LEADER ? "the leader" : "r" + (target + 1);
    return at / 1_000 + "us " + kind + " " + who + " for " + duration / 1_000 + "us";
  }
}
