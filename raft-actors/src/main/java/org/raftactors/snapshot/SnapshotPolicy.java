package org.raftactors.snapshot;

import org.raftactors.SnapshotSettings;

/**
 * When the next snapshot is due by what was applied; that it is due by time, its taker knows.
 * Counts nothing itself.
 *
 * @param afterEntries how many entries are enough
 * @param afterBytes how many bytes of entries are enough
 * @param growth how much of the last snapshot's size the entries must have before they are enough
 */
public record SnapshotPolicy(long afterEntries, long afterBytes, double growth) {

  /**
   * The policy of a partition.
   *
   * @param settings of its snapshots
   * @return the policy
   */
  public static SnapshotPolicy of(SnapshotSettings settings) {
    return new SnapshotPolicy(settings.afterEntries(), settings.afterBytes(), settings.growth());
  }

  /**
   * Whether what was applied since the last snapshot is enough for the next one.
   *
   * @param entries applied since
   * @param bytes of those entries
   * @param lastSizeBytes the size of the last snapshot, 0 if there is none
   * @return true if the next one is due
   */
  public boolean isDue(long entries, long bytes, long lastSizeBytes) {
    return (entries >= afterEntries || bytes >= afterBytes) && bytes >= growth * lastSizeBytes;
  }
}
