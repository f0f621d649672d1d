package org.raftactors.cluster;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.raftactors.PartitionId;
import org.raftactors.PartitionStatus;
import org.raftactors.ProposalResult;
import org.raftactors.ReadLevel;
import org.raftactors.ReadResult;
import org.raftactors.core.Role;

/** Nodes in one JVM, each with an actor system, remoting and a store of its own. */
final class TestCluster implements AutoCloseable {

  static final Duration LONG = Duration.ofSeconds(60);

  /** A node in its actor system. */
  record Running(
      ActorSystem<Void> system,
      RaftNode node,
      CompletionStage<Started> started,
      RaftClient<String, String, String> client) {}

  final List<String> roster;
  final Path directory;
  private final Map<String, Running> running = new TreeMap<>();

  TestCluster(Path directory, String... ids) {
    this.directory = directory;
    this.roster = Ports.roster(ids);
  }

  Running up(String id, String... config) {
    ActorSystem<Void> system =
        ActorSystem.create(
            Behaviors.empty(), "node-test", NodeConfigs.of(id, roster, directory, config));
    RaftNode node = RaftNode.get(system);
    Running up =
        new Running(
            system, node, node.start(Register.APPLICATION), node.client(Register.APPLICATION));
    running.put(id, up);
    return up;
  }

  Running get(String id) {
    return Optional.ofNullable(running.get(id)).orElseThrow();
  }

  List<Running> all() {
    return new ArrayList<>(running.values());
  }

  void down(String id) {
    Running up = running.remove(id);
    if (up != null) {
      ActorTestKit.shutdown(up.system(), LONG);
    }
  }

  void wipe(String id) throws IOException {
    try (Stream<Path> files = Files.walk(directory.resolve(id))) {
      for (Path each : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    }
  }

  void awaitReady() {
    for (Running each : running.values()) {
      done(each.started());
      await().atMost(LONG).until(() -> done(each.node().ready()));
    }
  }

  /** Where a partition's leader is, once there is one that all running nodes agree on. */
  String awaitLeader(PartitionId partition) {
    return await()
        .atMost(LONG)
        .until(() -> leaders(partition), leaders -> leaders.size() == 1)
        .get(0);
  }

  private List<String> leaders(PartitionId partition) {
    List<String> leaders = new ArrayList<>();
    for (Map.Entry<String, Running> each : running.entrySet()) {
      for (PartitionStatus status : done(each.getValue().node().partitions())) {
        if (status.partition().equals(partition)
            && status.role() == Role.LEADER
            && status.leaderPublished()) {
          leaders.add(each.getKey());
        }
      }
    }
    return leaders;
  }

  /** Sets a key by a node, trying again if the outcome is unknown: setting twice does no harm. */
  void put(String node, String key, String text) {
    await()
        .atMost(LONG)
        .until(
            () ->
                done(get(node).client().propose(key, key + "=" + text, Duration.ofSeconds(10)))
                    instanceof ProposalResult.Committed);
  }

  String read(String node, String key, ReadLevel level) {
    ReadResult<String> result = done(get(node).client().read(key, key, level));
    if (result instanceof ReadResult.Answered<String> answered) {
      return answered.result();
    }
    throw new AssertionError(node + " did not answer: " + result);
  }

  static <T> T done(CompletionStage<T> stage) {
    return stage.toCompletableFuture().orTimeout(90, TimeUnit.SECONDS).join();
  }

  @Override
  public void close() {
    List.copyOf(running.keySet()).forEach(this::down);
  }
}
