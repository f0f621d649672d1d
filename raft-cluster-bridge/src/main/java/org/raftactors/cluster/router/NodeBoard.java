package org.raftactors.cluster.router;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.raftactors.PartitionId;
import org.raftactors.RaftPartition;

/** What the node's actor shows to other threads. */
public final class NodeBoard {

  private final CompletableFuture<String> started = new CompletableFuture<>();
  private final CompletableFuture<Done> stopped = new CompletableFuture<>();
  private final CompletableFuture<String> refused = new CompletableFuture<>();
  private volatile Map<PartitionId, ActorRef<RaftPartition.Command>> partitions = Map.of();

  /** The cluster id, once the partitions run; fails with the reason if they never will. */
  public CompletableFuture<String> started() {
    return started;
  }

  /** Completes when partitions and actor have stopped. */
  public CompletableFuture<Done> stopped() {
    return stopped;
  }

  /** The reason why the node must not take part, if it is found out that it must not. */
  public CompletableFuture<String> refused() {
    return refused;
  }

  /** The replicas on this node. */
  public Map<PartitionId, ActorRef<RaftPartition.Command>> partitions() {
    return partitions;
  }

  void show(Map<PartitionId, ActorRef<RaftPartition.Command>> running) {
    partitions = Map.copyOf(running);
  }
}
