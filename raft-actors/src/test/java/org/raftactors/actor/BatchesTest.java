package org.raftactors.actor;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.raftactors.BatchResults;
import org.raftactors.PartitionStatus.State;
import org.raftactors.PlainCodecs;
import org.raftactors.ProposalResult;
import org.raftactors.ProposalResult.Committed;
import org.raftactors.ProposalResult.Rejected;
import org.raftactors.ProposalResult.Unknown;
import org.raftactors.ProposeBatch;
import org.raftactors.RejectReason;
import org.raftactors.UnknownReason;
import org.raftactors.core.log.Payload;
import org.raftactors.core.membership.ReplicaId;

/** Commands that come in one message: each has its outcome, once, whatever happens. */
class BatchesTest {

  private static final ReplicaId ONE = new ReplicaId(1);
  private static final BatchResults LAST =
      new BatchResults(0, 0, List.of(new Unknown<>(UnknownReason.STOPPED)));

  private static final ActorTestKit KIT =
      ActorTestKit.create(ConfigFactory.parseString(TestPartition.CONFIG));

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  private final TestProbe<BatchResults> proposer = KIT.createTestProbe();

  private ProposeBatch batch(String... commands) {
    List<Payload> payloads = new ArrayList<>();
    for (String command : commands) {
      payloads.add(Payload.of(PlainCodecs.TEXT.encode(command)));
    }
    return new ProposeBatch(42, payloads, proposer.getRef());
  }

  /** One outcome for each command, and none more. */
  private List<ProposalResult<byte[]>> outcomes(int commands) {
    List<ProposalResult<byte[]>> outcomes = new ArrayList<>(Collections.nCopies(commands, null));
    while (outcomes.contains(null)) {
      BatchResults results = proposer.receiveMessage(TestPartition.CEILING);
      assertThat(results.batch()).isEqualTo(42);
      int place = results.first();
      for (ProposalResult<byte[]> result : results.results()) {
        assertThat(outcomes.set(place++, result)).as("the answer before this").isNull();
      }
    }
    return outcomes;
  }

  /** After all that could still come has come. */
  private void nothingMore() {
    proposer.getRef().tell(LAST);
    assertThat(proposer.receiveMessage(TestPartition.CEILING)).isSameAs(LAST);
  }

  private static String text(ProposalResult<byte[]> outcome) {
    return new String(((Committed<byte[]>) outcome).result(), StandardCharsets.UTF_8);
  }

  private static RejectReason reason(ProposalResult<byte[]> outcome) {
    return ((Rejected<byte[]>) outcome).reason();
  }

  @Test
  void commandsOfABatch_areAppliedInTheirOrder() {
    TestPartition partition = TestPartition.started(KIT, 3);
    ReplicaId leader = partition.awaitLeader();
    partition.ref(leader).tell(batch("a", "b", "c"));
    List<ProposalResult<byte[]>> outcomes = outcomes(3);
    assertThat(outcomes).extracting(BatchesTest::text).containsExactly("1", "2", "3");
    assertThat(outcomes)
        .extracting(outcome -> ((Committed<byte[]>) outcome).token().index())
        .isSorted()
        .doesNotHaveDuplicates();
    assertThat(partition.ledger(leader).applied()).containsExactly("a", "b", "c");
    partition.stopAll();
    nothingMore();
  }

  @Test
  void aBatchAtAFollower_isRejectedWhole_andTheLeaderNamed() {
    TestPartition partition = TestPartition.started(KIT, 3);
    ReplicaId leader = partition.awaitLeader();
    ReplicaId other = partition.ids().stream().filter(id -> !id.equals(leader)).findAny().get();
    TestPartition.await(() -> partition.describe(other).leader().equals(Optional.of(leader)));
    partition.ref(other).tell(batch("a", "b"));
    assertThat(outcomes(2))
        .allSatisfy(
            outcome -> {
              assertThat(reason(outcome)).isEqualTo(RejectReason.NOT_LEADER);
              assertThat(((Rejected<byte[]>) outcome).leader()).contains(leader);
            });
    partition.stopAll();
    nothingMore();
  }

  @Test
  void aResultThatCannotBeEncoded_isLostAlone() {
    TestPartition partition = new TestPartition(KIT, 1, TestPartition.PATIENT, Touchy::new);
    partition.start(ONE);
    partition.awaitLeader();
    partition.ref(ONE).tell(batch("a", "no result", "b"));
    List<ProposalResult<byte[]>> outcomes = outcomes(3);
    assertThat(text(outcomes.get(0))).isEqualTo("1");
    assertThat(outcomes.get(1)).isEqualTo(new Unknown<byte[]>(UnknownReason.RESULT_LOST));
    assertThat(text(outcomes.get(2))).isEqualTo("3");
    partition.stopAll();
    nothingMore();
  }

  @Test
  void aBatchAtALeaderWithoutRoom_isRejectedWhole() {
    TestPartition partition = TestPartition.started(KIT, 1, TestPartition.PATIENT);
    partition.awaitLeader();
    partition.full(ONE, true);
    partition.ref(ONE).tell(batch("a", "b"));
    assertThat(outcomes(2)).extracting(BatchesTest::reason).containsOnly(RejectReason.NO_SPACE);
    partition.full(ONE, false);
    partition.ref(ONE).tell(batch("c", "d"));
    assertThat(outcomes(2)).extracting(BatchesTest::text).containsExactly("1", "2");
    partition.stopAll();
    nothingMore();
  }

  @Test
  void aStateMachineThatThrowsInTheMiddle_leavesNoneWithoutAnswer() {
    TestPartition partition = new TestPartition(KIT, 1, TestPartition.PATIENT, Touchy::new);
    partition.start(ONE);
    partition.awaitLeader();
    partition.ref(ONE).tell(batch("a", "b", "poison", "c"));
    List<ProposalResult<byte[]>> outcomes = outcomes(4);
    assertThat(outcomes.subList(2, 4)).containsOnly(new Unknown<>(UnknownReason.STOPPED));
    partition.awaitState(ONE, State.FAILED);
    partition.ref(ONE).tell(batch("d", "e"));
    assertThat(outcomes(2)).extracting(BatchesTest::reason).containsOnly(RejectReason.UNAVAILABLE);
    partition.stopAll();
    nothingMore();
  }

  @Test
  void aWriteThatFails_leavesNoneWithoutAnswer() {
    TestPartition partition = TestPartition.started(KIT, 1, TestPartition.PATIENT);
    partition.awaitLeader();
    partition.store(ONE).hold();
    partition.ref(ONE).tell(batch("a", "b"));
    partition.describe(ONE);
    partition.ref(ONE).tell(batch("c", "d")); // gathers
    partition.describe(ONE);
    partition.store(ONE).failNextWrite(false);
    partition.store(ONE).release();
    List<ProposalResult<byte[]>> outcomes = new ArrayList<>(outcomes(2));
    outcomes.addAll(outcomes(2));
    assertThat(outcomes).noneMatch(Committed.class::isInstance);
    assertThat(outcomes).filteredOn(Rejected.class::isInstance).hasSize(2);
    partition.awaitLeader();
    partition.stopAll();
    nothingMore();
  }
}
