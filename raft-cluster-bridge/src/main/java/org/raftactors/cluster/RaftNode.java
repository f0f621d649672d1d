package org.raftactors.cluster;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.LongStream;
import org.apache.pekko.Done;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Extension;
import org.apache.pekko.actor.typed.ExtensionId;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.raftactors.Alarms;
import org.raftactors.Describe;
import org.raftactors.PartitionId;
import org.raftactors.PartitionSettings;
import org.raftactors.PartitionStatus;
import org.raftactors.RaftPartition;
import org.raftactors.SnapshotResult;
import org.raftactors.StartProgress;
import org.raftactors.TakeSnapshot;
import org.raftactors.backup.BackupStream;
import org.raftactors.cluster.client.ClientEngine;
import org.raftactors.cluster.formation.PekkoCluster;
import org.raftactors.cluster.internal.KeyHash;
import org.raftactors.cluster.internal.NodeSettings;
import org.raftactors.cluster.router.Addresses;
import org.raftactors.cluster.router.NodeBoard;
import org.raftactors.cluster.router.NodeRoutes;
import org.raftactors.core.membership.ReplicaId;
import org.raftactors.persistence.rocksdb.RocksDbStore;
import org.raftactors.persistence.rocksdb.ScrubReport;

/**
 * This process as a node of a cluster: it holds a replica of each partition. An extension of the
 * actor system, configured under {@code raft-actors.node}; {@code raft-node.conf} holds the
 * settings of Pekko that it needs.
 *
 * <p><b>Life.</b> {@link #start} opens the store, and creates the cluster if all initial nodes are
 * there and none has data; a node that has data starts at once and waits for nobody. A node that
 * lost its data, or has the data of another node or cluster, is refused: the start fails with the
 * reason and what to do.
 *
 * <p><b>An end that nobody asked for.</b> Pekko's coordinated shutdown runs by itself in two cases,
 * and with {@code raft-node.conf} the process ends with an exit code that tells its supervisor what
 * to do:
 *
 * <ul>
 *   <li>78, see to the cause first: it is found out only now that the node has to be refused; the
 *       reason is {@link Refused}.
 *   <li>75, start it again as it is: only a new run can be a member of the others' Pekko cluster.
 *       Either this one was downed, by a split brain resolver, if the application has switched one
 *       on, or by an operator; the reason is {@link CoordinatedShutdown#clusterDowningReason()}. Or
 *       its Pekko cluster is not that of the leader of partition 1; the reason is {@link
 *       OtherCluster}. The next run has all data, catches up and takes part.
 * </ul>
 *
 * After a crash or a signal, too, a node can be started again as it is.
 *
 * <p>{@link #stop}, which Pekko's coordinated shutdown (SIGTERM) includes, hands over leadership in
 * its first phase, before-service-unbind, and stops the replicas in before-cluster-shutdown, so
 * that servers in between can finish their requests. A node that has been stopped does not start
 * again in the same actor system. A program that runs the coordinated shutdown from a hook of its
 * own adds that hook with {@link CoordinatedShutdown#addJvmShutdownHook}: remoting has a hook too,
 * which waits for hooks added like this, and cuts all connections under any other.
 */
public final class RaftNode implements Extension {

  /** Why a node was shut down: its data is not what its cluster knows it by. */
  public static final class Refused implements CoordinatedShutdown.Reason {
    private final String text;

    Refused(String text) {
      this.text = text;
    }

    @Override
    public String toString() {
      return "the node was refused: " + text;
    }
  }

  /**
   * Why a node was shut down: it is in another Pekko cluster than the leader of partition 1. Its
   * next run joins that one. Rare: it takes two nodes that form a cluster at the same time.
   */
  public static final class OtherCluster implements CoordinatedShutdown.Reason {
    private final NodeId leader;

    OtherCluster(NodeId leader) {
      this.leader = leader;
    }

    @Override
    public String toString() {
      return "this node is in another Pekko cluster than the leader of partition 1, " + leader;
    }
  }

  private static final class Id extends ExtensionId<RaftNode> {
    private static final Id INSTANCE = new Id();

    @Override
    public RaftNode createExtension(ActorSystem<?> system) {
      return new RaftNode(system);
    }
  }

  private final ActorSystem<?> system;
  private final NodeSettings settings;
  private final PartitionSettings partitionSettings;
  private final List<PartitionId> partitionIds;
  private final Addresses addresses;
  private final NodeBoard board = new NodeBoard();
  private final NodeLifecycle lifecycle;

  private RaftNode(ActorSystem<?> system) {
    this.system = system;
    Config config = system.settings().config();
    this.settings = NodeSettings.read(config);
    this.partitionSettings = Preconditions.partitionSettings(config);
    this.partitionIds =
        LongStream.rangeClosed(1, settings.partitions()).mapToObj(PartitionId::new).toList();
    this.addresses = new Addresses(system);
    this.lifecycle =
        new NodeLifecycle(system, settings, partitionSettings, partitionIds, addresses, board);
  }

