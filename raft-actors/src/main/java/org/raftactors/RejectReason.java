package org.raftactors;

/**
 * Why a request was refused. Each of them means: it has not happened and never will, so it is safe
 * to try again.
 */
public enum RejectReason {
  /** The replica does not lead its partition; the rejection names the leader if it is known. */
  NOT_LEADER,
  /** Too much is under way; try again after the time that the rejection names. */
  OVERLOADED,
  /** The leader's disk has no room for new commands; it goes on by itself when there is some. */
  NO_SPACE,
  /** The replica is still reading its log. */
  RESTORING,
  /** The command is larger than {@code raft-actors.partition.max-entry-bytes}: do not try again. */
  TOO_LARGE,
  /**
   * The request cannot be served now: leadership is being handed over, storage stalls, the replica
   * has stopped, it is further behind than a stale read allows, or it cannot answer the query.
   */
  UNAVAILABLE
}
