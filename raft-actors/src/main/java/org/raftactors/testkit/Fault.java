package org.raftactors.testkit;

/** What can go wrong in a simulation. Each run draws some of the kinds that are switched on. */
public enum Fault {
  /** Messages between replicas get lost. */
  LOST_MESSAGES,
  /** Messages between replicas arrive twice. */
  DUPLICATED_MESSAGES,
  /** Messages between replicas overtake each other. */
  REORDERED_MESSAGES,
  /** Replicas are cut off from each other: one way, both ways, or from all others. */
  CUTS,
  /** A process is killed, with what its disk had not answered there or not, and starts again. */
  CRASHES,
  /** A replica is stopped in an orderly way, and starts again. */
  STOPS,
  /** A process stands still for longer than an election timeout. */
  PAUSES,
  /** A write fails, and what it wrote is there or not; so does a read now and then. */
  FAILING_DISKS,
  /** A disk answers nothing for a while. */
  HANGING_DISKS,
  /** Clocks run fast or slow, and the time of day jumps. */
  CLOCKS,
  /** Leadership is handed over on request. */
  LEADERSHIP_TRANSFERS
}
