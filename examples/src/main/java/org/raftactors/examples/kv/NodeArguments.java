package org.raftactors.examples.kv;

import com.typesafe.config.Config;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.raftactors.examples.NodeConfig;

/**
 * The command line of a node.
 *
 * @param nodeId names this node for ever
 * @param host the host name or address at which others reach this node
 * @param port for the other nodes
 * @param httpPort for clients
 * @param bind what is bound on this machine; the host unless said otherwise
 * @param seeds all nodes of the initial cluster, this one among them
 * @param dataDir where this node keeps its log
 * @param partitions how many partitions the store has
 */
record NodeArguments(
    String nodeId,
    String host,
    int port,
    int httpPort,
    String bind,
    List<Seed> seeds,
    Path dataDir,
    int partitions) {

  static final String USAGE =
      """
      Usage: kv-node --node-id ID --host HOST --port PORT --http-port PORT --seeds LIST --data-dir DIR
                     [--partitions N] [--bind ADDRESS]

      Runs one node of the replicated key-value service in the foreground, until SIGTERM or Ctrl-C.

        --node-id ID      names this node for ever: letters, digits, '-' and '_', at most 64
        --host HOST       host name or address at which the other nodes and clients reach this node
        --port PORT       port for the other nodes, 1 to 65535
        --http-port PORT  port for clients, 1 to 65535
        --seeds LIST      all nodes of the initial cluster, this one among them, the same list
                          everywhere: ID@HOST:PORT,ID@HOST:PORT,...
        --data-dir DIR    where this node keeps its log; made if it is missing
        --partitions N    number of partitions, 1 to 1024, the same everywhere (default 4)
        --bind ADDRESS    address to bind instead of HOST, for instance 0.0.0.0
        --help            prints this

      Exit status, with a line on stderr for each but 0:
         0  after a clean stop
         1  the node could not start or stop, or was refused at its start
         2  bad command line
        75  the running node was downed or is in another Pekko cluster than the others: start it again
        78  the running node was found not to belong to the others: see to the cause first
      """;

  private static final Set<String> NAMES =
      Set.of(
          "--node-id",
          "--host",
          "--port",
          "--http-port",
          "--seeds",
          "--data-dir",
          "--partitions",
          "--bind");

  /**
   * One node of the initial cluster.
   *
   * @param id its node id
   * @param host where it is reached
   * @param port its port for other nodes
   */
  record Seed(String id, String host, int port) {
    @Override
    public String toString() {
      return id + "@" + host + ":" + port;
    }
  }

  NodeArguments {
    seeds = List.copyOf(seeds);
  }

  static NodeArguments parse(String... arguments) throws BadArgumentException {
    Map<String, String> given = new LinkedHashMap<>();
    for (int i = 0; i < arguments.length; i += 2) {
      String name = arguments[i];
      if (!NAMES.contains(name)) {
        throw new BadArgumentException("'" + name + "' is not an argument of kv-node");
      }
      if (i + 1 == arguments.length) {
        throw new BadArgumentException(name + " needs a value");
      }
      if (given.put(name, arguments[i + 1]) != null) {
        throw new BadArgumentException(name + " is given twice");
      }
    }
    String nodeId = nodeId("--node-id", required(given, "--node-id"));
    String host = host("--host", required(given, "--host"));
    int port = number("--port", required(given, "--port"), 65535);
    int httpPort = number("--http-port", required(given, "--http-port"), 65535);
    if (port == httpPort) {
      throw new BadArgumentException(
          "--http-port is '" + httpPort + "', but must not be the same as --port");
    }
    NodeArguments parsed =
        new NodeArguments(
            nodeId,
            host,
            port,
            httpPort,
            host("--bind", given.getOrDefault("--bind", host)),
            seeds(required(given, "--seeds")),
            path(required(given, "--data-dir")),
            number("--partitions", given.getOrDefault("--partitions", "4"), 1024));
    Seed self = new Seed(nodeId, host, port);
    if (!parsed.seeds().contains(self)) {
      throw new BadArgumentException(
          "--seeds is '" + given.get("--seeds") + "', but must contain this node, " + self);
    }
    return parsed;
  }

  /** The whole configuration of the actor system. */
  Config config() {
    return new NodeConfig(
            nodeId,
            host,
            port,
            bind,
            seeds.stream().map(Seed::toString).toList(),
            dataDir,
            partitions)
        .load();
  }

  private static String required(Map<String, String> given, String name)
      throws BadArgumentException {
    String value = given.get(name);
    if (value == null) {
      throw new BadArgumentException(name + " is missing");
    }
    return value;
  }

  private static String nodeId(String name, String value) throws BadArgumentException {
    if (!value.matches("[A-Za-z0-9_-]{1,64}")) {
      throw new BadArgumentException(
          name
              + " is '"
              + value
              + "', but a node id consists of 1 to 64 letters, digits, '-' and '_'");
    }
    return value;
  }

  private static String host(String name, String value) throws BadArgumentException {
    if (!value.matches("[^\\s/@,]+")) {
      throw new BadArgumentException(
          name + " is '" + value + "', but must be a host name or an address");
    }
    return value;
  }

  private static int number(String name, String value, int max) throws BadArgumentException {
    if (!value.matches("[0-9]{1,5}")
        || Integer.parseInt(value) < 1
        || Integer.parseInt(value) > max) {
      throw new BadArgumentException(
          name + " is '" + value + "', but must be a number from 1 to " + max);
    }
    return Integer.parseInt(value);
  }

  private static Path path(String value) throws BadArgumentException {
    if (value.isBlank()) {
      throw new BadArgumentException("--data-dir is '" + value + "', but must name a directory");
    }
    try {
      return Path.of(value).toAbsolutePath().normalize();
    } catch (InvalidPathException e) {
      throw new BadArgumentException("--data-dir is '" + value + "': " + e.getReason());
    }
  }

  private static List<Seed> seeds(String value) throws BadArgumentException {
    List<Seed> seeds = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    Set<String> addresses = new HashSet<>();
    for (String text : value.split(",", -1)) {
      int at = text.indexOf('@');
      int colon = text.lastIndexOf(':');
      if (at < 0 || colon < at) {
        throw new BadArgumentException(
            "--seeds has '" + text + "', but each seed is written ID@HOST:PORT");
      }
      Seed seed =
          new Seed(
              nodeId("--seeds", text.substring(0, at)),
              host("--seeds", text.substring(at + 1, colon)),
              number("--seeds", text.substring(colon + 1), 65535));
      if (!ids.add(seed.id()) || !addresses.add(seed.host() + ":" + seed.port())) {
        throw new BadArgumentException(
            "--seeds has '" + text + "', but every id and every address may occur only once");
      }
      seeds.add(seed);
    }
    return seeds;
  }
}
