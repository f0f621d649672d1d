package org.raftactors.actor;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.raftactors.LogPage;
import org.raftactors.LoggedCommand;
import org.raftactors.PartitionStatus;
import org.raftactors.PlainCodecs;
import org.raftactors.RaftPartition;
import org.raftactors.ReadLog;
import org.raftactors.core.membership.ReplicaId;

/** Applications that follow the log, and hold it. */
class LogReadersTest {

  private static final String EAGER =
      """
      raft-actors.partition {
        snapshot-after-entries = 50
        snapshot-growth = 0
        log-kept-entries = 1
        log-kept-bytes = 1
        log-kept-for-followers-bytes = 1
        log-readers = 2
      }
      """;

  private static final Duration HOUR = Duration.ofHours(1);

  private static ActorTestKit kit;

  @BeforeAll
  static void start() {
    kit = ActorTestKit.create(ConfigFactory.parseString(TestPartition.CONFIG));
  }

  @AfterAll
  static void stop() {
    kit.shutdownTestKit();
  }

  private static LogPage read(
      TestPartition partition, ReplicaId at, String reader, long from, Duration holdFor) {
    return TestPartition.join(
        AskPattern.<RaftPartition.Command, LogPage>ask(
            partition.ref(at),
            replyTo -> new ReadLog(reader, from, 500, holdFor, replyTo),
            TestPartition.CEILING,
            kit.scheduler()));
  }

  /** All that there is from an index on. */
  private static List<String> readAll(TestPartition partition, ReplicaId at, long from) {
    List<String> commands = new ArrayList<>();
    long next = from;
    while (true) {
      LogPage page = read(partition, at, "all", next, HOUR);
      assertThat(page.outcome()).isEqualTo(LogPage.Outcome.READ);
      for (LoggedCommand command : page.commands()) {
        commands.add(command.decoded(PlainCodecs.TEXT));
      }
      if (page.nextIndex() == next) {
        return commands;
      }
      next = page.nextIndex();
    }
  }

  private static List<String> commit(TestPartition partition, String prefix, int count) {
    List<String> commands = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      commands.add(prefix + i);
      partition.commit(prefix + i);
    }
    return commands;
  }

  @Test
  void everyReplica_givesTheSameCommands_inPages() {
    TestPartition partition = TestPartition.started(kit, 3);
    List<String> all = commit(partition, "a", 60);
    partition.awaitConverged();

    for (ReplicaId id : partition.ids()) {
      TestPartition.await(() -> readAll(partition, id, 1).equals(all));
    }
    LogPage page = read(partition, partition.ids().get(0), "one", 1, Duration.ZERO);
    assertThat(page.commands()).as("a page of 500 bytes").hasSizeLessThan(20);
    assertThat(page.commitIndex()).isGreaterThanOrEqualTo(60);
    partition.stopAll();
  }

  @Test
  void whatIsNotCommitted_isNotGiven() {
    TestPartition partition = TestPartition.started(kit, 3);
    List<String> all = commit(partition, "a", 3);
    partition.awaitConverged();
    ReplicaId leader = partition.awaitLeader();
    partition.ids().stream().filter(id -> !id.equals(leader)).forEach(partition::stop);
    var lonely = partition.propose(leader, "lonely");
    TestPartition.await(
        () ->
            partition.events(leader).stream()
                .flatMap(event -> event.entries().stream())
                .anyMatch(
                    entry ->
                        new String(entry.payload().toArray(), StandardCharsets.UTF_8)
                            .equals("lonely")));

    assertThat(readAll(partition, leader, 1)).isEqualTo(all);

    partition.stop(leader);
    TestPartition.join(lonely);
    partition.stopAll();
  }

  @Test
  void heldLog_outlivesSnapshots_andGoesWhenItIsHeldNoMore() {
    TestPartition partition = TestPartition.started(kit, 1, EAGER);
    ReplicaId only = partition.ids().get(0);
    List<String> all = commit(partition, "a", 10);
    assertThat(read(partition, only, "all", 1, HOUR).outcome()).isEqualTo(LogPage.Outcome.READ);

    all.addAll(commit(partition, "b", 300));
    TestPartition.await(() -> partition.describe(only).snapshots().newestIndex() > 250);
    assertThat(partition.describe(only).snapshots().baseIndex()).isZero();
    assertThat(readAll(partition, only, 1)).isEqualTo(all);

    assertThat(read(partition, only, "all", 1, Duration.ZERO).outcome())
        .isEqualTo(LogPage.Outcome.READ);
    for (int round = 0; partition.describe(only).snapshots().baseIndex() < 200; round++) {
      commit(partition, "c" + round, 50);
    }
    LogPage page = read(partition, only, "all", 1, Duration.ZERO);
    assertThat(page.outcome()).isEqualTo(LogPage.Outcome.COMPACTED);
    assertThat(page.nextIndex()).isGreaterThan(200);
    assertThat(read(partition, only, "all", page.nextIndex(), Duration.ZERO).outcome())
        .isEqualTo(LogPage.Outcome.READ);
    partition.stopAll();
  }

  @Test
  void tooManyReaders_areTurnedAway() {
    TestPartition partition = TestPartition.started(kit, 1, EAGER);
    ReplicaId only = partition.ids().get(0);
    partition.commit("a");
    assertThat(read(partition, only, "one", 1, HOUR).outcome()).isEqualTo(LogPage.Outcome.READ);
    assertThat(read(partition, only, "two", 1, HOUR).outcome()).isEqualTo(LogPage.Outcome.READ);

    assertThat(read(partition, only, "three", 1, HOUR).outcome()).isEqualTo(LogPage.Outcome.BUSY);

    read(partition, only, "two", 1, Duration.ZERO);
    assertThat(read(partition, only, "three", 1, HOUR).outcome()).isEqualTo(LogPage.Outcome.READ);
    partition.stopAll();
  }

  @Test
  void replicaThatDoesNotRun_saysSo() {
    TestPartition partition = TestPartition.started(kit, 1);
    ReplicaId only = partition.ids().get(0);
    partition.commit("a");
    partition.store(only).damage(0, 20);
    partition.stopAll();
    partition.start(only);
    partition.awaitState(only, PartitionStatus.State.FAILED);

    assertThat(read(partition, only, "one", 1, HOUR).outcome())
        .isEqualTo(LogPage.Outcome.UNAVAILABLE);
    partition.stopAll();
  }
}
