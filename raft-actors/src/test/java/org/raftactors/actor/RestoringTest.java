package org.raftactors.actor;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.persistence.testkit.javadsl.SnapshotTestKit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.raftactors.ApplyContext;
import org.raftactors.PartitionStatus.State;
import org.raftactors.ProposalResult;
import org.raftactors.ReadLevel;
import org.raftactors.ReadResult;
import org.raftactors.RejectReason;
import org.raftactors.codec.PeerMessage;
import org.raftactors.core.membership.ReplicaId;
import org.raftactors.core.message.Heartbeat;
import org.raftactors.core.write.DurableState;

/** What a replica says while it reads its log, and what it has when it is done. */
class RestoringTest {

  private static final ReplicaId ONE = new ReplicaId(1);
  private static final ReplicaId TWO = new ReplicaId(2);
  private static final ReplicaId THREE = new ReplicaId(3);

  /** Small numbers: everything soon leaves memory, and is soon in a snapshot of the state. */
  private static final String SMALL =
      """
      raft-actors.partition {
        max-entry-bytes = 1 KiB
        max-append-bytes = 4 KiB
        max-write-bytes = 4 KiB
        max-apply-batch-bytes = 4 KiB
        tail-bytes = 4 KiB
        snapshot-every-bytes = 8 KiB
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

  @Test
  void untilRecoveryEnds_clientsAreToldRestoring_andPeersAreIgnored() {
    TestPartition partition = TestPartition.started(kit, 1);
    partition.awaitLeader();
    partition.commit("a");
    partition.stopAll();
    TestStore store = partition.store(ONE);
    store.hold();
    partition.start(ONE);

    assertThat(partition.describe(ONE).state()).isEqualTo(State.RESTORING);
    partition
        .ref(ONE)
        .tell(
            new PeerMessage(
                PeerMessage.group(partition.spec(ONE)),
                new ReplicaId(2),
                ONE,
                new Heartbeat(1000, 0, 1)));
    assertThat(partition.proposed(ONE, "b"))
        .isInstanceOfSatisfying(
            ProposalResult.Rejected.class,
            r -> assertThat(r.reason()).isEqualTo(RejectReason.RESTORING));
    for (ReadLevel level :
        List.of(ReadLevel.LINEARIZABLE, ReadLevel.stale(Duration.ofDays(1000)))) {
      assertThat(partition.read(ONE, level))
          .isInstanceOfSatisfying(
              ReadResult.Rejected.class,
              r -> assertThat(r.reason()).isEqualTo(RejectReason.RESTORING));
    }
    store.release();

    partition.awaitLeader();
    assertThat(partition.describe(ONE).term()).isLessThan(1000);
    partition.commit("c");
    assertThat(partition.ledger(ONE).applied()).containsExactly("a", "c");
    partition.stopAll();
  }

  @Test
  @DisplayName("115: a restart brings back hard state, log and applied state")
  void recoveryFromASnapshotOfTheState_readsTheEntriesBackFromTheJournal() {
    TestPartition partition = TestPartition.started(kit, 1, SMALL);
    partition.awaitLeader();
    List<String> commands = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      String command = "command " + i + " ".repeat(100);
      partition.commit(command);
      commands.add(command);
    }
    partition.stopAll();
    String persistenceId = partition.spec(ONE).persistenceId();
    List<Object> snapshots =
        SnapshotTestKit.create(kit.system()).persistedInStorage(persistenceId).stream()
            .map(pair -> pair.second())
            .toList();
    assertThat(snapshots).isNotEmpty().allMatch(DurableState.class::isInstance);
    DurableState newest = (DurableState) snapshots.get(snapshots.size() - 1);
    assertThat(newest.last().index()).isGreaterThan(100);
    partition.start(ONE);

    partition.commit("last");
    commands.add("last");
    TestPartition.await(() -> partition.ledger(ONE).applied().size() == commands.size());
    assertThat(partition.ledger(ONE).applied()).isEqualTo(commands);
    partition.stopAll();
  }

  /** Asking again does not mend it; and until it stopped, clients would wait for it in vain. */
  @Test
  void damageThatIsFoundWhenEntriesAreReadBack_failsTheReplica() {
    TestPartition partition = TestPartition.started(kit, 1, SMALL);
    for (int i = 0; i < 200; i++) {
      partition.commit("command " + i + " ".repeat(100));
    }
    partition.stopAll();
    partition.store(ONE).damage(50, 20); // recovery starts behind it, from the snapshot
    partition.start(ONE);

    partition.awaitState(ONE, State.FAILED);
    assertThat(partition.describe(ONE).detail()).contains("damaged");
    partition.stopAll();
  }

  /** It would lead for ever, and never bring the follower up to date. */
  @Test
  void leaderWhoseJournalFindsDamage_whenItReadsBackForAFollower_fails_andAnotherLeads() {
    TestPartition partition = new TestPartition(kit, 3, SMALL + TestPartition.PATIENT, Ledger::new);
    partition.start(ONE);
    partition.start(TWO);
    for (int i = 0; i < 200; i++) {
      partition.commit("command " + i + " ".repeat(100));
    }
    ReplicaId leader = partition.awaitLeader();
    partition.store(leader).refuse(50, new TestStore.BadRecord("record 50 has a bad checksum"));
    partition.start(THREE);

    partition.awaitState(leader, State.FAILED);
    assertThat(partition.describe(leader).detail())
        .contains("the journal is damaged", "record 50 has a bad checksum");
    partition.commit("last");
    TestPartition.await(() -> partition.ledger(THREE).applied().contains("last"));
    assertThat(partition.ledger(THREE).applied()).hasSizeGreaterThan(200);
    assertThat(partition.describe(leader).state()).isEqualTo(State.FAILED);
    partition.stopAll();
  }

  @Test
  void leaderWhoseStorageIsFoundDamaged_byNobodyOfItsOwn_stopsForGood_andAnotherLeads() {
    TestPartition partition = TestPartition.started(kit, 3);
    partition.commit("a");
    ReplicaId leader = partition.awaitLeader();

    partition.damage(leader, "the event 7 of " + leader + " is damaged");

    partition.awaitState(leader, State.FAILED);
    assertThat(partition.describe(leader).detail())
        .contains("the journal is damaged")
        .contains("the event 7 of " + leader + " is damaged");
    TestPartition.await(() -> !partition.isDamageWatched(leader));
    assertThat(partition.awaitLeader()).isNotEqualTo(leader);
    partition.commit("b");
    // The same at its next start, before it has read anything.
    partition.stop(leader);
    partition.start(leader);
    partition.awaitState(leader, State.FAILED);
    partition.stopAll();
  }

  @Test
  void leaderWhoseJournalCannotBeReadForAWhile_asksAgain() {
    TestPartition partition = new TestPartition(kit, 3, SMALL + TestPartition.PATIENT, Ledger::new);
    partition.start(ONE);
    partition.start(TWO);
    for (int i = 0; i < 200; i++) {
      partition.commit("command " + i + " ".repeat(100));
    }
    TestStore store = partition.store(partition.awaitLeader());
    store.refuse(50, new UncheckedIOException(new IOException("busy, says the test")));
    partition.start(THREE);

    TestPartition.await(() -> store.refusals() > 1);
    store.mend();

    assertThat(partition.awaitConverged()).hasSizeGreaterThanOrEqualTo(200);
    partition.stopAll();
  }

  @Test
  void followerFarBehind_isFedFromTheLeadersJournal() {
    TestPartition partition = new TestPartition(kit, 3, SMALL, Ledger::new);
    partition.start(ONE);
    partition.start(new ReplicaId(2));
    for (int i = 0; i < 200; i++) {
      partition.commit("command " + i + " ".repeat(100));
    }
    partition.start(new ReplicaId(3));

    assertThat(partition.awaitConverged()).hasSizeGreaterThanOrEqualTo(200);
    partition.stopAll();
  }

  /** Otherwise editing a list of nodes would change a quorum that nobody agreed to. */
  @Test
  void initialVotersThatChanged_areIgnored_atEveryLaterStart() {
    TestPartition partition = TestPartition.started(kit, 1);
    partition.commit("a");
    List<ReplicaId> changed = List.of(ONE, new ReplicaId(2), new ReplicaId(3));
    for (String command : List.of("b", "c")) {
      partition.stopAll();
      partition.start(ONE, changed);

      TestPartition.await(() -> partition.describe(ONE).state() == State.RUNNING);
      assertThat(partition.describe(ONE).voters()).containsExactly(ONE);
      partition.commit(command);
    }
    assertThat(partition.ledger(ONE).applied()).containsExactly("a", "b", "c");
    partition.stopAll();
  }

  /** Keeps its state across restarts, as one with a database of its own would. */
  private static final class Kept extends Ledger {
    private long durable;
    private boolean saved;

    @Override
    public synchronized String apply(ApplyContext context, String command) {
      saved = false;
      return super.apply(context, command);
    }

    @Override
    public synchronized void endBatch(long index) {
      saved = true;
      durable = index;
    }

    @Override
    public synchronized long durableIndex() {
      assertThat(saved || durable == 0).isTrue();
      return durable;
    }
  }

  @Test
  void stateMachineWithStorageOfItsOwn_isFedFromWhereItGot() {
    Kept kept = new Kept();
    TestPartition partition = new TestPartition(kit, 1, "", () -> kept);
    partition.start(ONE);
    partition.commit("a");
    partition.commit("b");
    partition.stopAll();
    partition.start(ONE);

    partition.commit("c");

    // The ledger throws at an index that it has seen.
    assertThat(kept.applied()).containsExactly("a", "b", "c");
    assertThat(partition.describe(ONE).state()).isEqualTo(State.RUNNING);
    partition.stopAll();
  }
}
