package org.raftactors.core;

/** Why something was refused: it has not happened and never will. */
public enum Refusal {
  /** This replica does not lead. */
  NOT_LEADER,
  /** Too much is under way: uncommitted bytes, unapplied bytes, or waiting reads. */
  OVERLOADED,
  /** Leadership is being handed over. */
  TRANSFERRING,
  /** The entry is larger than the limit. */
  TOO_LARGE,
  /** The replica's disk does not answer. */
  STORAGE_STALLED,
  /** The replica stops. */
  STOPPED
}
