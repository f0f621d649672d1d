package org.raftactors.actor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.junit.jupiter.api.Test;
import org.raftactors.BatchResults;
import org.raftactors.PartitionId;
import org.raftactors.ProposalResult;
import org.raftactors.ProposalResult.Committed;
import org.raftactors.ProposalResult.Unknown;
import org.raftactors.Propose;
import org.raftactors.ProposeBatch;
import org.raftactors.Token;
import org.raftactors.UnknownReason;
import org.raftactors.core.log.Payload;

class ProposalAnswersTest {

  private static final ProposalResult<byte[]> UNKNOWN = new Unknown<>(UnknownReason.STOPPED);

  private final ProposalAnswers answers = new ProposalAnswers();
  private final TestInbox<BatchResults> inbox = TestInbox.create();

  private ProposeBatch batch(long id, int size) {
    return new ProposeBatch(id, Collections.nCopies(size, Payload.EMPTY), inbox.getRef());
  }

  private static ProposalResult<byte[]> committed(int bytes) {
    return new Committed<>(new byte[bytes], new Token(new PartitionId(1), 1, 1, 1));
  }

  private List<String> told() {
    return inbox.getAllReceived().stream()
        .map(each -> each.batch() + ": " + each.results().size() + " from " + each.first())
        .toList();
  }

  @Test
  void aProposalAlone_isToldAtOnce() {
    TestInbox<Object> alone = TestInbox.create();
    answers.tell(new Propose(Payload.EMPTY, true, alone.getRef()), UNKNOWN);
    assertThat(alone.receiveMessage()).isEqualTo(UNKNOWN);
    answers.flush();
    assertThat(alone.hasMessages()).isFalse();
  }

  @Test
  void whatFollowsInABatch_isToldTogether_once() {
    ProposeBatch batch = batch(7, 10);
    for (int place = 2; place < 6; place++) {
      answers.tell(new BatchedCommand(batch, place), UNKNOWN);
    }
    assertThat(inbox.hasMessages()).isFalse();
    answers.flush();
    answers.flush();
    assertThat(told()).containsExactly("7: 4 from 2");
  }

  @Test
  void gapsAndOtherBatches_areTheEndOfAMessage() {
    ProposeBatch one = batch(1, 10);
    ProposeBatch two = batch(1, 10); // of another proposer, with the same id and commands
    answers.tell(new BatchedCommand(one, 0), UNKNOWN);
    answers.tell(new BatchedCommand(one, 1), UNKNOWN);
    answers.tell(new BatchedCommand(one, 3), UNKNOWN);
    answers.tell(new BatchedCommand(two, 4), UNKNOWN);
    answers.tell(new BatchedCommand(two, 5), UNKNOWN);
    answers.flush();
    assertThat(told()).containsExactly("1: 2 from 0", "1: 1 from 3", "1: 2 from 4");
  }

  @Test
  void whatDoesNotFitOneMessage_comesInSeveral() {
    ProposeBatch batch = batch(1, 10);
    int third = ProposalAnswers.MAX_BYTES / 3;
    for (int place = 0; place < 5; place++) {
      answers.tell(new BatchedCommand(batch, place), committed(third));
    }
    answers.tell(new BatchedCommand(batch, 5), committed(1_000_000));
    answers.tell(new BatchedCommand(batch, 6), committed(0));
    answers.tell(new BatchedCommand(batch, 7), UNKNOWN);
    answers.flush();
    assertThat(told())
        .containsExactly("1: 2 from 0", "1: 2 from 2", "1: 1 from 4", "1: 1 from 5", "1: 2 from 6");
  }
}
