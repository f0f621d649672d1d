package org.raftactors.examples.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.raftactors.examples.process.FreePorts;
import org.raftactors.examples.process.NodeClient;
import org.raftactors.examples.process.NodeProcess;
import org.raftactors.examples.process.Reply;

/**
 * The nodes, and proxies in front of the remoting and of the replication links of each. Node i
 * advertises 127.0.1.i, where its proxies listen, binds 127.0.2.i with the same ports, and connects
 * to others from there. Clients are not behind the proxies.
 */
final class ChaosCluster implements AutoCloseable {

  static final int PARTITIONS = 3;

  private final List<ChaosNode> nodes = new ArrayList<>();
  private final Map<Fault.Direction, Link> links = new HashMap<>();
  private final List<Proxy> proxies = new ArrayList<>();
  private final List<SmallDisk> disks = new ArrayList<>();
  private final NodeClient client = new NodeClient();

  ChaosCluster(ChaosOptions options, Path root) throws IOException {
    int count = options.nodes();
    List<Integer> ports = FreePorts.find(3 * count);
    String seeds =
        String.join(
            ",",
            IntStream.range(0, count)
                .mapToObj(i -> "n" + (i + 1) + "@" + advertised(i) + ":" + ports.get(i))
                .toList());
    for (int i = 0; i < count; i++) {
      List<String> arguments = new ArrayList<>(List.of("--node-id", "n" + (i + 1)));
      arguments.addAll(List.of("--host", advertised(i), "--bind", bound(i)));
      arguments.addAll(List.of("--port", Integer.toString(ports.get(i))));
      arguments.addAll(List.of("--http-port", Integer.toString(ports.get(count + i))));
      arguments.addAll(List.of("--seeds", seeds));
      Path home = root.resolve("n" + (i + 1));
      arguments.addAll(List.of("--data-dir", home.resolve("data").toString()));
      arguments.addAll(List.of("--partitions", Integer.toString(PARTITIONS)));
      List<String> settings = settings(options);
      settings.add("pekko.remote.artery.advanced.tcp.outbound-client-hostname=" + bound(i));
      settings.add("raft-actors.replication-link.port=" + ports.get(2 * count + i));
      NodeProcess process =
          new NodeProcess(
              options.script(),
              "n" + (i + 1),
              new InetSocketAddress(bound(i), ports.get(count + i)),
              settings,
              arguments,
              root.resolve("n" + (i + 1) + ".log"));
      nodes.add(new ChaosNode(process, home, disk(options, home)));
      Map<InetAddress, Link> toThis = new HashMap<>();
      for (int from = 0; from < count; from++) {
        if (from != i) {
          Link link = new Link();
          links.put(new Fault.Direction(from, i), link);
          toThis.put(InetAddress.getByName(bound(from)), link);
        }
      }
      for (int port : List.of(ports.get(i), ports.get(2 * count + i))) {
        proxies.add(
            new Proxy(
                new InetSocketAddress(advertised(i), port),
                new InetSocketAddress(bound(i), port),
                toThis));
      }
    }
  }

  private static List<String> settings(ChaosOptions options) {
    List<String> settings = new ArrayList<>(options.snapshots().settings());
    if (options.faults().contains(Fault.Kind.DAMAGE)) {
      // Otherwise the last second can be cut off unseen, and the judge could not know.
      settings.add("raft-actors.persistence.rocksdb.store.mark-interval=0s");
    }
    if (options.faults().contains(Fault.Kind.FULL)) {
      settings.addAll(SmallDisk.SETTINGS);
    }
    return settings;
  }

  private @Nullable SmallDisk disk(ChaosOptions options, Path home) throws IOException {
    if (!options.faults().contains(Fault.Kind.FULL)) {
      return null;
    }
    SmallDisk disk = SmallDisk.mount(home);
    disks.add(disk);
    return disk;
  }

  private static String advertised(int node) {
    return "127.0.1." + (node + 1);
  }