  /**
   * The node of an actor system.
   *
   * @param system configured under {@code raft-actors.node}
   * @return the node, not started by this
   * @throws IllegalArgumentException naming the key, its value and the rule, if a setting is wrong
   */
  public static RaftNode get(ActorSystem<?> system) {
    return system.registerExtension(Id.INSTANCE);
  }

  /**
   * The settings of Pekko that a node needs: {@code raft-node.conf}.
   *
   * @return to be put behind the application's own configuration, before {@code reference.conf}
   */
  public static Config defaults() {
    return ConfigFactory.parseResources(RaftNode.class.getClassLoader(), "raft-node.conf");
  }

  /**
   * Starts the node. To be called once.
   *
   * @param application what it runs, the same on every node
   * @param <C> commands
   * @param <Q> queries
   * @param <R> results
   * @return completes when the node belongs to its cluster and its replicas were started, which for
   *     a new cluster takes until all initial nodes are there; fails with {@link
   *     NodeStartException}, the node then has to be stopped and cannot be started again in this
   *     actor system
   */
  public <C, Q, R> CompletionStage<Started> start(RaftApplication<C, Q, R> application) {
    return lifecycle.start(
        (spec, peers) ->
            RaftPartition.create(
                partitionSettings,
                spec,
                application.codecs(),
                application.factory(),
                new RocksDbLogStore(system),
                peers));
  }

  /**
   * Hands over leadership of all partitions, within {@code raft-actors.node.hand-over-timeout},
   * then stops them. May be called in any state and more than once.
   *
   * @return completes when everything has stopped
   */
  public CompletionStage<Done> stop() {
    return lifecycle.stop();
  }

  /**
   * A client on this node. Make one and keep it: order is kept within a client.
   *
   * @param application the one that the node was started with
   * @param <C> commands
   * @param <Q> queries
   * @param <R> results
   * @return a client; what it is asked before the node has started waits, up to its deadline
   */
  public <C, Q, R> RaftClient<C, Q, R> client(RaftApplication<C, Q, R> application) {
    ClientEngine engine =
        new ClientEngine(
            system,
            settings.client(),
            new NodeRoutes(settings, addresses, board),
            partitionSettings.core().maxEntryBytes());
    lifecycle.closeWithNode(engine);
    return new RaftClient<>(this, engine, application.codecs(), settings.client().deadline());
  }

  /**
   * The id of this node.
   *
   * @return as configured
   */
  public NodeId id() {
    return settings.self();
  }

  /**
   * The partitions that keys are spread over.
   *
   * @return their ids, from 1
   */
  public List<PartitionId> partitionIds() {
    return partitionIds;
  }

  /** Whether there is such a partition: asked for each read, so not by a look through the list. */
  boolean has(PartitionId partition) {
    return partition.value() >= 1 && partition.value() <= settings.partitions();
  }

  /**
   * The partition of a key: a hash of 64 bits (FNV-1a over UTF-8, finished by MurmurHash3's mixer)
   * modulo the number of partitions. It is the same in every version.
   *
   * @param key any text
   * @return one of {@link #partitionIds()}
   */
  public PartitionId partitionFor(String key) {
    return KeyHash.partition(key, settings.partitions());
  }

  /**
   * The node that holds a replica.
   *
   * @param partition the partition
   * @param replica one of its replicas
   * @return the node; empty if there is no such partition or replica
   */
  public Optional<NodeId> nodeOf(PartitionId partition, ReplicaId replica) {
    return has(partition)
        ? settings.roster().nodeOf(replica).map(node -> node.id())
        : Optional.empty();
  }

  /**
   * The replica on this node.
   *
   * @param partition which partition's
   * @return its actor; empty if there is no such partition or the replicas do not run
   */
  public Optional<ActorRef<RaftPartition.Command>> partition(PartitionId partition) {
    return Optional.ofNullable(board.partitions().get(partition));
  }

  /**
   * How the replicas on this node are.
   *
   * @return in the order of their ids, empty if they do not run; fails with a {@link
   *     java.util.concurrent.TimeoutException} if one does not answer within {@code
   *     raft-actors.node.describe-timeout}
   */
  public CompletionStage<List<PartitionStatus>> partitions() {
    List<CompletableFuture<PartitionStatus>> asked = new ArrayList<>();
    board
        .partitions()
        .values()
        .forEach(
            replica -> {
              CompletionStage<PartitionStatus> status =
                  AskPattern.ask(
                      replica, Describe::new, settings.describeTimeout(), system.scheduler());
              asked.add(status.toCompletableFuture());
            });
    return CompletableFuture.allOf(asked.toArray(CompletableFuture[]::new))
        .thenApply(
            all ->
                asked.stream()
                    .map(CompletableFuture::join)
                    .sorted(Comparator.comparing(PartitionStatus::partition))
                    .toList());
  }

