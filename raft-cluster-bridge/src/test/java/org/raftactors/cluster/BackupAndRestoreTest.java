package org.raftactors.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.raftactors.cluster.TestCluster.LONG;
import static org.raftactors.cluster.TestCluster.done;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.raftactors.PartitionId;
import org.raftactors.ReadLevel;
import org.raftactors.SnapshotResult;
import org.raftactors.backup.BackupContents;
import org.raftactors.backup.BackupFile;
import org.raftactors.backup.BackupLabel;
import org.raftactors.backup.UnusableBackupException;

/** Whole nodes: a backup of one cluster, and what another one makes of it. */
class BackupAndRestoreTest {

  private static final PartitionId FIRST = new PartitionId(1);
  private static final List<String> IDS = List.of("n1", "n2", "n3");

  @TempDir static Path source;
  private static Path backup = Path.of("");
  private static BackupContents contents =
      new BackupContents(new BackupLabel("", "", Instant.EPOCH, 0, 0), List.of());
  private static String clusterId = "";

  @TempDir Path directory;

  private TestCluster cluster;

  @BeforeAll
  static void makeABackup() throws IOException {
    backup = source.resolve("b.backup");
    try (TestCluster old = new TestCluster(source, "old")) {
      old.up("old");
      old.awaitReady();
      for (int i = 0; i < 50; i++) {
        old.put("old", "key" + i, "text" + i);
      }
      clusterId = done(old.get("old").started()).clusterId();
      try (InputStream stream = old.get("old").node().backup(LONG)) {
        contents = BackupFile.write(stream, backup);
      }
    }
  }

  @BeforeEach
  void create() {
    cluster = new TestCluster(directory, "n1", "n2", "n3");
  }

  @AfterEach
  void close() {
    cluster.close();
  }

  private void restore(String id) throws IOException {
    assertThat(Restore.restore(backup, directory.resolve(id))).isEqualTo(contents);
  }

  private Path restored(String id) {
    return directory.resolve(id + "-restored");
  }

  private String failure(String id) {
    try {
      done(cluster.get(id).started());
    } catch (CompletionException e) {
      return String.valueOf(e.getMessage());
    }
    throw new AssertionError(id + " has started");
  }

  @Test
  void aNewCluster_ofOtherNodes_beginsWithTheBackup_underAnIdOfItsOwn() throws Exception {
    assertThat(contents.label().clusterId()).isEqualTo(clusterId);
    for (String id : IDS) {
      restore(id);
      cluster.up(id);
    }
    cluster.awaitReady();
    String newId = done(cluster.get("n1").started()).clusterId();
    assertThat(newId).isNotEqualTo(clusterId);
    for (int i = 0; i < 50; i++) {
      assertThat(cluster.read(IDS.get(i % 3), "key" + i, ReadLevel.LINEARIZABLE))
          .isEqualTo("text" + i);
    }
    for (BackupContents.Part part : contents.parts()) {
      for (String id : IDS) {
        assertThat(cluster.status(id, part.partition()).term())
            .isGreaterThan(part.position().term());
        assertThat(cluster.status(id, part.partition()).snapshots().baseIndex())
            .isEqualTo(part.position().index());
        assertThat(cluster.status(id, part.partition()).voters()).hasSize(3);
      }
    }
    cluster.put("n2", "key1", "changed");

    // From now on it is a cluster as any other: after a restart, after a snapshot of its own.
    SnapshotResult taken = done(cluster.get("n1").node().takeSnapshot(FIRST, LONG));
    assertThat(taken).isInstanceOf(SnapshotResult.Taken.class);
    for (String id : IDS) {
      await().atMost(LONG).until(() -> !Files.exists(restored(id)));
      cluster.down(id);
    }
    IDS.forEach(cluster::up);
    cluster.awaitReady();
    assertThat(done(cluster.get("n1").started()).clusterId()).isEqualTo(newId);
    assertThat(cluster.read("n3", "key1", ReadLevel.LINEARIZABLE)).isEqualTo("changed");
    assertThat(cluster.read("n3", "key2", ReadLevel.LINEARIZABLE)).isEqualTo("text2");
  }

  @Test
  void aClusterOfWhichSomeNodesWereRestored_doesNotStart_untilAllAre() throws Exception {
    restore("n1");
    restore("n2");
    IDS.forEach(cluster::up);
    assertThat(failure("n3")).contains("n3 has no restored backup");
    assertThat(failure("n3")).contains("Restore the same backup for every initial node");
    IDS.forEach(cluster::down);
    // The one that was started without has a store now, which is data.
    assertThatThrownBy(() -> restore("n3"))
        .isInstanceOf(RestoreRefusedException.class)
        .hasMessageContaining(directory.resolve("n3").toString())
        .hasMessageContaining("empty directories only");
    cluster.wipe("n3");
    restore("n3");
    IDS.forEach(cluster::up);
    cluster.awaitReady();
    assertThat(cluster.read("n3", "key7", ReadLevel.LINEARIZABLE)).isEqualTo("text7");
  }

