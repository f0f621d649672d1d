package org.raftactors.testkit.simulation.world;

/**
 * What a disk may do that no honest one does. With any of these a schedule must fail sooner or
 * later: that is how the checks themselves are checked.
 */
public enum Misbehaviour {
  /** None: an honest disk, which loses what was not synced and nothing else. */
  NONE,
  /** A write is reported as done, but is in a cache that a crash empties until the next one. */
  ACKNOWLEDGE_BEFORE_DURABLE,
  /** A start does not find the last write, though it was synced. */
  LOSE_LAST,
  /** A start does not find the vote. */
  FORGET_VOTE
}
