package org.raftactors.cluster.client;

import java.util.List;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;
import org.raftactors.PartitionId;
import org.raftactors.RaftPartition;
import org.raftactors.core.membership.ReplicaId;

/** Where the replicas of partitions are. Used by many threads. */
public interface Routes {

  /** The replicas of a partition. */
  List<ReplicaId> replicas(PartitionId partition);

  /** The id of the replicas on this node. */
  ReplicaId local();

  /** A replica; empty if it is one of this node that does not run (yet, or any more). */
  Optional<ActorRef<RaftPartition.Command>> replica(PartitionId partition, ReplicaId replica);
}
