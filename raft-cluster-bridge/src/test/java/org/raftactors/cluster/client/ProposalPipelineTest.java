package org.raftactors.cluster.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.raftactors.ProposalResult;
import org.raftactors.ProposalResult.Committed;
import org.raftactors.ProposalResult.Rejected;
import org.raftactors.ProposalResult.Unknown;
import org.raftactors.RejectReason;
import org.raftactors.UnknownReason;

class ProposalPipelineTest extends PipelineFixture {

  /** The leader may have been killed or stopped in between; the replica here would know. */
  @Test
  void afterAPause_theLocalReplicaIsAskedFirst_andItsHintFollowed() {
    flowTo(SECOND);
    pass(99);
    commit(submit());
    pass(100);
    PendingProposal late = submit();
    PendingProposal behind = submit();
    assertThat(log()).containsExactly("b>r2", "c>r1");

    reject(late, RejectReason.NOT_LEADER, THIRD, 0);
    assertThat(log()).containsExactly("c>r3");
    commit(late);
    assertThat(log()).containsExactly("d>r3");
    commit(behind);
    assertThat(pipeline.leader()).contains(THIRD);
  }

  @Test
  void theFirstProposal_goesToTheLocalReplicaAlone() {
    PendingProposal first = submit();
    submit();
    submit();
    assertThat(log()).containsExactly("a>r1");
    commit(first);
    assertThat(answer(first)).isInstanceOf(Committed.class);
    assertThat(log()).containsExactly("b+c>r1");
  }

  @Test
  void aHint_isFollowedAtOnceByTheFirstProposalAlone() {
    PendingProposal first = submit();
    submit();
    reject(first, RejectReason.NOT_LEADER, SECOND, 0);
    assertThat(log()).containsExactly("a>r1", "a>r2");
    commit(first);
    submit();
    assertThat(log()).containsExactly("b>r2", "c>r2");
  }

  @Test
  void aRejection_stopsThePipelineUntilAllInFlightAreAnswered_thenResendsInOrder() {
    flowTo(SECOND);
    PendingProposal b = submit();
    PendingProposal c = submit();
    PendingProposal d = submit();
    assertThat(log()).containsExactly("b>r2", "c+d>r2");
    reject(b, RejectReason.NOT_LEADER, THIRD, 0);
    PendingProposal e = submit();
    reject(d, RejectReason.NOT_LEADER, THIRD, 0);
    assertThat(log()).isEmpty();
    reject(c, RejectReason.NOT_LEADER, THIRD, 0);
    assertThat(log()).containsExactly("b>r3");
    commit(b);
    assertThat(log()).containsExactly("c+d+e>r3");
    commit(c);
    commit(d);
    commit(e);
    assertThat(proposals).allMatch(p -> answer(p) instanceof Committed);
  }

  @Test
  void anUnknown_isReportedAndNeverSentAgain() {
    flowTo(SECOND);
    PendingProposal b = submit();
    PendingProposal c = submit();
    log();
    unknown(b, UnknownReason.LEADERSHIP_LOST);
    assertThat(answer(b)).isEqualTo(new Unknown<byte[]>(UnknownReason.LEADERSHIP_LOST));
    PendingProposal d = submit();
    assertThat(log()).isEmpty();
    reject(c, RejectReason.NOT_LEADER, THIRD, 0);
    assertThat(log()).containsExactly("c>r3");
    commit(c);
    assertThat(log()).containsExactly("d>r3");
    commit(d);
  }

  @Test
  void withoutHint_itBacksOffAtTheLocalReplica_thenLooks() {
    PendingProposal a = submit();
    log();
    for (int i = 0; i < 3; i++) {
      reject(a, RejectReason.NOT_LEADER, null, 0);
      assertThat(log()).isEqualTo(i < 2 ? List.of() : List.of("look"));
      pass(200);
      assertThat(log()).containsExactly("a>r1");
    }
    reject(a, RejectReason.NOT_LEADER, null, 0);
    pipeline.sawLeader(THIRD, 5, false, now);
    pass(200);
    assertThat(log()).containsExactly("look", "a>r3");
  }

  @Test
  void twoReplicasThatNameEachOther_areNotAskedWithoutPause() {
    PendingProposal a = submit();
    reject(a, RejectReason.NOT_LEADER, SECOND, 0);
    reject(a, RejectReason.NOT_LEADER, THIRD, 0);
    log();
    reject(a, RejectReason.NOT_LEADER, SECOND, 0);
    assertThat(log()).isEmpty();
    pass(200);
    assertThat(log()).containsExactly("a>r2");
  }

  @Test
  void overloaded_waitsAtTheSameReplicaForTheNamedTime() {
    flowTo(SECOND);
    PendingProposal b = submit();
    log();
    reject(b, RejectReason.OVERLOADED, null, 300);
    pass(299);
    assertThat(log()).isEmpty();
    pass(1);
    assertThat(log()).containsExactly("b>r2");
  }

  @Test
  void tooLarge_isFinalAndStopsNothing() {
    flowTo(LOCAL);
    PendingProposal b = submit();
    PendingProposal c = submit();
    assertThat(log()).containsExactly("b>r1", "c>r1");
    reject(b, RejectReason.TOO_LARGE, null, 0);
    assertThat(answer(b)).isInstanceOf(Rejected.class);
    submit();
    assertThat(log()).containsExactly("d>r1");
    commit(c);
  }

