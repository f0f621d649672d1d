package org.raftactors.testkit.simulation.world;

import org.raftactors.core.log.SnapshotBase;

/**
 * What a snapshot holds: the registers, and the hash of all that was applied to them. Its content
 * never changes; whether it can be read is its disk's matter.
 *
 * @param base its label
 * @param timestampMillis of the last entry in it
 * @param registers the state, not to be changed
 * @param chain the hash of what was applied
 */
@SuppressWarnings("ArrayRecordComponent") // compared by hand
record SnapshotFile(SnapshotBase base, long timestampMillis, long[] registers, long chain) {

  long index() {
    return base.position().index();
  }

  /** Whether it is the same, whoever made it. */
  boolean isSameAs(SnapshotFile other) {
    return base.equals(other.base) && chain == other.chain;
  }
}