  @Test
  void aRestoreThatWasInterrupted_startsNothing_andCanBeRunAgain() throws Exception {
    TestCluster alone = new TestCluster(directory, "n1");
    try (alone) {
      Files.createDirectories(restored("n1"));
      Path part = restored("n1").resolve("backup" + BackupFile.UNFINISHED);
      Files.write(part, new byte[1_000]);
      alone.up("n1");
      assertThatThrownBy(() -> done(alone.get("n1").started()))
          .hasMessageContaining(part.toString())
          .hasMessageContaining("interrupted");
      alone.down("n1");
      restore("n1");
      restore("n1"); // there already: nothing happens
      alone.up("n1");
      alone.awaitReady();
      assertThat(alone.read("n1", "key3", ReadLevel.LINEARIZABLE)).isEqualTo("text3");
    }
  }

  @Test
  void aBackupThatIsDamagedWhenItIsTakenOver_keepsTheNodeFromStarting_andCanBeReplaced()
      throws Exception {
    TestCluster alone = new TestCluster(directory, "n1");
    try (alone) {
      restore("n1");
      Path file = restored("n1").resolve("backup");
      byte[] good = Files.readAllBytes(file);
      byte[] bad = good.clone();
      bad[bad.length - 120] ^= 1; // in the last partition: the first is written before
      Files.write(file, bad);
      alone.up("n1");
      assertThatThrownBy(() -> done(alone.get("n1").started()))
          .hasMessageContaining("cannot take over")
          .hasMessageContaining("partition 2, byte ");
      alone.down("n1");
      Files.write(file, good);
      alone.up("n1");
      alone.awaitReady();
      assertThat(alone.read("n1", "key3", ReadLevel.LINEARIZABLE)).isEqualTo("text3");
    }
  }

  @Test
  void whatIsLeftOfABackupThatWasTakenOver_isNoMatter_evenIfItIsDamaged() throws Exception {
    TestCluster alone = new TestCluster(directory, "n1");
    try (alone) {
      restore("n1");
      alone.up("n1");
      alone.awaitReady();
      alone.down("n1");
      Path left = Files.createDirectories(restored("n1")).resolve("backup");
      Files.write(left, new byte[] {1, 2, 3});
      alone.up("n1");
      alone.awaitReady();
      assertThat(alone.read("n1", "key3", ReadLevel.LINEARIZABLE)).isEqualTo("text3");
      await().atMost(TestCluster.LONG).until(() -> !Files.exists(left));
      alone.down("n1");

      Path other = Files.createDirectories(restored("n2")).resolve("backup");
      Files.write(other, new byte[] {1, 2, 3});
      TestCluster second = new TestCluster(directory, "n2");
      try (second) {
        second.up("n2");
        assertThatThrownBy(() -> done(second.get("n2").started()))
            .hasMessageContaining(other.toString());
      }
      assertThat(directory.resolve("n2")).doesNotExist();
    }
  }

  @Test
  void overData_nothingIsRestored() throws Exception {
    for (String name : List.of("n1", "n1-snapshots")) {
      Path data = Files.createDirectories(directory.resolve(name));
      Files.createDirectories(directory.resolve("n1")); // empty is fine
      Files.writeString(data.resolve("something"), "x");
      assertThatThrownBy(() -> restore("n1"))
          .isInstanceOf(RestoreRefusedException.class)
          .hasMessageContaining(data.toString())
          .hasMessageContaining("something")
          .hasMessageContaining("empty directories only");
      assertThat(restored("n1")).doesNotExist();
      Files.delete(data.resolve("something"));
    }
    restore("n1");
  }

  @Test
  void aDamagedBackup_isNotRestored() throws Exception {
    byte[] bytes = Files.readAllBytes(backup);
    bytes[bytes.length / 2] ^= 1;
    Path damaged = Files.write(directory.resolve("damaged"), bytes);
    assertThatThrownBy(() -> Restore.restore(damaged, directory.resolve("n1")))
        .isInstanceOf(UnusableBackupException.class)
        .hasMessageContaining(damaged.toString());
    assertThat(restored("n1")).doesNotExist();
  }

  @Test
  void anotherNumberOfPartitions_isRefused() throws Exception {
    TestCluster alone = new TestCluster(directory, "n1");
    try (alone) {
      restore("n1");
      alone.up("n1", "raft-actors.node.partitions = 3");
      assertThatThrownBy(() -> done(alone.get("n1").started()))
          .hasMessageContaining("raft-actors.node.partitions is 3")
          .hasMessageContaining("has 2");
      alone.down("n1");
      assertThat(directory.resolve("n1")).doesNotExist();
    }
  }

  @Test
  void aBackupWithoutALeader_isGivenUp_andSaysWhy() throws Exception {
    cluster.up("n1");
    assertThatThrownBy(() -> cluster.get("n1").node().backup(LONG))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("has not started");
    cluster.up("n2");
    cluster.up("n3");
    cluster.awaitReady();
    cluster.down("n2");
    cluster.down("n3");
    await().atMost(LONG).until(() -> cluster.status("n1", FIRST).leader().isEmpty());
    try (InputStream stream = cluster.get("n1").node().backup(Duration.ofSeconds(1))) {
      assertThatThrownBy(() -> BackupFile.write(stream, directory.resolve("none")))
          .isInstanceOf(UnusableBackupException.class)
          .hasMessageContaining("NO_LEADER");
    }
    assertThat(directory.resolve("none")).doesNotExist();
  }
}