  @Test
  void atTheDeadline_theLastRejectionIsReported() {
    PendingProposal a = submit(1_000);
    PendingProposal b = submit(1_000);
    for (int i = 0; i < 100 && !a.answer.isDone(); i++) {
      if (a.state == PendingProposal.State.IN_FLIGHT) {
        reject(a, RejectReason.RESTORING, null, 0);
      }
      pass(10);
    }
    assertThat(((Rejected<byte[]>) answer(a)).reason()).isEqualTo(RejectReason.RESTORING);
    pass(100);
    assertThat(((Rejected<byte[]>) answer(b)).reason()).isEqualTo(RejectReason.UNAVAILABLE);
  }

  @Test
  void anAttemptWithoutAnswer_isUnknownAndNeverSentAgain() {
    flowTo(SECOND);
    PendingProposal b = submit(1_000);
    pass(999);
    assertThat(b.answer).isNotDone();
    pass(1);
    log();
    assertThat(answer(b)).isEqualTo(new Unknown<byte[]>(UnknownReason.TIMED_OUT));
    pass(500);
    assertThat(log()).isEmpty();
    submit();
    assertThat(log()).containsExactly("c>r1");
  }

  @Test
  void theAnswerToAnEarlierAttempt_isIgnored() {
    PendingProposal a = submit();
    ProposalBatch earlier = Objects.requireNonNull(a.batch);
    reject(a, RejectReason.NOT_LEADER, SECOND, 0);
    List<ProposalResult<byte[]>> late = List.of(new Unknown<>(UnknownReason.STOPPED));
    pipeline.answered(earlier, 0, late, now);
    assertThat(a.answer).isNotDone();
    commit(a);
    pipeline.answered(Objects.requireNonNull(a.batch), 0, late, now);
    assertThat(answer(a)).isInstanceOf(Committed.class);
  }

  @Test
  void aSilentLeaderThatWasReplaced_isGivenUpAfterTheGrace() {
    flowTo(SECOND);
    PendingProposal b = submit();
    PendingProposal c = submit();
    log();
    pass(999);
    assertThat(log()).isEmpty();
    pass(1);
    assertThat(log()).containsExactly("look");
    pipeline.sawLeader(SECOND, 3, false, now);
    assertThat(looksHere).isZero();
    pass(500);
    assertThat(log()).containsExactly("look");
    assertThat(looksHere).as("asked here, where it costs little, every 50 ms").isEqualTo(9);
    pipeline.sawLeader(THIRD, 4, false, now);
    PendingProposal d = submit();
    log();
    pass(499);
    assertThat(b.answer).isNotDone();
    assertThat(log()).doesNotContain("d>r2");
    pass(1);
    assertThat(answer(b)).isEqualTo(new Unknown<byte[]>(UnknownReason.LEADERSHIP_LOST));
    assertThat(answer(c)).isEqualTo(new Unknown<byte[]>(UnknownReason.LEADERSHIP_LOST));
    assertThat(log()).containsExactly("d>r3");
    assertThat(looksHere).as("after it was known").isEqualTo(9);
    commit(d);
  }

  @Test
  void aSilentLeaderThatStillLeads_isWaitedFor() {
    flowTo(SECOND);
    PendingProposal b = submit();
    for (int i = 0; i < 8; i++) {
      pass(500);
      pipeline.sawLeader(SECOND, 9, false, now);
    }
    assertThat(b.answer).isNotDone();
    commit(b);
    assertThat(answer(b)).isInstanceOf(Committed.class);
  }

  @Test
  void aLeaderThatCameBackInALaterTerm_isAnotherOne() {
    flowTo(SECOND);
    PendingProposal b = submit();
    pass(1_000);
    pipeline.sawLeader(SECOND, 9, false, now);
    pass(1_000);
    pipeline.sawLeader(SECOND, 10, false, now);
    pass(500);
    assertThat(answer(b)).isInstanceOf(Unknown.class);
  }

  @Test
  void anAnswerAfterTheSuspicion_endsIt() {
    flowTo(SECOND);
    PendingProposal b = submit();
    PendingProposal c = submit();
    log();
    pass(1_000);
    pipeline.sawLeader(THIRD, 9, false, now);
    commit(b);
    pass(900);
    assertThat(c.answer).isNotDone();
  }

  @Test
  void aLeaderThatDidNotAnswerARead_isNotTakenForSureAnyMore() {
    flowTo(SECOND);
    pipeline.doubt(THIRD);
    assertThat(pipeline.leader()).contains(SECOND);
    pipeline.doubt(SECOND);
    assertThat(pipeline.leader()).isEmpty();
    submit();
    submit();
    assertThat(log()).containsExactly("b>r1");
  }

  @Test
  void close_answersEverything() {
    flowTo(SECOND);
    PendingProposal b = submit();
    reject(b, RejectReason.NOT_LEADER, null, 0);
    pass(200);
    PendingProposal c = submit();
    log();
    pipeline.close();
    assertThat(answer(b)).isEqualTo(new Unknown<byte[]>(UnknownReason.STOPPED));
    assertThat(((Rejected<byte[]>) answer(c)).reason()).isEqualTo(RejectReason.UNAVAILABLE);
    assertThat(log()).isEmpty();
  }

  /**
   * Random answers and losses: every proposal gets exactly one outcome; a definite rejection was
   * never left without an answer; and no proposal is sent while an earlier one might still overtake
   * it by being sent again.
   */
  @Test
  void inAnySchedule_onlyRejectedAttemptsAreRepeatedAndOrderHolds() {
    for (long seed = 0; seed < 3_000; seed++) {
      new PipelineSchedule(seed).run();
    }
  }
}
