package org.raftactors.actor;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.raftactors.Read;
import org.raftactors.RejectReason;
import org.raftactors.core.ApplyBatch;
import org.raftactors.core.Uncertainty;

/**
 * What the shell gave the state machine's host and the host has not finished, so that each client
 * gets exactly one answer also if the host dies. The host answers in the order of the handing over
 * and says how far it got; the shell, once the host is gone, answers the rest.
 */
final class HandedOver {

  /** How far the host has answered. Written by the host alone; read by the shell. */
  static final class Progress {
    private final AtomicLong answeredIndex = new AtomicLong(-1);
    private final AtomicLong servedReads = new AtomicLong();

    /** All waiters of entries up to here were answered, or will be before the host ends. */
    void answeredUpTo(long index) {
      answeredIndex.setRelease(index);
    }

    /** One more read was answered. */
    void servedRead() {
      servedReads.setRelease(servedReads.getPlain() + 1);
    }
  }

  private final Progress progress = new Progress();
  private final ArrayDeque<ApplyBatch> batches = new ArrayDeque<>();
  private final ArrayDeque<Read> reads = new ArrayDeque<>();
  private long removedReads;

  Progress progress() {
    return progress;
  }

  void add(ApplyBatch batch) {
    batches.add(batch);
  }

  void add(Read read) {
    reads.add(read);
  }

  /** How many reads the host has not answered. */
  int openReads() {
    forgetServedReads();
    return reads.size();
  }

  /** Forgets the batches that the host has finished. */
  void applied(long index) {
    while (!batches.isEmpty() && batches.peek().lastIndex() <= index) {
      batches.remove();
    }
    forgetServedReads();
  }

  private void forgetServedReads() {
    long served = progress.servedReads.getAcquire();
    while (removedReads < served) {
      reads.remove();
      removedReads++;
    }
  }

  /** Answers everything that the host has not. Only after the host has stopped. */
  void abandon(Duration retryAfter) {
    long answered = progress.answeredIndex.getAcquire();
    for (ApplyBatch batch : batches) {
      abandon(batch, answered);
    }
    batches.clear();
    forgetServedReads();
    for (Read read : reads) {
      Answers.reject(read, RejectReason.UNAVAILABLE, null, retryAfter);
    }
    reads.clear();
  }

  /** Answers the waiters of a batch behind an index: applied perhaps, answered by nobody. */
  static void abandon(ApplyBatch batch, long answeredIndex) {
    ProposalAnswers answers = new ProposalAnswers();
    @Nullable Object[] waiters = batch.waiters();
    for (int i = 0; i < waiters.length; i++) {
      Object waiter = waiters[i];
      if (waiter != null && batch.firstIndex() + i > answeredIndex) {
        answers.tell(waiter, Answers.unknown(Uncertainty.STOPPED));
      }
    }
    answers.flush();
  }
}
