package org.raftactors.core;

/** Why the outcome of a proposal is not known: it may or may not take effect. */
public enum Uncertainty {
  /** Leadership was lost while the entry was under way. */
  LEADERSHIP_LOST,
  /** Another entry stands at the index where the proposal's was (rule 8). */
  SUPERSEDED,
  /**
   * A snapshot that another replica took has the effect of the entry; what the entry's result was
   * nobody here knows.
   */
  APPLIED_BY_SNAPSHOT,
  /** The replica stops. */
  STOPPED
}
