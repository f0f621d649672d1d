package org.raftactors.cluster;

import static org.assertj.core.api.Assertions.assertThat;
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

  /** A node that was started cut off. */
  record CutOff(RaftNode node, Cut cut) {}

  final List<String> roster;
  final Path directory;
  private final Map<String, Running> running = new TreeMap<>();

  TestCluster(Path directory, String... ids) {
    this(directory, Ports.roster(ids));
  }

  TestCluster(Path directory, List<String> roster) {
    this.directory = directory;
    this.roster = roster;
  }

  Running up(String id, String... config) {
    return start(id, system(id, config));
  }

  /** A node that reaches nobody, and is reached by nobody, from its first moment on. */
  CutOff upCutOff(String id) {
    ActorSystem<Void> system = system(id, Cut.ENABLED);
    Cut cut = Cut.off(system, roster);
    return new CutOff(start(id, system).node(), cut);
  }

  private ActorSystem<Void> system(String id, String... config) {
    return ActorSystem.create(
        Behaviors.empty(), "node-test", NodeConfigs.of(id, roster, directory, config));
  }

  /** A node whose state machines are not the usual ones. */
  Running up(String id, RaftApplication<String, String, String> application, String... config) {
    return start(id, system(id, config), application);
  }

  private Running start(String id, ActorSystem<Void> system) {
    return start(id, system, Register.APPLICATION);
  }

  private Running start(
      String id, ActorSystem<Void> system, RaftApplication<String, String, String> application) {
    RaftNode node = RaftNode.get(system);
    Running up = new Running(system, node, node.start(application), node.client(application));
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
    awaitReady(running.keySet().toArray(String[]::new));
  }

  void awaitReady(String... ids) {
    for (String id : ids) {
      Running each = get(id);
      done(each.started());
      await()
          .atMost(LONG)
          .untilAsserted(
              () ->
                  assertThat(done(each.node().health()).problems())
                      .as(() -> id + ": " + done(each.node().partitions()))
                      .isEmpty());
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

  /** How a node's replica of a partition is. */
  PartitionStatus status(String id, PartitionId partition) {
    return done(get(id).node().partitions()).stream()
        .filter(status -> status.partition().equals(partition))
        .findFirst()
        .orElseThrow();
  }

  static <T> T done(CompletionStage<T> stage) {
    return stage.toCompletableFuture().orTimeout(90, TimeUnit.SECONDS).join();
  }

  @Override
  public void close() {
    running.values().parallelStream().forEach(each -> ActorTestKit.shutdown(each.system(), LONG));
    running.clear();
  }
}
