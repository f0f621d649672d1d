package org.raftactors.examples;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the command line of a node says, as configuration. The rest comes from {@code
 * application.conf} and the {@code reference.conf} of each library.
 *
 * @param nodeId names the node for ever
 * @param host at which others reach it
 * @param port for other nodes
 * @param bind the address to bind
 * @param initialNodes all nodes of the initial cluster, each as {@code id@host:port}
 * @param dataDir where it keeps its log
 * @param partitions how many partitions the cluster has
 */
public record NodeConfig(
    String nodeId,
    String host,
    int port,
    String bind,
    List<String> initialNodes,
    Path dataDir,
    int partitions) {

  /** Copies the list. */
  public NodeConfig {
    initialNodes = List.copyOf(initialNodes);
  }

  /**
   * The whole configuration of the actor system.
   *
   * @return resolved, with all defaults
   */
  public Config load() {
    Map<String, Object> settings = new HashMap<>();
    settings.put("pekko.remote.artery.canonical.hostname", host);
    settings.put("pekko.remote.artery.canonical.port", port);
    settings.put("pekko.remote.artery.bind.hostname", bind);
    settings.put("pekko.remote.artery.bind.port", port);
    settings.put("raft-actors.node.node-id", nodeId);
    settings.put("raft-actors.node.initial-nodes", initialNodes);
    settings.put("raft-actors.node.partitions", partitions);
    settings.put("raft-actors.persistence.rocksdb.store.directory", dataDir.toString());
    // Settings given to the JVM with -D win over all of these.
    return ConfigFactory.defaultOverrides()
        .withFallback(ConfigFactory.parseMap(settings, "the command line"))
        .withFallback(ConfigFactory.load())
        .resolve();
  }
}
