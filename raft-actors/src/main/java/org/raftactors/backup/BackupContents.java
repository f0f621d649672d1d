package org.raftactors.backup;

import java.util.List;
import org.raftactors.PartitionId;
import org.raftactors.core.log.LogPosition;

/**
 * What is in a backup, all of which was read and found good.
 *
 * @param label of the backup
 * @param parts one for each partition, ascending
 */
public record BackupContents(BackupLabel label, List<Part> parts) {

  /**
   * Copies the list.
   *
   * @param label of the backup
   * @param parts one for each partition
   */
  public BackupContents {
    parts = List.copyOf(parts);
  }

  /**
   * The snapshot of a partition.
   *
   * @param partition which
   * @param position of the last entry that it includes
   * @param sizeBytes of the snapshot
   */
  public record Part(PartitionId partition, LogPosition position, long sizeBytes) {}
}
