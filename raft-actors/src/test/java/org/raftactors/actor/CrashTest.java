package org.raftactors.actor;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.serialization.SerializationExtension;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.raftactors.PartitionStatus;
import org.raftactors.PartitionStatus.State;
import org.raftactors.ProposalResult;
import org.raftactors.Propose;
import org.raftactors.ReadLevel;
import org.raftactors.ReadResult;
import org.raftactors.RejectReason;
import org.raftactors.UnknownReason;
import org.raftactors.core.log.LogPosition;
import org.raftactors.core.log.SnapshotBase;
import org.raftactors.core.membership.Configuration;
import org.raftactors.core.membership.ReplicaId;
import org.raftactors.core.write.HardState;
import org.raftactors.core.write.Written;

/** Crashes that a restart cures, crashes that stay, and what the clients are told. */
class CrashTest {

  private static final ReplicaId ONE = new ReplicaId(1);

  private static ActorTestKit kit;

  @BeforeAll
  static void start() {
    kit = ActorTestKit.create(ConfigFactory.parseString(TestPartition.CONFIG));
  }

  @AfterAll
  static void stop() {
    kit.shutdownTestKit();
  }

  @Test
  void failedWrite_crashesAndRespawns_withExactlyWhatIsDurable_everyProposerAnsweredOnce() {
    TestPartition partition = TestPartition.started(kit, 1);
    partition.awaitLeader();
    for (String command : List.of("a", "b", "c")) {
      partition.commit(command);
    }
    TestStore store = partition.store(ONE);
    store.hold();
    store.failNextWrite(false);
    Clients clients = new Clients(kit);
    for (int i = 0; i < 20; i++) {
      clients.propose(partition.ref(ONE), "lost" + i);
    }
    partition.describe(ONE); // all of them have been handled
    Ledger before = partition.ledger(ONE);
    store.release();

    TestPartition.await(() -> clients.total() == 20);
    for (int i = 0; i < 20; i++) {
      // Those of the failed write are unknown; those behind it were never appended.
      assertThat(clients.to("lost" + i))
          .hasSize(1)
          .first()
          .isIn(
              new ProposalResult.Unknown<String>(UnknownReason.STOPPED),
              rejected(clients.to("lost" + i)));
    }
    partition.awaitLeader();
    partition.commit("d");
    assertThat(partition.ledger(ONE)).isNotSameAs(before);
    assertThat(partition.ledger(ONE).applied()).containsExactly("a", "b", "c", "d");
    assertThat(clients.total()).isEqualTo(20);
    partition.stopAll();
  }

  private static Object rejected(List<ProposalResult<String>> answers) {
    return answers.stream()
        .filter(ProposalResult.Rejected.class::isInstance)
        .findFirst()
        .map(Object.class::cast)
        .orElse("no rejection");
  }

  @Test
  @DisplayName("120: a write that failed may be there after all, and its proposer was told unknown")
  void writeThatFailedButWasWritten_isThereAfterwards_itsProposerWasToldUnknown() {
    TestPartition partition = TestPartition.started(kit, 1);
    partition.awaitLeader();
    partition.commit("a");
    partition.store(ONE).failNextWrite(true);

    ProposalResult<String> result = partition.proposed(ONE, "b");

    assertThat(result).isEqualTo(new ProposalResult.Unknown<String>(UnknownReason.STOPPED));
    partition.awaitLeader();
    partition.commit("c");
    assertThat(partition.ledger(ONE).applied()).containsExactly("a", "b", "c");
    partition.stopAll();
  }

  @Test
  void writeThatHangs_stopsTheReplica_whichComesBackWhenTheStoreDoes() {
    TestPartition partition =
        TestPartition.started(kit, 1, "raft-actors.partition.write-stall-timeout = 1s");
    partition.awaitLeader();
    partition.commit("a");
    TestStore store = partition.store(ONE);
    store.hold();

    ProposalResult<String> result = partition.proposed(ONE, "b");

    assertThat(result).isEqualTo(new ProposalResult.Unknown<String>(UnknownReason.STOPPED));
    // The next incarnation waits for the store, and says so.
    partition.awaitState(ONE, State.RESTORING);
    assertThat(partition.proposed(ONE, "c"))
        .isInstanceOfSatisfying(
            ProposalResult.Rejected.class,
            r -> assertThat(r.reason()).isEqualTo(RejectReason.RESTORING));
    store.release();
    partition.awaitLeader();
    partition.commit("d");
    assertThat(partition.ledger(ONE).applied()).containsExactly("a", "b", "d");
    assertThat(partition.crashes()).singleElement().isInstanceOf(StorageStalled.class);
    partition.stopAll();
  }

