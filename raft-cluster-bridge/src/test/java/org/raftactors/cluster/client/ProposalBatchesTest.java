package org.raftactors.cluster.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.raftactors.ProposalResult.Committed;
import org.raftactors.ProposalResult.Rejected;
import org.raftactors.ProposalResult.Unknown;
import org.raftactors.RejectReason;
import org.raftactors.UnknownReason;
import org.raftactors.core.log.Payload;

/** What leaves in one message, and what its answers do. */
class ProposalBatchesTest extends PipelineFixture {

  @Test
  void whenFlowing_whatComesBehindOthersLeavesTogether() {
    flowTo(SECOND);
    submit();
    assertThat(flushAsked).as("a lone one does not wait").isFalse();
    submit();
    submit();
    assertThat(log()).containsExactly("b>r2", "c+d>r2");
    submit();
    assertThat(log()).containsExactly("e>r2");
  }

  @Test
  void withManyMessagesUnanswered_whatComesWaitsForAnAnswer() {
    flowTo(SECOND);
    for (int i = 0; i < Unanswered.MAX; i++) {
      submit();
      log();
    }
    submit();
    submit();
    assertThat(flushAsked).isFalse();
    commit(proposals.get(1));
    assertThat(log()).containsExactly("f+g>r2");
    commit(proposals.get(5));
    assertThat(proposals.get(6).answer).as("its message is not answered yet").isNotDone();
    submit();
    assertThat(log()).isEmpty();
    commit(proposals.get(6));
    assertThat(log()).containsExactly("h>r2");
  }

  /** Each but the first one's answers are lost, or take long. */
  private void sendWithoutAnswers(int messages) {
    for (int i = 0; i < messages; i++) {
      submit(60_000);
      log();
    }
  }

  @Test
  void withManyMessagesUnanswered_whatComesLeavesAfterAMoment() {
    flowTo(SECOND);
    sendWithoutAnswers(Unanswered.MAX);
    submit();
    submit();
    pass(9);
    assertThat(log()).isEmpty();
    pass(1);
    assertThat(log()).containsExactly("f+g>r2");
    submit();
    pass(10);
    assertThat(log()).containsExactly("h>r2");
    pass(50);
    submit();
    assertThat(flushAsked).as("long after the last one").isTrue();
  }

  @Test
  void messagesOlderThanOneThatIsAnswered_doNotCount() {
    flowTo(SECOND);
    sendWithoutAnswers(Unanswered.MAX);
    PendingProposal after = submit();
    pass(10);
    assertThat(log()).containsExactly("f>r2");
    commit(after);
    for (int i = 0; i < Unanswered.MAX; i++) {
      submit();
      assertThat(log()).as("one by one again").hasSize(1);
    }
    submit();
    assertThat(log()).isEmpty();
    commit(proposals.get(1)); // late
    assertThat(log()).isEmpty();
  }

  /** After a broken connection, say: what it was sent got lost, or its answers did. */
  @Test
  void aSilentLeaderThatSaysThatItLeads_isSentOneMessage_andFlowsOnWithItsAnswer() {
    flowTo(SECOND);
    sendWithoutAnswers(3);
    pass(1_000);
    assertThat(log()).containsExactly("look");
    PendingProposal e = submit(60_000);
    submit(60_000);
    assertThat(log()).isEmpty();
    pipeline.sawLeader(SECOND, 3, false, now);
    assertThat(log()).as("somebody else says so").isEmpty();
    pipeline.sawLeader(SECOND, 3, true, now);
    assertThat(log()).containsExactly("e+f>r2");
    submit(60_000);
    assertThat(log()).isEmpty();
    pipeline.sawLeader(SECOND, 3, true, now);
    pass(10);
    assertThat(log()).containsExactly("g>r2");
    commit(e);
    commit(proposals.get(5));
    submit(60_000);
    assertThat(log()).containsExactly("h>r2");
    pipeline.sawLeader(SECOND, 4, true, now);
    pass(500);
    assertThat(proposals.get(1).answer).as("not silent any more").isNotDone();
  }

