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
  /** It was applied, but the result codec could not encode what came out of it. */
  RESULT_LOST
}
