package org.raftactors.cluster.router;

import java.util.List;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;
import org.raftactors.PartitionId;
import org.raftactors.RaftPartition;
import org.raftactors.cluster.client.Routes;
import org.raftactors.cluster.internal.NodeSettings;
import org.raftactors.core.membership.ReplicaId;

/** Replicas by the roster: every node has one of each partition. */
public final class NodeRoutes implements Routes {

  private final List<ReplicaId> replicas;
  private final ReplicaId local;
  private final NodeSettings settings;
  private final Addresses addresses;
  private final NodeBoard board;

  /** Routes from one node. */
  public NodeRoutes(NodeSettings settings, Addresses addresses, NodeBoard board) {
    this.replicas = settings.roster().replicas();
    this.local = settings.selfReplica();
    this.settings = settings;
    this.addresses = addresses;
    this.board = board;
  }

  @Override
  public List<ReplicaId> replicas(PartitionId partition) {
    return replicas;
  }

  @Override
  public ReplicaId local() {
    return local;
  }

  @Override
  public Optional<ActorRef<RaftPartition.Command>> replica(
      PartitionId partition, ReplicaId replica) {
    return replica.equals(local)
        ? Optional.ofNullable(board.partitions().get(partition))
        : settings.roster().nodeOf(replica).map(node -> addresses.replica(node, partition));
  }
}