  @Test
  void aSilentLeaderThatWasReplaced_isNotTriedAnyMore() {
    flowTo(SECOND);
    sendWithoutAnswers(1);
    pass(1_000);
    pipeline.sawLeader(SECOND, 3, true, now);
    pipeline.sawLeader(THIRD, 4, true, now);
    submit(60_000);
    assertThat(log()).containsExactly("look");
  }

  @Test
  void aTimerThatComesLate_isNotArmedForThePast() {
    flowTo(SECOND);
    sendWithoutAnswers(Unanswered.MAX);
    submit();
    assertThat(pipeline.nextDeadline()).isEqualTo(now + 10 * MILLI);
    now += 2_000 * MILLI; // the process was paused
    pipeline.tick(now);
    assertThat(pipeline.nextDeadline()).isGreaterThan(now);
  }

  @Test
  void withManyMessagesUnanswered_aFullOneLeaves() {
    flowTo(SECOND);
    for (int i = 0; i < Unanswered.MAX; i++) {
      submit();
      log();
    }
    for (int i = 0; i < 9; i++) {
      submit();
    }
    assertThat(log()).isEmpty();
    submit();
    submit();
    assertThat(log()).containsExactly("f+g+h+i+j+k+l+m+n+o>r2");
    commit(proposals.get(1));
    assertThat(log()).as("still as many as before").isEmpty();
    commit(proposals.get(2));
    assertThat(log()).containsExactly("p>r2");
  }

  @Test
  void aMessage_isNoLargerThanHalfOfTheLargestRequest_unlessItIsOneCommand() {
    flowTo(SECOND);
    submit();
    log();
    for (int i = 0; i < 11; i++) {
      submit();
    }
    PendingProposal large =
        new PendingProposal(Payload.of(new byte[MAX_REQUEST]), now + 5_000 * MILLI);
    pipeline.submit(large, now);
    submit();
    assertThat(log()).containsExactly("c+d+e+f+g+h+i+j+k+l>r2", "m>r2", "n>r2");
    commit(large);
    assertThat(log()).containsExactly("o>r2");
  }

  @Test
  void aBatchThatIsAnsweredInParts_isSentAgainFromTheFirstThatWasRejected() {
    flowTo(SECOND);
    submit();
    PendingProposal c = submit();
    submit();
    PendingProposal e = submit();
    assertThat(log()).containsExactly("b>r2", "c+d+e>r2");
    ProposalBatch batch = Objects.requireNonNull(c.batch);
    Rejected<byte[]> no = new Rejected<>(RejectReason.OVERLOADED, Optional.empty(), Duration.ZERO);
    pipeline.answered(batch, 1, List.of(no, no), now);
    commit(c);
    pipeline.answered(batch, 0, List.of(no, no, no, no), now); // answered all, and too many
    assertThat(open).doesNotContain(batch).hasSize(1);
    commit(proposals.get(1));
    pass(200);
    assertThat(log()).containsExactly("d>r2");
    commit(proposals.get(3));
    assertThat(log()).containsExactly("e>r2");
    commit(e);
    assertThat(open).isEmpty();
    assertThat(proposals).allMatch(p -> answer(p) instanceof Committed);
  }

  @Test
  void oneOfABatch_isUnknownAtItsDeadline_theOthersAreWaitedFor() {
    flowTo(SECOND);
    submit();
    PendingProposal c = submit(200);
    PendingProposal d = submit();
    assertThat(log()).containsExactly("b>r2", "c+d>r2");
    pass(200);
    assertThat(answer(c)).isEqualTo(new Unknown<byte[]>(UnknownReason.TIMED_OUT));
    assertThat(d.answer).isNotDone();
    submit();
    assertThat(log()).as("stopped").isEmpty();
    commit(proposals.get(1));
    commit(d);
    pass(200);
    assertThat(log()).containsExactly("e>r1");
    assertThat(open).hasSize(1);
  }
}
