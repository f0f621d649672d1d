package org.raftactors.core.log;

import org.raftactors.core.membership.Configuration;

/**
 * What the log stands on: the last entry that a snapshot replaces, and the configuration in force
 * there. A new partition stands on position zero and its initial configuration.
 *
 * @param position the last position that the snapshot includes
 * @param configuration the configuration as of that position
 */
public record SnapshotBase(LogPosition position, Configuration configuration) {

  /**
   * The base of a partition without history.
   *
   * @param initial the first configuration
   * @return the base at position zero
   */
  public static SnapshotBase initial(Configuration initial) {
    return new SnapshotBase(LogPosition.ZERO, initial);
  }
}
