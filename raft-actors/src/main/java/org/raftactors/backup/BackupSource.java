package org.raftactors.backup;

import java.util.List;
import java.util.concurrent.CompletionStage;
import org.raftactors.PartitionId;
import org.raftactors.snapshot.SnapshotStore;

/** What a backup is made of: a cluster as one of its nodes sees it. */
public interface BackupSource {

  /** {@return the cluster} */
  String clusterId();

  /** {@return all of its partitions, ascending} */
  List<PartitionId> partitions();

  /**
   * Has a snapshot taken that includes everything that was acknowledged before this call, and opens
   * it. Called for one partition after the other.
   *
   * @param partition one of {@link #partitions}
   * @return the bytes of the snapshot, which the caller closes; or a failure, whose message says
   *     why there is none
   */
  CompletionStage<SnapshotStore.Content> snapshot(PartitionId partition);
}
