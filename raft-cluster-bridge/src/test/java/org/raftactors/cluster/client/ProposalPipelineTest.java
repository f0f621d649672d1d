package org.raftactors.cluster.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.raftactors.PartitionId;
import org.raftactors.ProposalResult;
import org.raftactors.ProposalResult.Committed;
import org.raftactors.ProposalResult.Rejected;
import org.raftactors.ProposalResult.Unknown;
import org.raftactors.RejectReason;
import org.raftactors.Token;
import org.raftactors.UnknownReason;
import org.raftactors.cluster.internal.ClientSettings;
import org.raftactors.core.log.Payload;
import org.raftactors.core.membership.ReplicaId;

class ProposalPipelineTest {

  private static final ReplicaId LOCAL = new ReplicaId(1);
  private static final ReplicaId SECOND = new ReplicaId(2);
  private static final ReplicaId THIRD = new ReplicaId(3);
  private static final long MILLI = 1_000_000;

  private final List<String> log = new ArrayList<>();
  private final List<PendingProposal> proposals = new ArrayList<>();
  private final ProposalPipeline pipeline =
      new ProposalPipeline(
          settings(),
          LOCAL,
          new SplittableRandom(1),
          new ProposalPipeline.Effects() {
            @Override
            public void send(PendingProposal proposal, ReplicaId to) {
              log.add(name(proposal) + ">" + to);
            }

            @Override
            public void complete(PendingProposal proposal, ProposalResult<byte[]> result) {
              assertThat(proposal.answer.complete(result)).isTrue();
            }

            @Override
            public void look() {
              log.add("look");
            }

            @Override
            public void lookHere() {
              looksHere++;
            }
          });
  private int looksHere;
  private long now = 10_000 * MILLI;

  static ClientSettings settings() {
    return new ClientSettings(
        Duration.ofSeconds(5),
        100,
        Duration.ofSeconds(1),
        Duration.ofMillis(10),
        Duration.ofMillis(200),
        Duration.ofSeconds(1),
        Duration.ofMillis(500));
  }

  private static String name(PendingProposal proposal) {
    return String.valueOf((char) ('a' + proposal.number - 1));
  }

  private PendingProposal submit() {
    return submit(5_000);
  }

  private PendingProposal submit(long deadlineMillis) {
    PendingProposal proposal = new PendingProposal(Payload.EMPTY, now + deadlineMillis * MILLI);
    proposals.add(proposal);
    pipeline.submit(proposal, now);
    return proposal;
  }

  private List<String> log() {
    List<String> taken = List.copyOf(log);
    log.clear();
    return taken;
  }

  private void commit(PendingProposal proposal) {
    Token token = new Token(new PartitionId(1), 1, 3, 7);
    pipeline.answered(proposal, proposal.attempt, new Committed<>(new byte[0], token), now);
  }

  private void reject(
      PendingProposal proposal, RejectReason reason, @Nullable ReplicaId hint, long retryMillis) {
    pipeline.answered(
        proposal,
        proposal.attempt,
        new Rejected<>(reason, Optional.ofNullable(hint), Duration.ofMillis(retryMillis)),
        now);
  }

  private void unknown(PendingProposal proposal, UnknownReason reason) {
    pipeline.answered(proposal, proposal.attempt, new Unknown<>(reason), now);
  }

  /** Lets time pass, from one deadline of the pipeline to the next. */
  private void pass(long millis) {
    long end = now + millis * MILLI;
    while (pipeline.nextDeadline() <= end) {
      now = Math.max(now, pipeline.nextDeadline());
      pipeline.tick(now);
    }
    now = end;
  }

  /** Brings the pipeline to flow to a leader. */
  private void flowTo(ReplicaId leader) {
    PendingProposal first = submit();
    if (!leader.equals(LOCAL)) {
      reject(first, RejectReason.NOT_LEADER, leader, 0);
    }
    commit(first);
    assertThat(pipeline.leader()).contains(leader);
    log();
  }

  private static ProposalResult<byte[]> answer(PendingProposal proposal) {
    assertThat(proposal.answer).isDone();
    return proposal.answer.join();
  }

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
    assertThat(log()).containsExactly("b>r1", "c>r1");
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
  void whenFlowing_proposalsArePipelined() {
    flowTo(SECOND);
    submit();
    submit();
    submit();
    assertThat(log()).containsExactly("b>r2", "c>r2", "d>r2");
  }

  @Test
  void aRejection_stopsThePipelineUntilAllInFlightAreAnswered_thenResendsInOrder() {
    flowTo(SECOND);
    PendingProposal b = submit();
    PendingProposal c = submit();
    PendingProposal d = submit();
    log();
    reject(b, RejectReason.NOT_LEADER, THIRD, 0);
    PendingProposal e = submit();
    reject(d, RejectReason.NOT_LEADER, THIRD, 0);
    assertThat(log()).isEmpty();
    reject(c, RejectReason.NOT_LEADER, THIRD, 0);
    assertThat(log()).containsExactly("b>r3");
    commit(b);
    assertThat(log()).containsExactly("c>r3", "d>r3", "e>r3");
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
    pipeline.sawLeader(THIRD, 5, now);
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
    reject(b, RejectReason.TOO_LARGE, null, 0);
    assertThat(answer(b)).isInstanceOf(Rejected.class);
    submit();
    assertThat(log()).containsExactly("b>r1", "c>r1", "d>r1");
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
    pass(1_000);
    log();
    pipeline.lost(b, b.attempt, now);
    assertThat(answer(b)).isEqualTo(new Unknown<byte[]>(UnknownReason.TIMED_OUT));
    pass(500);
    assertThat(log()).isEmpty();
    submit();
    assertThat(log()).containsExactly("c>r1");
  }

  @Test
  void theAnswerToAnEarlierAttempt_isIgnored() {
    PendingProposal a = submit();
    reject(a, RejectReason.NOT_LEADER, SECOND, 0);
    pipeline.lost(a, 1, now);
    assertThat(a.answer).isNotDone();
    commit(a);
    pipeline.lost(a, a.attempt, now);
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
    pipeline.sawLeader(SECOND, 3, now);
    assertThat(looksHere).isZero();
    pass(500);
    assertThat(log()).containsExactly("look");
    assertThat(looksHere).as("asked here, where it costs little, every 50 ms").isEqualTo(9);
    pipeline.sawLeader(THIRD, 4, now);
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
      pipeline.sawLeader(SECOND, 9, now);
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
    pipeline.sawLeader(SECOND, 9, now);
    pass(1_000);
    pipeline.sawLeader(SECOND, 10, now);
    pass(500);
    assertThat(answer(b)).isInstanceOf(Unknown.class);
  }

  @Test
  void anAnswerAfterTheSuspicion_endsIt() {
    flowTo(SECOND);
    PendingProposal b = submit();
    PendingProposal c = submit();
    pass(1_000);
    pipeline.sawLeader(THIRD, 9, now);
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
