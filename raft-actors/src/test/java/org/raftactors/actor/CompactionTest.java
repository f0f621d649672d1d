package org.raftactors.actor;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.raftactors.PartitionStatus;
import org.raftactors.ProposalResult;
import org.raftactors.core.membership.ReplicaId;
import org.raftactors.testkit.InMemorySnapshots;

/**
 * Real replicas that snapshot often: their journals stay short, and whoever lacks much gets a
 * state.
 */
class CompactionTest {

  private static final String EAGER =
      """
      raft-actors.partition {
        snapshot-after-entries = 100
        snapshot-growth = 0
        log-kept-entries = 20
        log-kept-bytes = 1
        log-kept-for-followers-bytes = 1
        compare-state-every = 50
      }
      """;

  private static ActorTestKit kit;

  @BeforeAll
  static void start() {
    kit = ActorTestKit.create(ConfigFactory.parseString(TestPartition.CONFIG));
  }

  @AfterAll
  static void stop() {
    kit.shutdownTestKit();
  }

  /** A few at a time, so that they are many events. */
  private static List<String> commit(TestPartition partition, String prefix, int count) {
    List<String> commands = new ArrayList<>();
    while (commands.size() < count) {
      ReplicaId leader = partition.awaitLeader();
      List<CompletionStage<ProposalResult<String>>> outcomes = new ArrayList<>();
      while (outcomes.size() < 10 && commands.size() < count) {
        String command = prefix + commands.size();
        commands.add(command);
        outcomes.add(partition.propose(leader, command));
      }
      outcomes.forEach(
          outcome ->
              assertThat(TestPartition.join(outcome)).isInstanceOf(ProposalResult.Committed.class));
    }
    return commands;
  }

  private static PartitionStatus.Snapshots snapshots(TestPartition partition, ReplicaId id) {
    return partition.describe(id).snapshots();
  }

  @Test
  @DisplayName("89: journals lose what snapshots replace, and replicas start from the rest")
  void manyCommands_journalsStayShort_andRestartsKeepEverything() {
    TestPartition partition = TestPartition.started(kit, 3, EAGER);
    List<String> all = commit(partition, "a", 2_000);
    for (ReplicaId id : partition.ids()) {
      TestPartition.await(() -> snapshots(partition, id).baseIndex() > 1_500);
      TestPartition.await(() -> partition.store(id).events().get(0).sequenceNumber() > 1);
    }
    assertThat(partition.awaitConverged()).isEqualTo(all);
    partition.stopAll();

    partition.ids().forEach(partition::start);
    all.addAll(commit(partition, "b", 10));
    assertThat(partition.awaitConverged()).isEqualTo(all);
    assertThat(partition.crashes()).isEmpty();
    partition.stopAll();
  }

  @Test
  @DisplayName("39, 87: a replica that was away while the log was compacted gets a snapshot")
  void replicaThatWasAway_getsASnapshot_andFollows() {
    TestPartition partition = TestPartition.started(kit, 3, EAGER);
    List<String> all = commit(partition, "a", 50);
    ReplicaId away = partition.other(partition.awaitLeader());
    partition.stop(away);
    // The log is kept for a follower that may still answer: it goes with a snapshot after that.
    for (int round = 0; snapshots(partition, partition.awaitLeader()).baseIndex() <= 500; round++) {
      all.addAll(commit(partition, "b" + round + "-", 100));
    }

    partition.start(away);
    all.addAll(commit(partition, "c", 10));

    assertThat(partition.awaitConverged()).isEqualTo(all);
    assertThat(snapshots(partition, away).baseIndex()).isGreaterThan(500);
    // It has become a full replica: the same again from what it has itself.
    partition.stopAll();
    partition.ids().forEach(partition::start);
    all.addAll(commit(partition, "d", 10));
    assertThat(partition.awaitConverged()).isEqualTo(all);
    assertThat(partition.crashes()).isEmpty();
    partition.stopAll();
  }

  @Test
  void leaderWhoseOnlySnapshotIsDamaged_takesAnother_withoutAnythingNew() {
    String one = "raft-actors.partition { snapshots-kept = 1, snapshot-after-time = 100ms }\n";
    TestPartition partition = TestPartition.started(kit, 3, one + EAGER);
    List<String> all = commit(partition, "a", 50);
    ReplicaId away = partition.other(partition.awaitLeader());
    partition.stop(away);
    for (int round = 0; snapshots(partition, partition.awaitLeader()).baseIndex() <= 500; round++) {
      all.addAll(commit(partition, "b" + round + "-", 100));
    }
    ReplicaId leader = partition.awaitLeader();
    TestPartition.await(
        () -> snapshots(partition, leader).newestIndex() == partition.describe(leader).lastIndex());
    InMemorySnapshots.damage(kit.system(), partition.spec(leader).persistenceId());

    partition.start(away); // which nobody writes for

    assertThat(partition.awaitConverged()).isEqualTo(all);
    assertThat(partition.crashes()).isEmpty();
    partition.stopAll();
  }

  @Test
  void aSnapshotThatCannotBeReadForAWhile_isInstalledByALaterIncarnation() {
    String flaky =
        "raft-actors.partition.snapshot-store = \"%s\"\n".formatted(FlakySnapshots.class.getName());
    TestPartition partition = TestPartition.started(kit, 3, flaky + EAGER);
    List<String> all = commit(partition, "a", 50);
    ReplicaId away = partition.other(partition.awaitLeader());
    partition.stop(away);
    for (int round = 0; snapshots(partition, partition.awaitLeader()).baseIndex() <= 500; round++) {
      all.addAll(commit(partition, "b" + round + "-", 100));
    }
    FlakySnapshots.failOnceReceived(partition.spec(away).persistenceId());
    partition.start(away);
    TestPartition.await(() -> !partition.crashes().isEmpty());
    FlakySnapshots.mend();

    all.addAll(commit(partition, "c", 10));
    assertThat(partition.awaitConverged()).isEqualTo(all);
    assertThat(partition.crashes()).allMatch(UncheckedIOException.class::isInstance);
    partition.stopAll();
  }

  @Test
  void replicasThatLostTheirSnapshots_askTheLeader() {
    TestPartition partition = TestPartition.started(kit, 3, EAGER);
    List<String> all = commit(partition, "a", 1_000);
    for (ReplicaId id : partition.ids()) {
      TestPartition.await(() -> snapshots(partition, id).baseIndex() > 500);
    }
    ReplicaId loser = partition.other(partition.awaitLeader());
    partition.stop(loser);
    InMemorySnapshots.forget(kit.system(), partition.spec(loser).persistenceId());

    partition.start(loser);
    all.addAll(commit(partition, "b", 10));

    assertThat(partition.awaitConverged()).isEqualTo(all);
    assertThat(partition.crashes()).isEmpty();
    partition.stopAll();
  }
}
