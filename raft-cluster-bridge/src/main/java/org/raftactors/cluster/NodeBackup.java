package org.raftactors.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
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
 * which asks its leader first what was acknowledged by then. What is refused is asked for again for
 * a while, what is being written is waited for until the time for a partition is over. Nothing of
 * it is durable but the snapshots, which are as good as any other of the replica.
 */
final class NodeBackup implements BackupSource {

  private static final Duration PAUSE = Duration.ofMillis(200);

  /** How long a snapshot is asked for again that is refused; writing one may take longer. */
  private static final Duration PATIENCE = Duration.ofMinutes(1);

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
    long now = System.nanoTime();
    Duration patience = within.compareTo(PATIENCE) < 0 ? within : PATIENCE;
    return attempt(partition, now + within.toNanos(), now + patience.toNanos());
  }

  private CompletionStage<SnapshotStore.Content> attempt(
      PartitionId partition, long end, long patienceEnd) {
    Duration left = Duration.ofNanos(Math.max(1, end - System.nanoTime()));
    return taken(partition, left)
        .thenApplyAsync(result -> opened(partition, result), blocking())
        .handle(
            (content, failure) ->
                content != null
                    ? CompletableFuture.completedStage(content)
                    : afterFailure(partition, end, patienceEnd, failure))
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
      PartitionId partition, long end, long patienceEnd, Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    if (cause instanceof UnsupportedOperationException) {
      return CompletableFuture.failedStage(cause);
    }
    if (System.nanoTime() - patienceEnd >= 0) {
      String problem = cause.getMessage() == null ? cause.toString() : cause.getMessage();
      return CompletableFuture.failedStage(
          new IOException("no snapshot on node " + node.id() + ": " + problem, cause));
    }
    return CompletableFuture.completedFuture(partition)
        .thenComposeAsync(
            again -> attempt(again, end, patienceEnd),
            CompletableFuture.delayedExecutor(PAUSE.toMillis(), TimeUnit.MILLISECONDS, blocking()));
  }

  private Executor blocking() {
    return system.dispatchers().lookup(DispatcherSelector.blocking());
  }
}
