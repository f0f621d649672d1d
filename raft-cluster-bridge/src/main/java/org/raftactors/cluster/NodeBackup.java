package org.raftactors.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.raftactors.PartitionId;
import org.raftactors.PartitionSettings;
import org.raftactors.RaftPartition;
import org.raftactors.ReplicaSpec;
import org.raftactors.SnapshotResult;
import org.raftactors.TakeSnapshot;
import org.raftactors.backup.BackupSource;
import org.raftactors.cluster.internal.NodeSettings;
import org.raftactors.snapshot.SnapshotStore;
import org.raftactors.snapshot.Snapshots;

/**
 * The cluster as it is backed up from this node: by snapshots that its own replicas take, each of
 * which asks its leader first what was acknowledged by then. What cannot be had now is tried again
 * until the time for a partition is over. Nothing of it is durable but the snapshots, which are as
 * good as any other of the replica.
 */
final class NodeBackup implements BackupSource {

  private static final Duration PAUSE = Duration.ofMillis(200);

  private final ActorSystem<?> system;
  private final RaftNode node;
  private final NodeSettings settings;
  private final PartitionSettings partitionSettings;
  private final String clusterId;
  private final Duration within;

  NodeBackup(
      ActorSystem<?> system,
      RaftNode node,
      NodeSettings settings,
      PartitionSettings partitionSettings,
      String clusterId,
      Duration within) {
    this.system = system;
    this.node = node;
    this.settings = settings;
    this.partitionSettings = partitionSettings;
    this.clusterId = clusterId;
    this.within = within;
  }

  @Override
  public String clusterId() {
    return clusterId;
  }

  @Override
  public List<PartitionId> partitions() {
    return node.partitionIds();
  }

  @Override
  public CompletionStage<SnapshotStore.Content> snapshot(PartitionId partition) {
    return attempt(partition, System.nanoTime() + within.toNanos(), "it has not been tried");
  }

  private CompletionStage<SnapshotStore.Content> attempt(
      PartitionId partition, long end, String lastProblem) {
    long left = end - System.nanoTime();
    if (left <= 0) {
      return CompletableFuture.failedStage(
          new IOException(
              "no snapshot within " + within + " on node " + node.id() + ": " + lastProblem));
    }
    return taken(partition, Duration.ofNanos(left))
        .thenApplyAsync(result -> opened(partition, result), blocking())
        .handle(
            (content, failure) ->
                content != null
                    ? CompletableFuture.completedStage(content)
                    : afterFailure(partition, end, failure))
        .thenCompose(stage -> stage);
  }

  private CompletionStage<SnapshotResult> taken(PartitionId partition, Duration left) {
    return node.partition(partition)
        .map(
            replica ->
                AskPattern.<RaftPartition.Command, SnapshotResult>ask(
                    replica, TakeSnapshot::upToDate, left, system.scheduler()))
        .orElseGet(
            () -> CompletableFuture.failedStage(new IOException("its replica does not run")));
  }

  /** On a thread that may block. The replica may delete it at any time, which harms no reader. */
  private SnapshotStore.Content opened(PartitionId partition, SnapshotResult result) {
    if (result instanceof SnapshotResult.NotTaken no) {
      if (no.reason() == SnapshotResult.Reason.UNSUPPORTED) {
        throw new UnsupportedOperationException(no.detail());
      }
      throw new IllegalStateException(no.reason() + ": " + no.detail());
    }
    SnapshotResult.Stored stored =
        result instanceof SnapshotResult.Taken taken
            ? taken.snapshot()
            : ((SnapshotResult.NothingNew) result).snapshot();
    ReplicaSpec spec =
        new ReplicaSpec(clusterId, partition, settings.selfReplica(), settings.roster().replicas());
    try {
      return Snapshots.openOne(system, partitionSettings, spec, stored.name());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private CompletionStage<SnapshotStore.Content> afterFailure(
      PartitionId partition, long end, Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    if (cause instanceof UnsupportedOperationException) {
      return CompletableFuture.failedStage(cause);
    }
    CompletableFuture<SnapshotStore.Content> later = new CompletableFuture<>();
    String problem = cause.getMessage() == null ? cause.toString() : cause.getMessage();
    var unused =
        system
            .scheduler()
            .scheduleOnce(
                PAUSE,
                () -> {
                  var ignored =
                      attempt(partition, end, problem)
                          .whenComplete(
                              (content, again) -> {
                                if (content != null) {
                                  later.complete(content);
                                } else {
                                  later.completeExceptionally(again);
                                }
                              });
                },
                system.executionContext());
    return later;
  }

  private Executor blocking() {
    return system.dispatchers().lookup(DispatcherSelector.blocking());
  }
}
