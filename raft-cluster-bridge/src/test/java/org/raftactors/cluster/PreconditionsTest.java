package org.raftactors.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.raftactors.cluster.TestCluster.done;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.nio.file.Path;
import java.util.List;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.raftactors.cluster.internal.NodePlugins;
import org.raftactors.persistence.rocksdb.RocksDbStores;

class PreconditionsTest {

  @TempDir Path directory;

  private final List<String> roster = Ports.roster("n1");

  private void expectRefusal(String config, String... texts) {
    ActorSystem<Void> system =
        ActorSystem.create(
            Behaviors.empty(), "conditions", NodeConfigs.of("n1", roster, directory, config));
    try {
      var refusal =
          assertThatThrownBy(() -> done(RaftNode.get(system).start(Register.APPLICATION)));
      for (String text : texts) {
        refusal.hasMessageContaining(text);
      }
    } finally {
      ActorTestKit.shutdown(system, TestCluster.LONG);
    }
  }

  @Test
  void anotherProvider_isRefused() {
    expectRefusal(
        "pekko.actor.provider = remote", "pekko.actor.provider = remote", "must be cluster");
  }

  @Test
  void anotherAddress_isRefused() {
    expectRefusal(
        "pekko.remote.artery.canonical.port = 0", roster.get(0), "pekko.remote.artery.canonical");
  }

  @Test
  void seedNodes_areRefusedWhileTheNodeFormsTheCluster() {
    expectRefusal(
        "pekko.cluster.seed-nodes = [\"pekko://conditions@127.0.0.1:1\"]",
        "pekko.cluster.seed-nodes",
        "form-cluster");
  }

  @Test
  void compressionOfAddresses_isRefused() {
    String key = "pekko.remote.artery.advanced.compression.actor-refs.max";
    expectRefusal(key + " = 256", key + " = 256 must be off");
  }

  @Test
  void anotherJournal_isRefused() {
    expectRefusal(
        "raft-actors.partition.journal-plugin-id = some.other",
        "raft-actors.partition.journal-plugin-id = some.other",
        NodePlugins.JOURNAL);
  }

  @Test
  void framesThatAppendsDoNotFit_areRefusedNamingBoth() {
    expectRefusal(
        "pekko.remote.artery.advanced.maximum-frame-size = 128 KiB",
        "raft-actors.partition.max-append-bytes",
        "pekko.remote.artery.advanced.maximum-frame-size = 131072");
  }

  @Test
  void theSnapshots_areBesideTheStore_unlessTheyAreConfiguredElsewhere() {
    Config config = NodeConfigs.of("n1", roster, directory);
    String store = config.getString(RocksDbStores.DEFAULT_STORE_PATH + ".directory");
    assertThat(Preconditions.partitionSettings(config).snapshots().directory())
        .isEqualTo(store + "-snapshots");
    Config elsewhere =
        ConfigFactory.parseString("raft-actors.partition.snapshot-directory = /elsewhere")
            .withFallback(config);
    assertThat(Preconditions.partitionSettings(elsewhere).snapshots().directory())
        .isEqualTo("/elsewhere");
  }

  @Test
  void theSnapshots_leaveHalfOfTheStoresReserve_unlessTheyAreToldTo() {
    Config config = NodeConfigs.of("n1", roster, directory);
    String key = RocksDbStores.DEFAULT_STORE_PATH + ".min-free-disk";
    assertThat(minFreeDisk(config)).isEqualTo(config.getBytes(key) / 2).isPositive();
    assertThat(minFreeDisk(config, key + " = 30 MiB")).isEqualTo(15 << 20);
    assertThat(minFreeDisk(config, key + " = 0")).isZero();
    assertThat(minFreeDisk(config, "raft-actors.partition.snapshot-min-free-disk = 7 MiB"))
        .isEqualTo(7 << 20);
  }

  private static long minFreeDisk(Config config, String... more) {
    Config with = ConfigFactory.parseString(String.join("\n", more)).withFallback(config);
    return Preconditions.partitionSettings(with).snapshots().minFreeDisk();
  }

  @Test
  void thePlugins_areThoseOfTheStore() {
    Config config = NodeConfigs.of("n1", roster, directory);
    assertThat(Preconditions.partitionSettings(config).journalPluginId())
        .isEqualTo(NodePlugins.JOURNAL);
    assertThat(Preconditions.storePath(config)).isEqualTo(RocksDbStores.DEFAULT_STORE_PATH);
    for (String plugin : List.of(NodePlugins.SNAPSHOT, RocksDbStores.READ_JOURNAL_PLUGIN_ID)) {
      Config two = ConfigFactory.parseString(plugin + ".store = other").withFallback(config);
      assertThatThrownBy(() -> Preconditions.storePath(two))
          .hasMessageContaining(plugin + ".store = other")
          .hasMessageContaining("has one store");
    }
  }
}
