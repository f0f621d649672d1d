package org.raftactors.cluster;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.pekko.Done;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.Props;
import org.jspecify.annotations.Nullable;
import org.raftactors.PartitionId;
import org.raftactors.PartitionSettings;
import org.raftactors.RaftPartition;
import org.raftactors.cluster.client.BatchReplies;
import org.raftactors.cluster.client.ClientEngine;
import org.raftactors.cluster.internal.NodeSettings;
import org.raftactors.cluster.router.Addresses;
import org.raftactors.cluster.router.HandOver;
import org.raftactors.cluster.router.NodeActor;
import org.raftactors.cluster.router.NodeBoard;
import org.raftactors.cluster.router.NodeCommand;
import org.raftactors.cluster.router.NodeSetup;
import org.raftactors.cluster.router.PartitionSpawner;
import org.raftactors.cluster.router.Restoration;
import org.raftactors.persistence.rocksdb.RocksDbStore;
import org.raftactors.persistence.rocksdb.RocksDbStores;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Start and stop of a node: new, starting, running, stopped, in this order and each at most once. A
 * stop may come at any time; a start that it overtakes fails.
 */
final class NodeLifecycle {

  private static final Logger LOG = LoggerFactory.getLogger(NodeLifecycle.class);

  /** Between two looks whether there is room to open the store. */
  private static final Duration ROOM_PAUSE = Duration.ofSeconds(1);

  private final ActorSystem<?> system;
  private final NodeSettings settings;
  private final PartitionSettings partitionSettings;
  private final List<PartitionId> partitionIds;
  private final Addresses addresses;
  private final NodeBoard board;
  private final AtomicBoolean startCalled = new AtomicBoolean();
  private final Map<ClientEngine, Boolean> clients = new WeakHashMap<>();
  private volatile @Nullable RocksDbStore store;
  private @Nullable ActorRef<NodeCommand> actor;
  private @Nullable CompletionStage<Done> handOver;
  private volatile @Nullable Restoration restoration;
  private boolean stopping;

  NodeLifecycle(
      ActorSystem<?> system,
      NodeSettings settings,
      PartitionSettings partitionSettings,
      List<PartitionId> partitionIds,
      Addresses addresses,
      NodeBoard board) {
    this.system = system;
    this.settings = settings;
    this.partitionSettings = partitionSettings;
    this.partitionIds = partitionIds;
    this.addresses = addresses;
    this.board = board;
  }

  CompletionStage<Started> start(PartitionSpawner spawner) {
    if (!startCalled.compareAndSet(false, true)) {
      return CompletableFuture.failedStage(
          new NodeStartException("node " + settings.self() + " has been started before"));
    }
    registerShutdown();
    RaftPartition.refuseUndelivered(system, partitionSettings);
    BatchReplies.get(system); // clients may be made later, even while the system stops
    Executor blocking = system.dispatchers().lookup(DispatcherSelector.blocking());
    return CompletableFuture.supplyAsync(this::openStore, blocking)
        .thenCompose(opened -> run(opened, spawner))
        .handle(
            (clusterId, failure) -> {
              if (failure != null) {
                throw notStarted(failure);
              }
              return new Started(settings.self(), clusterId, partitionIds);
            });
  }

  CompletionStage<Done> stop() {
    return handOver().thenCompose(done -> stopReplicas());
  }

  /** Closes a client when the node stops, at once if it has. */
  void closeWithNode(ClientEngine client) {
    synchronized (clients) {
      clients.put(client, true);
    }
    if (board.stopped().isDone()) {
      client.close();
    }
  }

  private RocksDbStore openStore() {
    Preconditions.check(system, settings);
    RocksDbStores stores = RocksDbStores.get(system);
    String path = Preconditions.storePath(system.settings().config());
    Path directory = Path.of(system.settings().config().getString(path + ".directory"));
    // Before there is a store: a node that is refused for its backup leaves the directory empty.
    restoration =
        NodeRestoration.find(system, settings, partitionSettings, directory, this::isStopping);
    store = stores.store(path); // also one that does not open has something to say
    return new StoreOpening<>(() -> stores.open(path), this::isStopping, ROOM_PAUSE.toMillis())
        .await();
  }

