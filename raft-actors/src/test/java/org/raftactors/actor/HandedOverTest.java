package org.raftactors.actor;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.junit.jupiter.api.Test;
import org.raftactors.BatchResults;
import org.raftactors.ProposalResult;
import org.raftactors.Propose;
import org.raftactors.ProposeBatch;
import org.raftactors.Read;
import org.raftactors.ReadLevel;
import org.raftactors.ReadResult;
import org.raftactors.RejectReason;
import org.raftactors.UnknownReason;
import org.raftactors.core.ApplyBatch;
import org.raftactors.core.log.EntryKind;
import org.raftactors.core.log.LogEntry;
import org.raftactors.core.log.Payload;

/** Every client gets one answer: from the host, or, for what the host left, from the shell. */
class HandedOverTest {

  private final HandedOver handedOver = new HandedOver();
  private final List<TestInbox<Object>> inboxes = new ArrayList<>();

  private ApplyBatch batch(long first, int count) {
    List<LogEntry> entries = new ArrayList<>();
    Object[] waiters = new Object[count];
    for (int i = 0; i < count; i++) {
      entries.add(new LogEntry(first + i, 1, 0, EntryKind.COMMAND, Payload.EMPTY));
      waiters[i] = new Propose(Payload.EMPTY, false, inbox().getRef());
    }
    return new ApplyBatch(entries, waiters, 0);
  }

  private TestInbox<Object> inbox() {
    TestInbox<Object> inbox = TestInbox.create();
    inboxes.add(inbox);
    return inbox;
  }

  private Read read() {
    return new Read(Payload.EMPTY, ReadLevel.LINEARIZABLE, false, inbox().getRef());
  }

  @Test
  void whatTheHostAnswered_isNotAnsweredAgain_theRestIs() {
    handedOver.add(batch(1, 2));
    handedOver.add(batch(3, 3));
    handedOver.add(batch(6, 1));
    handedOver.progress().answeredUpTo(2);
    handedOver.applied(2);
    handedOver.progress().answeredUpTo(4); // in the middle of a batch

    handedOver.abandon(Duration.ZERO);

    assertThat(inboxes.stream().map(TestInbox::hasMessages))
        .containsExactly(false, false, false, false, true, true);
    assertThat(inboxes.get(4).receiveMessage())
        .isEqualTo(new ProposalResult.Unknown<>(UnknownReason.STOPPED));
    handedOver.abandon(Duration.ZERO);
    assertThat(inboxes.get(5).getAllReceived()).hasSize(1);
  }

  @Test
  void ofABatchThatTheHostAnsweredInPart_theRestIsAnsweredTogether() {
    TestInbox<BatchResults> proposer = TestInbox.create();
    ProposeBatch together =
        new ProposeBatch(7, Collections.nCopies(5, Payload.EMPTY), proposer.getRef());
    List<LogEntry> entries = new ArrayList<>();
    Object[] waiters = new Object[5];
    for (int i = 0; i < 5; i++) {
      entries.add(new LogEntry(1 + i, 1, 0, EntryKind.COMMAND, Payload.EMPTY));
      waiters[i] = new BatchedCommand(together, i);
    }
    handedOver.add(new ApplyBatch(entries, waiters, 0));
    handedOver.progress().answeredUpTo(2);

    handedOver.abandon(Duration.ZERO);

    ProposalResult<byte[]> unknown = new ProposalResult.Unknown<>(UnknownReason.STOPPED);
    assertThat(proposer.getAllReceived())
        .containsExactly(new BatchResults(7, 2, List.of(unknown, unknown, unknown)));
  }

  @Test
  void readsThatTheHostDidNotServe_areRejected() {
    for (int i = 0; i < 3; i++) {
      handedOver.add(read());
    }
    handedOver.progress().servedRead();
    handedOver.add(read());
    handedOver.progress().servedRead();

    handedOver.abandon(Duration.ofSeconds(1));

    assertThat(inboxes.stream().map(TestInbox::hasMessages))
        .containsExactly(false, false, true, true);
    assertThat(inboxes.get(3).receiveMessage())
        .isInstanceOfSatisfying(
            ReadResult.Rejected.class,
            r -> assertThat(r.reason()).isEqualTo(RejectReason.UNAVAILABLE));
  }
}
