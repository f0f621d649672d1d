package org.raftactors.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.raftactors.cluster.TestCluster.LONG;
import static org.raftactors.cluster.TestCluster.done;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.raftactors.ApplyContext;
import org.raftactors.PartitionId;
import org.raftactors.PartitionStatus;
import org.raftactors.PartitionStatus.State;
import org.raftactors.ProposalResult;
import org.raftactors.RaftPartition;
import org.raftactors.ReadLevel;
import org.raftactors.SnapshotReader;
import org.raftactors.SnapshotView;
import org.raftactors.StateMachine;
import org.raftactors.TransferLeadership;
import org.raftactors.core.TransferOutcome;
import org.raftactors.core.membership.ReplicaId;
import org.rocksdb.RocksDBException;

/** Nodes with a bit changed in one record of a journal: its replica fails, and nothing is lost. */
class DamagedJournalTest {

  /** Entries soon leave memory, and a restart soon begins behind them. */
  private static final String SMALL =
      """
      raft-actors.node.partitions = 1
      raft-actors.partition {
        max-entry-bytes = 1 KiB
        max-append-bytes = 4 KiB
        max-write-bytes = 4 KiB
        max-apply-batch-bytes = 4 KiB
        tail-bytes = 4 KiB
        snapshot-every-bytes = 8 KiB
      }
      """;

  private static final PartitionId FIRST = new PartitionId(1);

  @TempDir Path directory;

  private TestCluster cluster;

  @BeforeEach
  void create() {
    cluster = new TestCluster(directory, "n1", "n2", "n3");
  }

  @AfterEach
  void close() {
    cluster.close();
  }

  @Test
  @DisplayName("L-20: damage in one partition fails its replica and no other")
  void when_aRecordIsDamaged_then_theReplicaFailsInRecovery_andTheOthersServe() throws Exception {
    List.of("n1", "n2", "n3").forEach(cluster::up);
    cluster.awaitReady();
    for (int i = 0; i < 20; i++) {
      cluster.put("n1", "key" + i, "text" + i);
    }
    PartitionId partition = cluster.get("n1").node().partitionFor("key0");
    awaitApplied("n3", partition);
    cluster.down("n3");
    StoppedStore.Found damaged = damage("n3", "key0=text0");

    done(cluster.up("n3").started());

    awaitFailed("n3", partition, damaged);
    cluster.awaitReady("n1", "n2");
    for (int i = 0; i < 20; i++) {
      assertThat(cluster.read("n2", "key" + i, ReadLevel.LINEARIZABLE)).isEqualTo("text" + i);
      cluster.put("n1", "key" + i, "new" + i);
    }
    cluster.put("n3", "key0", "by the others");
    assertThat(cluster.read("n3", "key0", ReadLevel.LINEARIZABLE)).isEqualTo("by the others");
    PartitionId other = new PartitionId(3 - partition.value());
    await().atMost(LONG).until(() -> cluster.status("n3", other).state() == State.RUNNING);
    assertCountsInNoMajority("n3", "n2");
    cluster.down("n3");
    try (StoppedStore store = new StoppedStore(directory.resolve("n3"))) {
      assertThat(store.journalRecord("ey0=text0").value()).isEqualTo(damaged.value());
    }
  }

  @Test
  void when_aLeaderFindsDamageAsItReadsBackForAFollower_then_itFails_andAnotherLeads()
      throws Exception {
    Keeping n1 = new Keeping();
    cluster.up("n1", n1.application(), SMALL);
    cluster.up("n2", SMALL);
    cluster.up("n3", SMALL);
    cluster.awaitReady();
    cluster.put("n1", "before", "text");
    cluster.down("n3");
    for (int i = 0; i < 40; i++) {
      cluster.put("n2", "key" + i, "text" + i + " ".repeat(800));
    }
    awaitApplied("n1", FIRST);
    cluster.down("n1");
    StoppedStore.Found damaged = damage("n1", "key0=text0");
    try (StoppedStore store = new StoppedStore(directory.resolve("n1"))) {
      assertThat(store.hasSnapshotBehind(damaged)).isTrue(); // recovery will not see the damage
    }
    cluster.up("n1", n1.application(), SMALL);
    cluster.awaitReady("n1", "n2");
    await().atMost(LONG).until(() -> leads("n1"));

    cluster.up("n3", SMALL);

    awaitFailed("n1", FIRST, damaged);
    assertThat(cluster.awaitLeader(FIRST)).isNotEqualTo("n1");
    cluster.awaitReady("n2", "n3");
    for (int i = 0; i < 40; i++) {
      assertThat(cluster.read("n3", "key" + i, ReadLevel.LINEARIZABLE)).startsWith("text" + i);
    }
    cluster.put("n1", "after", "text");
    assertCountsInNoMajority("n1", "n3");
  }

