package org.raftactors.cluster;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.raftactors.PartitionSettings;
import org.raftactors.ReplicaSpec;
import org.raftactors.backup.BackupContents;
import org.raftactors.backup.BackupFile;
import org.raftactors.backup.BackupLabel;
import org.raftactors.cluster.bootstrap.NodeRecord;
import org.raftactors.cluster.bootstrap.RestoredAt;
import org.raftactors.cluster.internal.NodeSettings;
import org.raftactors.cluster.internal.RestoreArea;
import org.raftactors.cluster.router.Restoration;
import org.raftactors.core.log.SnapshotBase;
import org.raftactors.core.membership.Configuration;
import org.raftactors.snapshot.SnapshotHeader;
import org.raftactors.snapshot.Snapshots;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What {@link Restore} has left for this node, seen from its start. The snapshots of the backup
 * become those of the new cluster's replicas: the same states at the same positions, labelled with
 * the new cluster and its members. Each is written whole and durable, or not at all; all are,
 * before the node writes down that it has taken the backup over. A crash before that begins again.
 */
final class NodeRestoration implements Restoration {

  private static final Logger LOG = LoggerFactory.getLogger(NodeRestoration.class);

  private final ActorSystem<?> system;
  private final NodeSettings settings;
  private final PartitionSettings partitionSettings;
  private final RestoreArea area;
  private final String origin;
  private final String problem;
  private final BooleanSupplier stopping;

  private NodeRestoration(
      ActorSystem<?> system,
      NodeSettings settings,
      PartitionSettings partitionSettings,
      RestoreArea area,
      String origin,
      String problem,
      BooleanSupplier stopping) {
    this.system = system;
    this.settings = settings;
    this.partitionSettings = partitionSettings;
    this.area = area;
    this.origin = origin;
    this.problem = problem;
    this.stopping = stopping;
  }

  /**
   * Looks whether there is a backup. Blocks.
   *
   * @param store the directory of the store
   * @param stopping true once the node is to stop
   * @throws NodeStartException if one is there that is not whole, or does not fit the settings; one
   *     that cannot be read beside a store with data is left to the bootstrap, since it may be what
   *     a crash left of one that was taken over
   */
  static NodeRestoration find(
      ActorSystem<?> system,
      NodeSettings settings,
      PartitionSettings partitionSettings,
      Path store,
      BooleanSupplier stopping) {
    RestoreArea area = new RestoreArea(store);
    String origin = "";
    String problem = "";
    try {
      if (Files.exists(area.file())) {
        BackupLabel label = BackupFile.look(area.file());
        checkPartitions(settings, label, area);
        origin = label.id();
      } else if (Files.exists(area.unfinished())) {
        throw new NodeStartException(
            area.unfinished()
                + " is a backup whose restoring was interrupted: restore it again, or remove it if"
                + " the node is to begin with nothing");
      }
    } catch (IOException e) {
      problem = "the restored backup in " + area.directory() + " cannot be read: " + e.getMessage();
      if (!hasData(store)) {
        throw new NodeStartException(problem, e);
      }
    }
    return new NodeRestoration(
        system, settings, partitionSettings, area, origin, problem, stopping);
  }

  private static boolean hasData(Path directory) {
    String[] files = directory.toFile().list();
    return files != null && files.length > 0;
  }

  private static void checkPartitions(NodeSettings settings, BackupLabel label, RestoreArea area) {
    if (label.partitions() != settings.partitions()) {
      throw new NodeStartException(
          "raft-actors.node.partitions is "
              + settings.partitions()
              + ", but the restored backup in "
              + area.directory()
              + " has "
              + label.partitions()
              + ": the number must stay as it was");
    }
  }

  @Override
  public String origin() {
    return origin;
  }

  @Override
  public String problem() {
    return problem;
  }

  @Override
  public CompletionStage<Map<Long, RestoredAt>> takeOver(NodeRecord cluster) {
    Executor blocking = system.dispatchers().lookup(DispatcherSelector.blocking());
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return write(cluster);
          } catch (IOException e) {
            throw new UncheckedIOException(
                "node "
                    + settings.self()
                    + " cannot take over the restored backup "
                    + area.file()
                    + ", so it does not start: "
                    + e.getMessage(),
                e);
          }
        },
        blocking);
  }

  private Map<Long, RestoredAt> write(NodeRecord cluster) throws IOException {
    Map<Long, RestoredAt> positions = new TreeMap<>();
    BackupContents contents =
        BackupFile.read(
            area.file(),
            (header, state) -> {
              write(cluster, header, state);
              positions.put(
                  header.partition().value(),
                  new RestoredAt(
                      header.base().position().index(), header.base().position().term()));
            });
    if (!contents.label().id().equals(cluster.origin())) {
      throw new IOException(
          "it is backup " + contents.label().id() + " instead of " + cluster.origin());
    }
    for (long partition = 1; partition <= cluster.partitions(); partition++) {
      if (!positions.containsKey(partition)) {
        throw new IOException("it has nothing of partition " + partition);
      }
    }
    return positions;
  }

  private void write(NodeRecord cluster, SnapshotHeader of, InputStream state) throws IOException {
    SnapshotBase base =
        new SnapshotBase(
            of.base().position(), Configuration.ofVoters(settings.roster().replicas()));
    ReplicaSpec spec =
        new ReplicaSpec(
            cluster.clusterId(),
            of.partition(),
            settings.selfReplica(),
            settings.roster().replicas(),
            base.position());
    SnapshotHeader header =
        new SnapshotHeader(
            cluster.clusterId(), of.partition(), base, of.timestampMillis(), of.digest());
    try (Snapshots snapshots = Snapshots.open(system, partitionSettings, spec)) {
      var unused = snapshots.write(header, out -> state.transferTo(out), stopping);
    }
  }

  @Override
  public void remove() {
    if (!origin.isEmpty() || !problem.isEmpty()) {
      Executor blocking = system.dispatchers().lookup(DispatcherSelector.blocking());
      blocking.execute(
          () -> {
            try {
              Files.deleteIfExists(area.file());
              Files.deleteIfExists(area.directory());
            } catch (IOException e) {
              LOG.warn("the backup in {} was taken over, but not removed", area.directory(), e);
            }
          });
    }
  }
}