  private synchronized boolean isStopping() {
    return stopping;
  }

  /** The store of this node, null before it was to be opened. */
  @Nullable RocksDbStore store() {
    return store;
  }

  private CompletionStage<String> run(RocksDbStore opened, PartitionSpawner spawner) {
    NodeSetup setup =
        new NodeSetup(
            settings,
            opened.storeId().toString(),
            opened.directory().toString(),
            partitionSettings.journalPluginId(),
            partitionSettings.snapshotPluginId(),
            addresses,
            spawner,
            Objects.requireNonNull(restoration),
            board,
            leader -> shutDown(new RaftNode.OtherCluster(leader)),
            this::onQuarantined,
            System.nanoTime());
    synchronized (this) {
      if (stopping) {
        throw new NodeStartException("node " + settings.self() + " was stopped while it started");
      }
      actor = system.systemActorOf(NodeActor.create(setup), Addresses.NODE, Props.empty());
    }
    var unused = board.stopped().thenAccept(done -> onStopped());
    return board.started();
  }

  /** The actor has stopped: by request, because the node was refused, or because it failed. */
  private void onStopped() {
    closeClients();
    boolean wanted;
    synchronized (this) {
      wanted = stopping;
    }
    String reason =
        board.refused().isDone()
            ? board.refused().join()
            : wanted ? "it was stopped" : "its actor failed, see the log";
    boolean ran =
        !board
            .started()
            .completeExceptionally(
                new NodeStartException("node " + settings.self() + " did not start: " + reason));
    if (ran && !wanted) {
      shutDown(new RaftNode.Refused(reason));
    }
  }

  /** As if this node had been told that it was downed: its next run will be a new member. */
  private void onQuarantined(NodeId by) {
    if (CoordinatedShutdown.get(system).getShutdownReason().isEmpty()) {
      LOG.error("node {} has quarantined this process: only a new one can be with it again", by);
      shutDown(CoordinatedShutdown.clusterDowningReason());
    }
  }

  private NodeStartException notStarted(Throwable failure) {
    synchronized (this) {
      if (actor == null) {
        board.stopped().complete(Done.getInstance());
      }
    }
    closeClients();
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    return cause instanceof NodeStartException known
        ? known
        : new NodeStartException(
            cause.getMessage() == null ? cause.toString() : cause.getMessage(), cause);
  }

  private void shutDown(CoordinatedShutdown.Reason reason) {
    LOG.error("shutting down: {}", reason);
    var unused = CoordinatedShutdown.get(system).runAll(reason);
  }

  private void registerShutdown() {
    CoordinatedShutdown shutdown = CoordinatedShutdown.get(system);
    shutdown.addTask(
        CoordinatedShutdown.PhaseBeforeServiceUnbind(), "raft-hand-over", this::handOver);
    shutdown.addTask(
        CoordinatedShutdown.PhaseBeforeClusterShutdown(), "raft-stop", this::stopReplicas);
  }

  private synchronized CompletionStage<Done> handOver() {
    if (handOver == null) {
      handOver = HandOver.of(system, board.partitions(), settings.handOverTimeout());
    }
    return handOver;
  }

  private synchronized CompletionStage<Done> stopReplicas() {
    stopping = true;
    if (actor == null) {
      return CompletableFuture.completedStage(Done.getInstance());
    }
    actor.tell(new NodeCommand.Stop());
    return board.stopped().thenApply(done -> done);
  }

  private void closeClients() {
    Set<ClientEngine> open;
    synchronized (clients) {
      open = Set.copyOf(clients.keySet());
    }
    open.forEach(ClientEngine::close);
  }
}