  private StoppedStore.Found damage(String id, String text) throws RocksDBException {
    try (StoppedStore store = new StoppedStore(directory.resolve(id))) {
      return store.damage(text);
    }
  }

  private void awaitApplied(String id, PartitionId partition) {
    await()
        .atMost(LONG)
        .until(
            () ->
                cluster.status(id, partition).appliedIndex()
                    == cluster.status(cluster.awaitLeader(partition), partition).commitIndex());
  }

  private void awaitFailed(String id, PartitionId partition, StoppedStore.Found damaged) {
    await().atMost(LONG).until(() -> cluster.status(id, partition).state() == State.FAILED);
    PartitionStatus status = cluster.status(id, partition);
    assertThat(status.detail())
        .contains("the journal is damaged")
        .contains(directory.resolve(id).toString())
        .contains("sequence number " + damaged.sequenceNumber())
        .contains("Start the node again only with everything that it has acknowledged");
    NodeHealth health = done(cluster.get(id).node().health());
    assertThat(health.live()).isTrue();
    assertThat(health.ready()).isFalse();
  }

  /** With the other one gone, too, two of three are running, but only one of them takes part. */
  private void assertCountsInNoMajority(String failed, String goes) {
    cluster.down(goes);
    ProposalResult<String> result =
        done(cluster.get(failed).client().propose("key0", "key0=alone", Duration.ofSeconds(5)));
    assertThat(result).isNotInstanceOf(ProposalResult.Committed.class);
    PartitionId partition = cluster.get(failed).node().partitionFor("key0");
    assertThat(cluster.status(failed, partition).state()).isEqualTo(State.FAILED);
  }

  /** Whether a node leads; asks the leader to hand over to it otherwise. */
  private boolean leads(String id) {
    String leader = cluster.awaitLeader(FIRST);
    if (leader.equals(id)) {
      return true;
    }
    TestCluster.Running from = cluster.get(leader);
    ReplicaId to = cluster.status(id, FIRST).replica();
    ActorRef<RaftPartition.Command> replica = from.node().partition(FIRST).orElseThrow();
    done(
        AskPattern.<RaftPartition.Command, TransferOutcome>ask(
            replica,
            replyTo -> new TransferLeadership(Optional.of(to), replyTo),
            LONG,
            from.system().scheduler()));
    return false;
  }

  /** State machines of one node that outlive it, as if they had storage of their own. */
  private static final class Keeping {
    private final Map<PartitionId, Kept> machines = new ConcurrentHashMap<>();

    RaftApplication<String, String, String> application() {
      return RaftApplication.of(
          Register.APPLICATION.codecs(),
          partition -> machines.computeIfAbsent(partition, id -> new Kept()));
    }
  }

  private static final class Kept implements StateMachine<String, String, String> {
    private final Register register = new Register();
    private long durable;

    @Override
    public synchronized String apply(ApplyContext context, String command) {
      return register.apply(context, command);
    }

    @Override
    public synchronized String query(String query) {
      return register.query(query);
    }

    @Override
    public synchronized SnapshotView snapshot() {
      return register.snapshot();
    }

    @Override
    public synchronized void restore(SnapshotReader in) throws IOException {
      register.restore(in);
      durable = in.index();
    }

    @Override
    public synchronized void endBatch(long index) {
      durable = index;
    }

    @Override
    public synchronized long durableIndex() {
      return durable;
    }
  }
}
