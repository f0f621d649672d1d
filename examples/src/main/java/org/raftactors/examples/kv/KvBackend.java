package org.raftactors.examples.kv;

import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.raftactors.PartitionId;
import org.raftactors.PartitionStatus;
import org.raftactors.ProposalResult;
import org.raftactors.ReadLevel;
import org.raftactors.ReadResult;
import org.raftactors.SnapshotResult;
import org.raftactors.cluster.NodeHealth;
import org.raftactors.cluster.StorageStatus;
import org.raftactors.core.membership.ReplicaId;
import org.raftactors.persistence.rocksdb.ScrubReport;

/** What the routes need of a node. A stage that fails means the same as no answer at all. */
interface KvBackend {

  /** Proposes a command to the partition of its key, wherever that one's leader is. */
  CompletionStage<ProposalResult<KvResult>> propose(KvCommand command);

  /** Reads a key at the demanded level. */
  CompletionStage<ReadResult<KvResult>> read(String key, ReadLevel level);

  /** Summarizes the replica of a partition on this node, as it is. */
  CompletionStage<ReadResult<KvResult>> digest(PartitionId partition);

  /** The partitions of the store. */
  List<PartitionId> partitionIds();

  /** How the replicas on this node are. */
  CompletionStage<List<PartitionStatus>> partitions();

  /** Has the replica of a partition on this node take a snapshot now. */
  CompletionStage<SnapshotResult> takeSnapshot(PartitionId partition);

  /** A backup of the store, made while it is read. */
  InputStream backup();

  /** The id of this node. */
  String node();

  /** Names the node that a replica lives on. */
  String nodeOf(PartitionId partition, ReplicaId replica);

  /** The members of the Pekko cluster, as this node sees it. */
  List<Member> members();

  /**
   * A member of the Pekko cluster.
   *
   * @param address where it is
   * @param status joining, up, leaving, ...
   * @param reachable whether this node believes that it can be reached
   */
  record Member(String address, String status, boolean reachable) {}

  /** What is known about the data on this node, empty before it has begun to start. */
  Optional<StorageStatus> storage();

  /** Looks for damage in all of it; fails at once if there is nothing to look at. */
  CompletionStage<ScrubReport> scrub();

  /** Whether the node works, whether it can serve, and if not, why. */
  CompletionStage<NodeHealth> health();
}