  private static String bound(int node) {
    return "127.0.2." + (node + 1);
  }

  List<ChaosNode> nodes() {
    return nodes;
  }

  Link link(Fault.Direction direction) {
    Link link = links.get(direction);
    if (link == null) {
      throw new IllegalArgumentException("no such connection: " + direction);
    }
    return link;
  }

  void startAll() throws IOException {
    for (ChaosNode node : nodes) {
      node.start();
    }
  }

  /** Kills all at once and starts them again: what they say afterwards comes from their disks. */
  void restartAll() throws IOException, InterruptedException {
    for (ChaosNode node : nodes) {
      node.kill();
    }
    for (ChaosNode node : nodes) {
      node.mayRun();
    }
  }

  /** Those that run, or should. */
  List<ChaosNode> notLost() {
    return nodes.stream().filter(node -> node.lost() == null).toList();
  }

  /** Whether all say that they can serve; but for what was damaged, which says that. */
  boolean allReady() {
    return notLost().stream().allMatch(this::isReady);
  }

  private boolean isReady(ChaosNode node) {
    Reply reply = client.get(node.process, "/health/ready");
    if (reply.status() != 503 || !node.isDamaged()) {
      return reply.status() == 200;
    }
    for (JsonNode problem : reply.json().path("problems")) {
      if (!NodeLogs.isDamage(problem.asText())) {
        return false;
      }
    }
    return true;
  }

  /** Whether a node says that its replica has failed, as one may whose files were damaged. */
  private boolean hasFailed(ChaosNode node, int partition) {
    if (node.isDamaged()) {
      for (JsonNode status : partitions(node).orElse(NullNode.instance)) {
        if (status.get("id").asInt() == partition
            && status.get("state").asText().equals("failed")) {
          return true;
        }
      }
    }
    return false;
  }

  /** How many snapshots were taken, as far as the nodes' logs say. */
  long snapshots() throws IOException {
    return count(" saved snapshot ");
  }

  /** How many were sent to a node that needed one. */
  long snapshotsSent() throws IOException {
    return count(" has ended: the receiver says DELIVERED");
  }

  private long count(String text) throws IOException {
    long count = 0;
    for (ChaosNode node : nodes) {
      count += NodeLogs.lines(node.process).stream().filter(line -> line.contains(text)).count();
    }
    return count;
  }

  /** What there is of damage in the end, for people. */
  List<String> losses() {
    List<String> losses = new ArrayList<>();
    for (ChaosNode node : nodes) {
      if (node.lost() != null) {
        losses.add(node + " is lost: " + node.lost());
      }
      for (int partition = 1; partition <= PARTITIONS; partition++) {
        if (node.lost() == null && hasFailed(node, partition)) {
          losses.add(node + " has failed in partition " + partition);
        }
      }
    }
    return losses;
  }

  Optional<JsonNode> partitions(ChaosNode node) {
    Reply reply = client.get(node.process, "/raft/partitions");
    return reply.status() == 200 ? Optional.of(reply.json().get("partitions")) : Optional.empty();
  }

  /**
   * What the replicas of a partition are, to the last hash; only one if they are equal. Those that
   * were damaged and say so do not count.
   */
  Set<JsonNode> digests(int partition) {
    Set<JsonNode> digests = new HashSet<>();
    for (ChaosNode node : notLost()) {
      if (hasFailed(node, partition)) {
        continue;
      }
      Reply reply = client.get(node.process, "/kv-digest?partition=" + partition);
      digests.add(reply.status() == 200 ? reply.json() : refusal(node, reply));
    }
    return digests;
  }

  private static JsonNode refusal(ChaosNode node, Reply reply) {
    return TextNode.valueOf(node + " answered " + reply);
  }

  @Override
  public void close() throws IOException {
    for (ChaosNode node : nodes) {
      try {
        if (node.process.isAlive()) {
          node.process.kill();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    Proxy.close(proxies);
    while (!disks.isEmpty()) {
      disks.remove(disks.size() - 1).close();
    }
  }
}
