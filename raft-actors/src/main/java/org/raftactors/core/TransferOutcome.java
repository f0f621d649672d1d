package org.raftactors.core;

/** How a request to hand over leadership ended. */
public enum TransferOutcome {
  /** Another replica leads, or a newer term has begun. */
  DONE,
  /** The target is this leader itself: nothing to do. */
  ALREADY_LEADER,
  /** This replica does not lead. */
  NOT_LEADER,
  /** The target is no voter, or there is no other voter. */
  NO_SUCH_VOTER,
  /** Another transfer is under way. */
  IN_PROGRESS,
  /** The target did not take over within an election timeout; this leader goes on. */
  TIMED_OUT
}
