package org.raftactors.snapshot;

import java.util.OptionalLong;
import org.raftactors.PartitionId;
import org.raftactors.core.log.SnapshotBase;

/**
 * What a snapshot says about itself. The label is exact: the state is that after the entry at its
 * position, not a later one.
 *
 * @param clusterId the cluster that it belongs to
 * @param partition the partition whose state it is
 * @param base the last position that the state includes, and the configuration in force there
 * @param timestampMillis the leader's time of the entry at that position; what comes later in the
 *     log must not be earlier
 * @param digest the {@link AppliedDigest} at that position, empty if it is not known
 */
public record SnapshotHeader(
    String clusterId,
    PartitionId partition,
    SnapshotBase base,
    long timestampMillis,
    OptionalLong digest) {

  /**
   * Refuses a snapshot of nothing.
   *
   * @param clusterId the cluster that it belongs to
   * @param partition the partition whose state it is
   * @param base the last position that the state includes
   * @param timestampMillis the leader's time of the entry there
   * @param digest of what was applied
   */
  public SnapshotHeader {
    if (base.position().index() < 1 || base.position().term() < 1) {
      throw new IllegalArgumentException("there is no snapshot at " + base.position());
    }
  }
}
