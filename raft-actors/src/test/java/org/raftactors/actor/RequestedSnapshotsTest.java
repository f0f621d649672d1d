package org.raftactors.actor;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.japi.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.raftactors.PartitionSettings;
import org.raftactors.PartitionStatus;
import org.raftactors.ProposalResult;
import org.raftactors.RaftPartition;
import org.raftactors.SnapshotResult;
import org.raftactors.SnapshotView;
import org.raftactors.TakeSnapshot;
import org.raftactors.core.membership.ReplicaId;
import org.raftactors.snapshot.Snapshots;

/** Snapshots on request, of real replicas: each request gets one answer, whatever happens. */
class RequestedSnapshotsTest {

  private static ActorTestKit kit;

  @BeforeAll
  static void start() {
    kit =
        ActorTestKit.create(
            ConfigFactory.parseString(
                    """
                    pekko.actor.serialize-messages = on
                    pekko.actor.no-serialization-verification-needed-class-prefix =
                      ["org.apache.pekko.", "org.raftactors.actor.", "org.raftactors.snapshot."]
                    """)
                .withFallback(ConfigFactory.parseString(TestPartition.CONFIG)));
  }

  @AfterAll
  static void stop() {
    kit.shutdownTestKit();
  }

  private static CompletionStage<SnapshotResult> ask(
      TestPartition partition,
      ReplicaId id,
      Function<ActorRef<SnapshotResult>, RaftPartition.Command> message) {
    return AskPattern.ask(partition.ref(id), message, TestPartition.CEILING, kit.scheduler());
  }

  private static SnapshotResult.Stored stored(SnapshotResult result) {
    return result instanceof SnapshotResult.Taken taken
        ? taken.snapshot()
        : ((SnapshotResult.NothingNew) result).snapshot();
  }

  @Test
  void upToDate_itHoldsWhatWasAcknowledgedBefore_onAnyReplica() {
    TestPartition partition = TestPartition.started(kit, 3);
    partition.commit("a");
    for (int round = 0; round < 20; round++) {
      ReplicaId leader = partition.awaitLeader();
      ProposalResult.Committed<String> last = partition.commit("b" + round);
      for (ReplicaId id : partition.ids()) {
        SnapshotResult result = TestPartition.join(ask(partition, id, TakeSnapshot::upToDate));
        assertThat(stored(result).index())
            .as("%s of %s, leader %s", result, id, leader)
            .isGreaterThanOrEqualTo(last.token().index());
      }
    }
    partition.stopAll();
  }

  @Test
  void nothingNew_theNewestIsGiven() {
    TestPartition partition = TestPartition.started(kit, 1);
    ReplicaId only = partition.ids().get(0);
    partition.commit("a");
    SnapshotResult first = TestPartition.join(ask(partition, only, TakeSnapshot::asItIs));
    SnapshotResult second = TestPartition.join(ask(partition, only, TakeSnapshot::asItIs));
    assertThat(first).isInstanceOf(SnapshotResult.Taken.class);
    assertThat(second).isEqualTo(new SnapshotResult.NothingNew(stored(first)));
    assertThat(partition.describe(only).snapshots().newestIndex()).isEqualTo(stored(first).index());
    // Also of a replica that began with it.
    partition.stopAll();
    partition.start(only);
    partition.awaitLeader();
    SnapshotResult third = TestPartition.join(ask(partition, only, TakeSnapshot::upToDate));
    assertThat(stored(third).index()).isGreaterThan(stored(first).index()); // the leader's entry
    partition.stopAll();
  }