  @Test
  void whileThereIsNoReplica_theParentAnswers() {
    TestPartition partition =
        TestPartition.started(
            kit,
            1,
            "raft-actors.partition { restart-backoff-min = 30s, restart-backoff-max = 30s }");
    partition.awaitLeader();
    partition.commit("a");
    partition.store(ONE).failNextWrite(false);
    partition.proposed(ONE, "b");

    partition.awaitState(ONE, State.RESTARTING);
    assertThat(partition.describe(ONE).detail()).contains("the disk fails");
    assertThat(partition.proposed(ONE, "c"))
        .isInstanceOfSatisfying(
            ProposalResult.Rejected.class,
            r -> {
              assertThat(r.reason()).isEqualTo(RejectReason.UNAVAILABLE);
              assertThat(r.retryAfter()).isPositive();
            });
    assertThat(partition.read(ONE, ReadLevel.LINEARIZABLE))
        .isInstanceOfSatisfying(
            ReadResult.Rejected.class,
            r -> assertThat(r.reason()).isEqualTo(RejectReason.UNAVAILABLE));
    partition.stopAll();
  }

  /** A sender tries another replica then: all of them would stop, one after the other. */
  @Test
  void queryThatThrows_isRejected_andTheReplicaGoesOn() {
    TestPartition partition = new TestPartition(kit, 1, TestPartition.PATIENT, Touchy::new);
    partition.start(ONE);
    partition.awaitLeader();
    partition.commit("a");

    ReadResult<String> poisoned = partition.read(ONE, "poison", ReadLevel.LINEARIZABLE);
    assertThat(poisoned)
        .isInstanceOfSatisfying(
            ReadResult.Rejected.class,
            r -> assertThat(r.reason()).isEqualTo(RejectReason.UNAVAILABLE));

    assertThat(partition.describe(ONE).state()).isEqualTo(State.RUNNING);
    partition.commit("b");
    assertThat(partition.read(ONE, ReadLevel.LINEARIZABLE)).isInstanceOf(ReadResult.Answered.class);
    partition.stopAll();
  }

  @Test
  void resultThatCannotBeEncoded_isLost_andTheReplicaGoesOn() {
    TestPartition partition = new TestPartition(kit, 1, TestPartition.PATIENT, Touchy::new);
    partition.start(ONE);
    partition.awaitLeader();

    TestProbe<ProposalResult<byte[]>> proposer = kit.createTestProbe();
    byte[] command = "no result".getBytes(StandardCharsets.UTF_8);
    partition.ref(ONE).tell(Propose.encoded(command, proposer.getRef()));
    assertThat(proposer.receiveMessage())
        .isEqualTo(new ProposalResult.Unknown<byte[]>(UnknownReason.RESULT_LOST));

    partition.commit("b");
    assertThat(partition.ledger(ONE).applied()).containsExactly("no result", "b");
    partition.stopAll();
  }

  @Test
  @DisplayName("54, S-15: a state machine that throws fails its replica for good")
  void stateMachineThatThrows_failsTheReplicaForGood_everyProposerAnsweredOnce() {
    AtomicInteger made = new AtomicInteger();
    TestPartition partition =
        new TestPartition(
            kit,
            1,
            TestPartition.PATIENT,
            () -> {
              made.incrementAndGet();
              return new Touchy();
            });
    partition.start(ONE);
    partition.awaitLeader();
    partition.commit("a");
    TestStore store = partition.store(ONE);
    store.hold();
    Clients clients = new Clients(kit);
    for (String command : List.of("b", "poison", "c", "d")) {
      clients.propose(partition.ref(ONE), command);
    }
    partition.describe(ONE);
    store.release();

    partition.awaitState(ONE, State.FAILED);
    TestPartition.await(() -> clients.total() == 4);
    for (String command : List.of("poison", "c", "d")) {
      assertThat(clients.to(command))
          .singleElement()
          .isEqualTo(new ProposalResult.Unknown<String>(UnknownReason.STOPPED));
    }
    assertThat(clients.to("b")).hasSize(1);
    PartitionStatus status = partition.describe(ONE);
    assertThat(status.detail()).contains("cannot stand it").contains("cannot apply entry");
    assertThat(partition.proposed(ONE, "e"))
        .isInstanceOfSatisfying(
            ProposalResult.Rejected.class,
            r -> assertThat(r.reason()).isEqualTo(RejectReason.UNAVAILABLE));
    assertThat(made).hasValue(1);
    partition.stopAll();
  }

