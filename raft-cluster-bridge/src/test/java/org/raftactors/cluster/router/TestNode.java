package org.raftactors.cluster.router;

import com.typesafe.config.Config;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.BehaviorInterceptor;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.TypedActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.typed.Cluster;
import org.raftactors.Describe;
import org.raftactors.PartitionStatus;
import org.raftactors.RaftPartition;
import org.raftactors.ReplicaSpec;
import org.raftactors.cluster.NodeConfigs;
import org.raftactors.cluster.NodeId;
import org.raftactors.cluster.bootstrap.NodeRecord;
import org.raftactors.cluster.bootstrap.RestoredAt;
import org.raftactors.cluster.internal.NodePlugins;
import org.raftactors.cluster.internal.NodeSettings;
import org.raftactors.core.Role;
import org.raftactors.persistence.rocksdb.RocksDbStore;
import org.raftactors.persistence.rocksdb.RocksDbStores;

/**
 * The actor of a node in an actor system of its own, with a store and remoting, but with replicas
 * that only say what the test wants: who leads, and in which term.
 */
final class TestNode {

  final ActorSystem<Void> system;
  final NodeBoard board = new NodeBoard();
  final CompletableFuture<NodeId> gaveWay = new CompletableFuture<>();
  final List<ReplicaSpec> replicas = new CopyOnWriteArrayList<>();

  /** When this node received hellos of others that are no answers, by their ids; nanoseconds. */
  final Map<String, List<Long>> hellos = new ConcurrentHashMap<>();

  /** The term in which this node leads partition 1, or 0. */
  final AtomicLong leads = new AtomicLong();

  TestNode(String id, List<String> roster, Path directory, String... more) {
    Config config = NodeConfigs.of(id, roster, directory, more);
    system = ActorSystem.create(Behaviors.empty(), "router-test", config);
    RocksDbStore store = RocksDbStores.get(system).open();
    NodeSettings settings = NodeSettings.read(config);
    NodeSetup setup =
        new NodeSetup(
            settings,
            store.storeId().toString(),
            store.directory().toString(),
            NodePlugins.JOURNAL,
            NodePlugins.SNAPSHOT,
            new Addresses(system),
            (spec, peers) -> replica(spec),
            new Restoration() {
              @Override
              public String origin() {
                return "";
              }

              @Override
              public String problem() {
                return "";
              }

              @Override
              public CompletionStage<Map<Long, RestoredAt>> takeOver(NodeRecord cluster) {
                return CompletableFuture.failedStage(new IllegalStateException("no backup"));
              }

              @Override
              public void remove() {}
            },
            board,
            gaveWay::complete,
            by -> {},
            System.nanoTime());
    Behavior<NodeCommand> actor = Behaviors.intercept(HelloCount::new, NodeActor.create(setup));
    system.systemActorOf(actor, Addresses.NODE, Props.empty());
  }

  private final class HelloCount extends BehaviorInterceptor<NodeCommand, NodeCommand> {

    HelloCount() {
      super(NodeCommand.class);
    }

    @Override
    public Behavior<NodeCommand> aroundReceive(
        TypedActorContext<NodeCommand> context,
        NodeCommand message,
        ReceiveTarget<NodeCommand> target) {
      if (message instanceof NodeCommand.Hello hello && !hello.answer()) {
        hellos
            .computeIfAbsent(hello.greeting().from(), from -> new CopyOnWriteArrayList<>())
            .add(System.nanoTime());
      }
      return target.apply(context, message);
    }
  }

  /** Whether the time between each two of the last hellos of a node was at least, or less than. */
  boolean lastHellosAreApart(String from, boolean atLeast, Duration time) {
    List<Long> all = List.copyOf(hellos.getOrDefault(from, List.of()));
    List<Long> last = all.subList(Math.max(0, all.size() - 4), all.size());
    return last.size() == 4
        && IntStream.range(1, 4)
            .allMatch(i -> (last.get(i) - last.get(i - 1) >= time.toNanos()) == atLeast);
  }

  private Behavior<RaftPartition.Command> replica(ReplicaSpec spec) {
    replicas.add(spec);
    return Behaviors.receive(RaftPartition.Command.class)
        .onMessage(
            Describe.class,
            describe -> {
              describe.replyTo().tell(status(spec));
              return Behaviors.same();
            })
        .build();
  }

  private PartitionStatus status(ReplicaSpec spec) {
    long term = leads.get();
    return new PartitionStatus(
        spec.partition(),
        spec.self(),
        PartitionStatus.State.RUNNING,
        "",
        term > 0 ? Role.LEADER : Role.FOLLOWER,
        term,
        Optional.of(spec.self()).filter(self -> term > 0),
        term > 0,
        0,
        0,
        0,
        0,
        PartitionStatus.Snapshots.UNKNOWN,
        spec.initialVoters(),
        List.of(),
        true,
        List.of());
  }

  /** The number of members of this node's Pekko cluster that are up or joining. */
  long members() {
    return Cluster.get(system).state().members().size();
  }

  String clusterId() {
    return board.started().join();
  }

  void stop() {
    ActorTestKit.shutdown(system, Duration.ofSeconds(60));
  }

  static <T> T await(CompletableFuture<T> future) {
    return future.orTimeout(60, TimeUnit.SECONDS).join();
  }
}