  @Test
  void askedAgainAndAgain_onlySoManyAreKept_alsoIfTheLogIsKept() throws Exception {
    TestPartition partition = TestPartition.started(kit, 1);
    ReplicaId only = partition.ids().get(0);
    for (int round = 0; round < 10; round++) {
      partition.commit("a" + round);
      assertThat(TestPartition.join(ask(partition, only, TakeSnapshot::asItIs)))
          .isInstanceOf(SnapshotResult.Taken.class);
    }
    assertThat(partition.describe(only).snapshots().baseIndex()).isZero();
    PartitionSettings settings = PartitionSettings.of(kit.system());
    try (Snapshots snapshots = Snapshots.open(kit.system(), settings, partition.spec(only))) {
      int kept = settings.snapshots().kept();
      TestPartition.await(() -> snapshots.list().usable().size() == kept);
    }
    partition.stopAll();
  }

  @Test
  void withoutALeader_oneOfWhatIsHereIsTaken_butNoneThatIsUpToDate() {
    TestPartition partition = TestPartition.started(kit, 3);
    partition.commit("a");
    ReplicaId left = partition.awaitLeader();
    List.copyOf(partition.ids()).stream().filter(id -> !id.equals(left)).forEach(partition::stop);
    TestPartition.await(() -> partition.describe(left).leader().isEmpty());
    assertThat(TestPartition.join(ask(partition, left, TakeSnapshot::upToDate)))
        .isInstanceOfSatisfying(
            SnapshotResult.NotTaken.class,
            no -> assertThat(no.reason()).isEqualTo(SnapshotResult.Reason.NO_LEADER));
    assertThat(TestPartition.join(ask(partition, left, TakeSnapshot::asItIs)))
        .isInstanceOf(SnapshotResult.Taken.class);
    partition.stopAll();
  }

  @Test
  void aReplicaThatStopsMeanwhile_answersAllOnce() {
    CountDownLatch gate = new CountDownLatch(1);
    TestPartition partition =
        new TestPartition(
            kit,
            1,
            "",
            () ->
                new Ledger() {
                  @Override
                  public synchronized SnapshotView snapshot() {
                    SnapshotView view = super.snapshot();
                    return out -> {
                      try {
                        gate.await();
                      } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                      }
                      view.writeTo(out);
                    };
                  }
                });
    ReplicaId only = partition.ids().get(0);
    partition.start(only);
    partition.commit("a");
    List<TestProbe<SnapshotResult>> probes = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      TestProbe<SnapshotResult> probe = kit.createTestProbe();
      probes.add(probe);
      partition.ref(only).tell(new TakeSnapshot(i % 2 == 0, probe.ref()));
    }
    // Behind all of them in the mailbox, and the reads of two are confirmed by then.
    assertThat(partition.describe(only).state()).isEqualTo(PartitionStatus.State.RUNNING);
    partition.commit("b");
    partition.stop(only);
    for (TestProbe<SnapshotResult> probe : probes) {
      assertThat(probe.receiveMessage(TestPartition.CEILING))
          .isInstanceOfSatisfying(
              SnapshotResult.NotTaken.class,
              no -> assertThat(no.reason()).isEqualTo(SnapshotResult.Reason.UNAVAILABLE));
    }
    gate.countDown();
    partition.start(only);
    partition.commit("c");
    probes.forEach(TestProbe::expectNoMessage);
    partition.stopAll();
  }

  @Test
  void aStateMachineWithoutSnapshots_saysSo() {
    TestPartition partition =
        new TestPartition(
            kit,
            1,
            "",
            () ->
                new Ledger() {
                  @Override
                  public synchronized SnapshotView snapshot() {
                    throw new UnsupportedOperationException("none");
                  }
                });
    ReplicaId only = partition.ids().get(0);
    partition.start(only);
    partition.commit("a");
    for (int i = 0; i < 2; i++) {
      assertThat(TestPartition.join(ask(partition, only, TakeSnapshot::asItIs)))
          .isInstanceOfSatisfying(
              SnapshotResult.NotTaken.class,
              no -> assertThat(no.reason()).isEqualTo(SnapshotResult.Reason.UNSUPPORTED));
    }
    partition.stopAll();
  }
}
