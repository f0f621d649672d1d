package org.raftactors.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.raftactors.cluster.TestCluster.LONG;
import static org.raftactors.cluster.TestCluster.done;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.raftactors.PartitionId;
import org.raftactors.PartitionStatus;
import org.raftactors.PartitionStatus.State;
import org.raftactors.ProposalResult;
import org.raftactors.ReadLevel;
import org.raftactors.persistence.rocksdb.JournalDamage;
import org.raftactors.persistence.rocksdb.ScrubReport;

/** Damage that no recovery meets: a scrub finds it, and the replica that it concerns stops. */
class ScrubbedNodeTest {

  /** A restart soon begins behind the first entries, and snapshots replace none of them. */
  private static final String SMALL =
      """
      raft-actors.partition {
        max-entry-bytes = 1 KiB
        max-append-bytes = 4 KiB
        max-write-bytes = 4 KiB
        max-apply-batch-bytes = 4 KiB
        tail-bytes = 4 KiB
        snapshot-every-bytes = 8 KiB
        snapshot-after-entries = 20
        snapshot-growth = 0
        log-kept-entries = 1000000
      }
      """;

  @TempDir Path directory;

  private TestCluster cluster;
  private PartitionId partition = new PartitionId(1);
  private StoppedStore.Found damaged;

  @BeforeEach
  void damageOneReplica() throws Exception {
    cluster = new TestCluster(directory, "n1", "n2", "n3");
    for (String id : List.of("n1", "n2", "n3")) {
      cluster.up(id, SMALL);
    }
    cluster.awaitReady();
    partition = cluster.get("n1").node().partitionFor("key");
    for (int i = 0; i < 40; i++) {
      cluster.put("n1", "key", "text" + i + " ".repeat(800));
    }
    await()
        .atMost(LONG)
        .until(
            () ->
                cluster.status("n3", partition).appliedIndex()
                    == cluster.status(cluster.awaitLeader(partition), partition).commitIndex());
    cluster.down("n3");
    try (StoppedStore store = new StoppedStore(directory.resolve("n3"))) {
      damaged = store.damage("key=text0");
      assertThat(store.hasSnapshotBehind(damaged)).isTrue(); // recovery will not see the damage
    }
  }

  @AfterEach
  void close() {
    cluster.close();
  }

  private PartitionId other() {
    return new PartitionId(3 - partition.value());
  }

  private void awaitFailed() {
    done(cluster.get("n3").started());
    await().atMost(LONG).until(() -> cluster.status("n3", partition).state() == State.FAILED);
    PartitionStatus status = cluster.status("n3", partition);
    assertThat(status.detail())
        .contains("the journal is damaged")
        .contains(directory.resolve("n3").toString())
        .contains("sequence number " + damaged.sequenceNumber());
    await().atMost(LONG).until(() -> cluster.status("n3", other()).state() == State.RUNNING);
    StorageStatus storage = cluster.get("n3").node().storage().orElseThrow();
    assertThat(storage.verdict().damaged()).isFalse();
    assertThat(storage.damages())
        .extracting(JournalDamage::sequenceNr)
        .containsExactly(damaged.sequenceNumber());
  }

  /** With the other one gone, too, two of three are running, but only one of them takes part. */
  private void assertCountsInNoMajority() {
    cluster.down("n2");
    ProposalResult<String> result =
        done(cluster.get("n3").client().propose("key", "key=alone", Duration.ofSeconds(5)));
    assertThat(result).isNotInstanceOf(ProposalResult.Committed.class);
    assertThat(cluster.status("n3", partition).state()).isEqualTo(State.FAILED);
  }

  @Test
  @DisplayName("F5: damage that the scrub after an unclean stop finds fails the replica for good")
  void when_theScrubAfterAnUncleanStopFindsDamage_then_theReplicaStops() throws Exception {
    cluster.up("n3", SMALL);
    cluster.awaitReady();
    Path image = directory.resolve("image");
    copy(directory.resolve("n3"), image); // as after a kill
    cluster.down("n3");
    cluster.wipe("n3");
    copy(image, directory.resolve("n3"));

    cluster.up("n3", SMALL);

    awaitFailed();
    cluster.awaitReady("n1", "n2");
    cluster.put("n1", "key", "by the others");
    assertThat(cluster.read("n3", "key", ReadLevel.LINEARIZABLE)).isEqualTo("by the others");
    assertCountsInNoMajority();
  }

  @Test
  void when_anOperatorHasItScrubbed_then_theReplicaStops_andStaysStoppedAfterARestart() {
    RaftNode before = cluster.up("n3", SMALL).node();
    cluster.awaitReady();
    assertThat(before.storage().orElseThrow().damages()).isEmpty();

    ScrubReport report = done(before.scrub());

    assertThat(report.complete()).isTrue();
    assertThat(report.damages()).hasSize(1);
    awaitFailed();
    assertThat(done(before.health()).ready()).isFalse();
    cluster.down("n3");
    cluster.up("n3", SMALL);
    awaitFailed(); // without a scrub: it is remembered
    assertCountsInNoMajority();
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.createDirectories(to);
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.filter(file -> !file.endsWith("LOCK")).toList()) {
        Files.copy(file, to.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }
}
