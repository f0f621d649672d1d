package org.raftactors.cluster;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigValueFactory;
import java.nio.file.Path;
import java.util.List;
import org.apache.pekko.ConfigurationException;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.typed.Cluster;
import org.raftactors.PartitionSettings;
import org.raftactors.cluster.internal.NodePlugins;
import org.raftactors.cluster.internal.NodeSettings;
import org.raftactors.cluster.internal.RosterNode;
import org.raftactors.persistence.rocksdb.RocksDbStores;

/** What must hold of the actor system that a node is to run in. */
final class Preconditions {

  private static final String COMPRESSION =
      "pekko.remote.artery.advanced.compression.actor-refs.max";
  private static final String PARTITION = "raft-actors.partition.";

  private Preconditions() {}

  static void check(ActorSystem<?> system, NodeSettings settings) {
    checkProvider(system);
    checkAddress(system, settings);
    checkCompression(system.settings().config());
    checkFormation(system.settings().config(), settings);
  }

  /**
   * The settings of the partitions. Their log must be in the store whose identity the node checks,
   * so the plugins are given. Their snapshots are beside that store, unless they are configured to
   * be elsewhere, and leave to it the space that only votes and deletions may use.
   */
  static PartitionSettings partitionSettings(Config config) {
    Config with = withPlugin(config, "journal-plugin-id", NodePlugins.JOURNAL);
    with = withPlugin(with, "snapshot-plugin-id", NodePlugins.SNAPSHOT);
    with = withPlugin(with, "read-journal-plugin-id", RocksDbStores.READ_JOURNAL_PLUGIN_ID);
    return PartitionSettings.of(withSnapshotReserve(withSnapshotDirectory(with)));
  }

  private static Config withSnapshotReserve(Config config) {
    String path = PARTITION + "snapshot-min-free-disk";
    long reserve = config.getBytes(storePath(config) + ".min-free-disk") / 2;
    if (!config.getString(path).isBlank() || reserve == 0) {
      return config;
    }
    return config.withValue(path, ConfigValueFactory.fromAnyRef(reserve + " B"));
  }

  private static Config withSnapshotDirectory(Config config) {
    String path = PARTITION + "snapshot-directory";
    String store = config.getString(storePath(config) + ".directory");
    if (!config.getString(path).isBlank() || store.isBlank()) {
      return config;
    }
    // Not in it: that directory is the store's alone.
    String directory = Path.of(store).normalize() + "-snapshots";
    return config.withValue(path, ConfigValueFactory.fromAnyRef(directory));
  }

  /**
   * Where the settings of the store are: the journal's, and the same for snapshots and for the read
   * journal, which would not find the entries that a slow follower lacks in another one.
   */
  static String storePath(Config config) {
    String journal = config.getString(NodePlugins.JOURNAL + ".store");
    for (String plugin : List.of(NodePlugins.SNAPSHOT, RocksDbStores.READ_JOURNAL_PLUGIN_ID)) {
      String other = config.getString(plugin + ".store");
      if (!journal.equals(other)) {
        throw new IllegalArgumentException(
            plugin
                + ".store = "
                + other
                + " must be the same as "
                + NodePlugins.JOURNAL
                + ".store = "
                + journal
                + ": a node has one store");
      }
    }
    return journal;
  }

  private static Config withPlugin(Config config, String key, String plugin) {
    String path = PARTITION + key;
    String configured = config.hasPath(path) ? config.getString(path) : "";
    if (!configured.isEmpty() && !configured.equals(plugin)) {
      throw new IllegalArgumentException(
          path
              + " = "
              + configured
              + " must be empty or "
              + plugin
              + " on a node: the identity of its store is what protects the cluster from a node"
              + " that lost its data");
    }
    return config.withValue(path, ConfigValueFactory.fromAnyRef(plugin));
  }

  private static void checkProvider(ActorSystem<?> system) {
    try {
      Cluster.get(system);
    } catch (ConfigurationException e) {
      throw new IllegalArgumentException(
          "pekko.actor.provider = "
              + system.settings().config().getString("pekko.actor.provider")
              + " must be cluster for a node: include raft-node.conf",
          e);
    }
  }

  private static void checkAddress(ActorSystem<?> system, NodeSettings settings) {
    Address address = system.address();
    RosterNode self = settings.selfNode();
    if (!address.getHost().map(self.host()::equals).orElse(false)
        || !address.getPort().map(port -> port == self.port()).orElse(false)) {
      throw new IllegalArgumentException(
          "raft-actors.node.initial-nodes says that this node is "
              + self
              + ", but its remoting is at "
              + address.hostPort()
              + ": it must be the same as pekko.remote.artery.canonical.hostname and port");
    }
  }

  /** Messages to fixed paths would be lost for good, once some came before the actors did. */
  private static void checkCompression(Config config) {
    String max = config.getString(COMPRESSION);
    if (!max.equals("off") && !max.equals("0")) {
      throw new IllegalArgumentException(
          COMPRESSION
              + " = "
              + max
              + " must be off: with it, remoting may drop all messages to this node that were sent"
              + " before its start was done, and all later ones, too; include raft-node.conf");
    }
  }

  private static void checkFormation(Config config, NodeSettings settings) {
    if (settings.formCluster() && !config.getStringList("pekko.cluster.seed-nodes").isEmpty()) {
      throw new IllegalArgumentException(
          "pekko.cluster.seed-nodes = "
              + config.getStringList("pekko.cluster.seed-nodes")
              + " must be empty while raft-actors.node.form-cluster is on: the nodes find each"
              + " other by raft-actors.node.initial-nodes");
    }
  }
}
