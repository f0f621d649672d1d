package org.raftactors.cluster;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.nio.file.Path;
import java.util.List;

/** Configurations of nodes that run in the JVM of a test. */
public final class NodeConfigs {

  private NodeConfigs() {}

  /** A node of a roster, with its store below a directory; what comes first wins. */
  public static Config of(String id, List<String> roster, Path directory, String... more) {
    String own =
        roster.stream().filter(entry -> entry.startsWith(id + "@")).findFirst().orElseThrow();
    String port = own.substring(own.lastIndexOf(':') + 1);
    String nodes = '"' + String.join("\",\"", roster) + '"';
    return ConfigFactory.parseString(String.join("\n", more))
        .withFallback(
            ConfigFactory.parseString(
                """
                pekko.remote.artery.canonical { hostname = "127.0.0.1", port = %s }
                pekko.cluster.jmx.multi-mbeans-in-same-jvm = on
                pekko.coordinated-shutdown {
                  run-by-jvm-shutdown-hook = off
                  phases {
                    cluster-leave.timeout = 500ms
                    cluster-exiting.timeout = 500ms
                    cluster-exiting-done.timeout = 500ms
                  }
                  reason-overrides {
                    "org.raftactors.cluster.RaftNode$Refused".exit-jvm = off
                    "org.raftactors.cluster.RaftNode$OtherCluster".exit-jvm = off
                    "org.apache.pekko.actor.CoordinatedShutdown$ClusterDowningReason$".exit-jvm = off
                  }
                }
                raft-actors.node { node-id = %s, initial-nodes = [%s], partitions = 2 }
                raft-actors.node { hello-interval = 100ms, split-grace = 1s }
                raft-actors.node.client.deadline = 60s
                raft-actors.persistence.rocksdb.store.directory = "%s"
                """
                    .formatted(port, id, nodes, directory.resolve(id))))
        .withFallback(RaftNode.defaults())
        .withFallback(ConfigFactory.load());
  }
}