  /**
   * Has the replica on this node take a snapshot of what it has applied, now. The other replicas
   * are not concerned.
   *
   * @param partition which partition's
   * @param within how long to wait for the answer
   * @return the answer; fails with a {@link java.util.concurrent.TimeoutException} if there is none
   *     in time, and then one may be taken all the same
   */
  public CompletionStage<SnapshotResult> takeSnapshot(PartitionId partition, Duration within) {
    Optional<ActorRef<RaftPartition.Command>> replica = partition(partition);
    return replica.isEmpty()
        ? CompletableFuture.completedStage(
            new SnapshotResult.NotTaken(
                SnapshotResult.Reason.RESTORING, "no replica of " + partition + " runs here"))
        : AskPattern.ask(replica.get(), TakeSnapshot::asItIs, within, system.scheduler());
  }

  /**
   * A backup of the whole cluster, made on this node alone: a snapshot of each partition, which
   * includes everything that was acknowledged before the reading of the stream began. Partitions
   * are not stopped for it, and each is as of a moment of its own.
   *
   * <p>The backup is made while the stream is read; no more than a buffer of it is in memory. Write
   * it to a file with {@link org.raftactors.backup.BackupFile#write}, here or at the other end of a
   * connection, which checks it; {@link Restore} makes a new cluster begin with it.
   *
   * @param within how long the snapshot of one partition may take to be written; one that is
   *     refused, for want of a leader, is asked for again for a minute at most
   * @return blocks its reader; to be closed
   * @throws IllegalStateException if the node has not started yet
   */
  public InputStream backup(Duration within) {
    if (!board.started().isDone() || board.started().isCompletedExceptionally()) {
      throw new IllegalStateException("node " + settings.self() + " has not started");
    }
    NodeBackup source =
        new NodeBackup(system, this, settings, partitionSettings, board.started().join(), within);
    return new BackupStream(source, System.currentTimeMillis());
  }

  /**
   * What the Pekko cluster says of the initial nodes: advice.
   *
   * @return in the order of their ids
   */
  public List<NodeStatus> nodes() {
    return new PekkoCluster(system).view(settings.roster(), addresses::of);
  }

  /**
   * What is known about the data on this node. Reads nothing.
   *
   * @return empty before the node has begun to start
   */
  public Optional<StorageStatus> storage() {
    return Optional.ofNullable(lifecycle.store()).map(StorageStatus::of);
  }

  /**
   * Reads all logs that are stored on this node, beside its other work and at most {@code
   * scrub-bytes-per-second}, and looks for damage, as the node does by itself after it was killed.
   * A replica whose data is damaged stops for good; how far it is, {@link #storage} tells.
   *
   * @return what was found; fails if the node has not begun to start, or stops meanwhile
   */
  public CompletionStage<ScrubReport> scrub() {
    RocksDbStore store = lifecycle.store();
    return store == null
        ? CompletableFuture.failedStage(
            new IllegalStateException("node " + settings.self() + " has not been started"))
        : store.scrub();
  }

  /**
   * Whether the node runs.
   *
   * @return false once it has stopped or was refused; never fails
   */
  public CompletionStage<Boolean> live() {
    return health().thenApply(NodeHealth::live);
  }

  /**
   * Whether the node can serve: every replica on it knows a leader, and has applied the commit
   * index of the first leader that it heard after its start.
   *
   * @return false also while it is not known; never fails
   */
  public CompletionStage<Boolean> ready() {
    return health().thenApply(NodeHealth::ready);
  }

  /**
   * How far the replicas are that are starting. They start a few at a time, {@code
   * raft-actors.starts}.
   *
   * @return of those that start now, or of the last that did
   */
  public StartProgress starts() {
    return StartProgress.of(system);
  }

  /**
   * What should never happen, counted since the actor system started; for metrics.
   *
   * @return all zeros, or something wants a person
   */
  public Alarms alarms() {
    return Alarms.of(system);
  }

  /**
   * How the node is, with reasons.
   *
   * @return never fails
   */
  public CompletionStage<NodeHealth> health() {
    if (board.stopped().isDone()) {
      return CompletableFuture.completedStage(
          new NodeHealth(false, false, List.of("the node has stopped")));
    }
    if (board.partitions().isEmpty()) {
      return CompletableFuture.completedStage(
          new NodeHealth(true, false, List.of("the node has not started its replicas yet")));
    }
    return partitions()
        .handle(
            (statuses, failure) -> {
              List<String> problems =
                  failure == null
                      ? Health.problems(statuses, starts())
                      : List.of("a replica did not say how it is: " + failure);
              return new NodeHealth(true, problems.isEmpty(), problems);
            });
  }
}
