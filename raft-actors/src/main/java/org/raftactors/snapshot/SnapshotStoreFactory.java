package org.raftactors.snapshot;

import java.io.IOException;
import org.apache.pekko.actor.typed.ActorSystem;
import org.raftactors.PartitionSettings;
import org.raftactors.ReplicaSpec;

/**
 * Makes the snapshot stores of replicas. {@code raft-actors.partition.snapshot-store} names a class
 * that implements this and has a public constructor without parameters.
 */
@FunctionalInterface
public interface SnapshotStoreFactory {

  /**
   * Opens the store of one replica. What it held before is there again. May block. While the
   * replica has its store open, others may be opened beside it that only read snapshots.
   *
   * @param system whose configuration may say more
   * @param settings of the partition, with {@link org.raftactors.SnapshotSettings#directory()}
   * @param spec the replica; stores of different replicas share nothing
   * @return the store, which belongs to the caller
   * @throws IOException if it cannot be opened
   * @throws IllegalArgumentException naming a setting that is wrong
   */
  SnapshotStore open(ActorSystem<?> system, PartitionSettings settings, ReplicaSpec spec)
      throws IOException;
}