  /** Claims to have kept more than it can have. */
  private static final class Ahead extends Ledger {
    @Override
    public long durableIndex() {
      return 1000;
    }
  }

  @Test
  void stateMachineAheadOfItsLog_failsTheReplica() {
    TestPartition partition = new TestPartition(kit, 1, "", Ahead::new);
    partition.start(ONE);
    partition.awaitState(ONE, State.FAILED);
    assertThat(partition.describe(ONE).detail()).contains("1000").contains("0/0");
    partition.stopAll();
  }

  @Test
  void damagedEvent_failsTheReplica_thatKeepsItsFiles() {
    TestPartition partition = TestPartition.started(kit, 1);
    partition.awaitLeader();
    partition.commit("a");
    partition.stopAll();
    TestStore store = partition.store(ONE);
    int events = store.events().size();
    store.damage(events - 2, 20);

    partition.start(ONE);

    partition.awaitState(ONE, State.FAILED);
    assertThat(partition.describe(ONE).detail()).contains("damaged");
    assertThat(store.events()).hasSize(events);
    partition.stopAll();
  }

  @Test
  void recordThatTheJournalItselfFindsDamaged_failsTheReplica_thatKeepsItsFiles() {
    TestPartition partition = TestPartition.started(kit, 1);
    partition.awaitLeader();
    partition.commit("a");
    partition.stopAll();
    TestStore store = partition.store(ONE);
    int events = store.events().size();
    store.refuse(2, new TestStore.BadRecord("record 2 has a bad checksum"));

    partition.start(ONE);

    partition.awaitState(ONE, State.FAILED);
    assertThat(partition.describe(ONE).detail())
        .contains("the journal is damaged", "record 2 has a bad checksum", "Start the node again");
    assertThat(store.events()).hasSize(events);
    partition.stopAll();
  }

  @Test
  @DisplayName("116: a recovery that fails is begun again, until it comes to an end")
  void journalThatCannotBeReadForAWhile_isReadAgain() {
    TestPartition partition = TestPartition.started(kit, 1);
    partition.awaitLeader();
    partition.commit("a");
    partition.stopAll();
    TestStore store = partition.store(ONE);
    store.refuse(2, new UncheckedIOException(new IOException("busy, says the test")));
    partition.start(ONE);

    partition.awaitState(ONE, State.RESTARTING);
    TestPartition.await(() -> store.refusals() > 1);
    store.mend();

    partition.commit("b");
    assertThat(partition.ledger(ONE).applied()).containsExactly("a", "b");
    partition.stopAll();
  }

  @Test
  void journalThatViolatesAnInvariant_failsTheReplica() throws Exception {
    TestPartition partition = TestPartition.started(kit, 1);
    partition.awaitLeader();
    partition.commit("a");
    partition.stopAll();
    TestStore store = partition.store(ONE);
    // Behind a gap: no write of ours could have made this.
    Written event =
        new Written(
            new HardState(9, ONE),
            SnapshotBase.initial(Configuration.ofVoters(List.of(ONE))),
            new LogPosition(500, 9),
            List.of(),
            0);
    var serializer =
        SerializationExtension.get(Adapter.toClassic(kit.system())).serializerFor(Written.class);
    store.forge(
        new TestStore.Stored(
            store.highest() + 1, serializer.identifier(), "w", serializer.toBinary(event)));

    partition.start(ONE);

    partition.awaitState(ONE, State.FAILED);
    assertThat(partition.describe(ONE).detail()).contains("invariant").contains("gap");
    partition.stopAll();
  }
}
