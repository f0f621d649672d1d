package org.raftactors;

import java.util.List;
import org.raftactors.core.log.LogPosition;
import org.raftactors.core.membership.ReplicaId;

/**
 * Which replica an actor is.
 *
 * @param clusterId names the cluster; replicas of different clusters never talk to each other
 * @param partition the partition
 * @param self this replica
 * @param initialVoters the first configuration of the partition, the same for all its replicas;
 *     used only as long as the log has no other
 * @param beginning what the log of a new partition stands on: position zero; or, if the partition
 *     begins with a state from a backup, the position of that, which must be in the snapshot store
 *     of each replica before its first start. The same for all replicas and at each start
 */
public record ReplicaSpec(
    String clusterId,
    PartitionId partition,
    ReplicaId self,
    List<ReplicaId> initialVoters,
    LogPosition beginning) {

  /**
   * Of a partition that begins with nothing.
   *
   * @param clusterId not empty and without a bar
   * @param partition the partition
   * @param self this replica
   * @param initialVoters the first configuration of the partition
   */
  public ReplicaSpec(
      String clusterId, PartitionId partition, ReplicaId self, List<ReplicaId> initialVoters) {
    this(clusterId, partition, self, initialVoters, LogPosition.ZERO);
  }

  /**
   * Copies the voters.
   *
   * @param clusterId not empty and without a bar
   * @param partition the partition
   * @param self this replica
   * @param initialVoters the first configuration of the partition
   * @param beginning what its log stands on
   */
  public ReplicaSpec {
    if (clusterId.isEmpty() || clusterId.indexOf('|') >= 0) {
      throw new IllegalArgumentException(
          "cluster id '" + clusterId + "' must not be empty and must not contain '|'");
    }
    initialVoters = List.copyOf(initialVoters);
  }

  /**
   * The persistence id of the replica: its place in the journal.
   *
   * @return cluster id, partition and replica, joined by bars
   */
  public String persistenceId() {
    return clusterId + "|" + partition.value() + "|" + self.value();
  }
}
