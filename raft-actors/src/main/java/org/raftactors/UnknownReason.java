package org.raftactors;

/** Why the outcome of a proposal is not known. Trying again may apply it twice. */
public enum UnknownReason {
  /** The replica lost leadership while the proposal was under way. */
  LEADERSHIP_LOST,
  /** Another entry stands where the proposal's entry was; it may still come back by another way. */
  SUPERSEDED,
  /** The replica stopped while the proposal was under way. */
  STOPPED,
  /** No answer came within the caller's deadline. */
  TIMED_OUT,
  /**
   * It was applied, but what came out of it is lost: the result codec could not encode it, or the
   * replica that waited for it received a snapshot that another replica took later.
   */
  RESULT_LOST
}
