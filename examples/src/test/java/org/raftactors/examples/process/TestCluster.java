package org.raftactors.examples.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Three nodes for one test, under {@code target/process-tests}. After the test they are killed, and
 * if it failed, the ends of their logs are printed.
 */
final class TestCluster implements BeforeEachCallback, AfterEachCallback {

  static final String HOST = "127.0.0.1";
  static final int PARTITIONS = 3;

  /** How long a condition may take; a machine under load needs a multiple of what is usual. */
  static final Duration CEILING = Duration.ofSeconds(60);

  final NodeClient client = new NodeClient();
  private Path root = Path.of("target", "process-tests");
  private final List<NodeProcess> nodes = new ArrayList<>();
  private final List<NodeProcess> started = new ArrayList<>();
  private final List<String> settings;
  private List<Integer> ports = List.of();

  /** Of nodes with further settings, each as {@code key=value}. */
  TestCluster(String... settings) {
    this.settings = List.of(settings);
  }

  static ConditionFactory awaiting(String what) {
    return await(what).atMost(CEILING).pollInterval(Duration.ofMillis(50)).pollDelay(Duration.ZERO);
  }

  @Override
  public void beforeEach(ExtensionContext context) throws Exception {
    SharedClasses.prepare();
    root =
        Path.of(
            "target",
            "process-tests",
            context.getRequiredTestClass().getSimpleName(),
            context.getRequiredTestMethod().getName());
    delete(root);
    ports = FreePorts.find(6);
    for (int i = 1; i <= 3; i++) {
      nodes.add(process(i, dataDir(i), "n" + i));
    }
  }

  @Override
  public void afterEach(ExtensionContext context) throws Exception {
    for (NodeProcess node : started) {
      if (node.isAlive()) {
        node.kill();
      }
    }
    if (context.getExecutionException().isPresent()) {
      for (NodeProcess node : started) {
        System.err.println("==== the end of the log of " + node + " ====");
        System.err.println(node.outputTail(60));
      }
    } else {
      for (int i = 1; i <= 3; i++) {
        delete(dataDir(i));
      }
    }
  }

  /** A further process with the command line of node {@code i}, but another directory and log. */
  NodeProcess process(int i, Path dataDir, String log) {
    int port = ports.get(i - 1);
    int httpPort = ports.get(i + 2);
    return process(i, port, httpPort, dataDir, log);
  }

  NodeProcess process(int i, int port, int httpPort, Path dataDir, String log) {
    String seeds =
        String.join(
            ",",
            IntStream.rangeClosed(1, 3)
                .mapToObj(n -> "n" + n + "@" + HOST + ":" + (n == i ? port : ports.get(n - 1)))
                .toList());
    List<String> arguments =
        List.of(
            "--node-id",
            "n" + i,
            "--host",
            HOST,
            "--port",
            Integer.toString(port),
            "--http-port",
            Integer.toString(httpPort),
            "--seeds",
            seeds,
            "--data-dir",
            dataDir.toString(),
            "--partitions",
            Integer.toString(PARTITIONS),
            "--bind",
            i == 3 ? "0.0.0.0" : HOST);
    NodeProcess node =
        new NodeProcess(
            Path.of("bin", "kv-node"),
            "n" + i,
            InetSocketAddress.createUnresolved(HOST, httpPort),
            settings,
            arguments,
            root.resolve(log + ".log"));
    started.add(node);
    return node;
  }

  /** Where a test may put files about a node; they are kept. */
  Path file(String name) {
    return root.resolve(name).toAbsolutePath();
  }

  Path dataDir(int i) {
    return root.resolve("data-n" + i).toAbsolutePath();
  }

  int port(int i) {
    return ports.get(i - 1);
  }

  /** Node 1, 2 or 3. */
  NodeProcess node(int i) {
    return nodes.get(i - 1);
  }

  List<NodeProcess> nodes() {
    return List.copyOf(nodes);
  }

  List<NodeProcess> others(NodeProcess node) {
    return nodes.stream().filter(other -> other != node).toList();
  }

  void startAll() throws IOException {
    for (NodeProcess node : nodes) {
      node.start();
    }
    nodes.forEach(this::awaitReady);
  }

  void awaitReady(NodeProcess node) {
    awaiting(node + " is ready")
        .until(
            () -> {
              if (!node.isAlive()) {
                throw new IllegalStateException(node + " has ended");
              }
              return client.get(node, "/health/ready").status() == 200;
            });
  }

  /** The node that leads a partition, as far as {@code asked} knows. */
  Optional<NodeProcess> leader(NodeProcess asked, int partition) {
    return status(asked, partition)
        .filter(status -> status.get("leaderPublished").asBoolean())
        .flatMap(
            status ->
                nodes.stream()
                    .filter(node -> node.id().equals(status.get("leader").asText()))
                    .findFirst());
  }

  Optional<JsonNode> status(NodeProcess asked, int partition) {
    Reply reply = client.get(asked, "/raft/partitions");
    if (reply.status() != 200) {
      return Optional.empty();
    }
    for (JsonNode status : reply.json().get("partitions")) {
      if (status.get("id").asInt() == partition) {
        return Optional.of(status);
      }
    }
    return Optional.empty();
  }

  /** Waits until the given nodes name the same leader, one of them. */
  NodeProcess awaitLeader(List<NodeProcess> among, int partition) {
    return awaiting(among + " agree on a leader of partition " + partition)
        .until(
            () -> {
              List<Optional<NodeProcess>> named =
                  among.stream().map(node -> leader(node, partition)).distinct().toList();
              return named.size() == 1 ? named.get(0) : Optional.<NodeProcess>empty();
            },
            leader -> leader.isPresent() && among.contains(leader.get()))
        .orElseThrow();
  }

  /** Waits until every node's Pekko cluster consists of all three, and all are up and reachable. */
  void awaitOneCluster() {
    awaitOneCluster(nodes);
  }

  /** Waits until the Pekko cluster of each of these nodes consists of them and of no others. */
  void awaitOneCluster(List<NodeProcess> of) {
    for (NodeProcess node : of) {
      awaiting(node + " sees one cluster of " + of.size())
          .untilAsserted(
              () -> {
                Reply reply = client.get(node, "/cluster/members");
                assertThat(reply.status()).isEqualTo(200);
                JsonNode members = reply.json().get("members");
                assertThat(members).hasSize(of.size());
                for (JsonNode member : members) {
                  assertThat(member.get("status").asText()).isEqualTo("up");
                  assertThat(member.get("reachable").asBoolean()).isTrue();
                }
              });
    }
  }

  /** Waits until all replicas of every partition have the same state, to the last hash. */
  List<JsonNode> awaitAgreement() {
    List<JsonNode> digests = new ArrayList<>();
    for (int partition = 1; partition <= PARTITIONS; partition++) {
      int asked = partition;
      awaiting("the replicas of partition " + partition + " agree")
          .untilAsserted(
              () -> {
                List<JsonNode> all = nodes.stream().map(node -> digest(node, asked)).toList();
                assertThat(all).allSatisfy(digest -> assertThat(digest).isEqualTo(all.get(0)));
              });
      digests.add(digest(node(1), partition));
    }
    return digests;
  }

  private JsonNode digest(NodeProcess node, int partition) {
    Reply reply = client.get(node, "/kv-digest?partition=" + partition);
    assertThat(reply.status()).as("digest of %s: %s", node, reply).isEqualTo(200);
    return reply.json();
  }

  static void delete(Path directory) throws IOException {
    if (Files.exists(directory)) {
      try (Stream<Path> files = Files.walk(directory)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }
}
