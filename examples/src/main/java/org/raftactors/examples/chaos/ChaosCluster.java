package org.raftactors.examples.chaos;

import com.fasterxml.jackson.databind.JsonNode;
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
import org.raftactors.examples.process.FreePorts;
import org.raftactors.examples.process.NodeClient;
import org.raftactors.examples.process.NodeProcess;
import org.raftactors.examples.process.Reply;

/**
 * The nodes, and a proxy in front of the remoting of each. Node i advertises 127.0.1.i, where its
 * proxy listens, binds 127.0.2.i with the same port, and connects to others from there. Clients are
 * not behind the proxies.
 */
final class ChaosCluster implements AutoCloseable {

  static final int PARTITIONS = 3;

  private final List<ChaosNode> nodes = new ArrayList<>();
  private final Map<Fault.Direction, Link> links = new HashMap<>();
  private final List<Proxy> proxies = new ArrayList<>();
  private final NodeClient client = new NodeClient();

  ChaosCluster(ChaosOptions options, Path root) throws IOException {
    int count = options.nodes();
    List<Integer> ports = FreePorts.find(2 * count);
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
      arguments.addAll(List.of("--data-dir", root.resolve("data-n" + (i + 1)).toString()));
      arguments.addAll(List.of("--partitions", Integer.toString(PARTITIONS)));
      String clientHost = "pekko.remote.artery.advanced.tcp.outbound-client-hostname=" + bound(i);
      nodes.add(
          new ChaosNode(
              new NodeProcess(
                  options.script(),
                  "n" + (i + 1),
                  new InetSocketAddress(bound(i), ports.get(count + i)),
                  List.of(clientHost),
                  arguments,
                  root.resolve("n" + (i + 1) + ".log"))));
      Map<InetAddress, Link> toThis = new HashMap<>();
      for (int from = 0; from < count; from++) {
        if (from != i) {
          Link link = new Link();
          links.put(new Fault.Direction(from, i), link);
          toThis.put(InetAddress.getByName(bound(from)), link);
        }
      }
      proxies.add(
          new Proxy(
              new InetSocketAddress(advertised(i), ports.get(i)),
              new InetSocketAddress(bound(i), ports.get(i)),
              toThis));
    }
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

  /** Those that say that they can serve. */
  boolean allReady() {
    return nodes.stream()
        .allMatch(node -> client.get(node.process, "/health/ready").status() == 200);
  }

  Optional<JsonNode> partitions(ChaosNode node) {
    Reply reply = client.get(node.process, "/raft/partitions");
    return reply.status() == 200 ? Optional.of(reply.json().get("partitions")) : Optional.empty();
  }

  /** What the replicas of a partition are, to the last hash; only one if they are equal. */
  Set<JsonNode> digests(int partition) {
    Set<JsonNode> digests = new HashSet<>();
    for (ChaosNode node : nodes) {
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
  }
}
