package org.raftactors.testkit.simulation.world;

import org.jspecify.annotations.Nullable;

/** One snapshot on its way to one follower, for one incarnation of a leader. */
final class Sending {

  final Shell owner;
  final int to;
  final long term;
  final long atLeastIndex;
  @Nullable SnapshotFile file;
  long heardAt;
  boolean ended;

  Sending(Shell owner, int to, long term, long atLeastIndex) {
    this.owner = owner;
    this.to = to;
    this.term = term;
    this.atLeastIndex = atLeastIndex;
  }

  /** Whether somebody still gives out what is asked for. */
  boolean isAlive() {
    return !ended && owner.node().runs(owner);
  }
}
