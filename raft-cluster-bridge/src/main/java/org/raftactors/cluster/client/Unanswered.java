package org.raftactors.cluster.client;

import java.time.Duration;
import java.util.ArrayDeque;

/**
 * How many messages are on their way, so that under load what comes gathers instead of leaving in
 * tiny ones. Only those count that were sent after the newest one with all its answers: a leader
 * answers in order, so something of the older ones is lost, or comes late. And however many there
 * are, another one may leave after a moment: the answers may all be lost, or far away.
 */
final class Unanswered {

  /** So many, and what comes waits for more to go with it. */
  static final int MAX = 4;

  /** For so long. */
  static final long LONGEST_WAIT = Duration.ofMillis(10).toNanos();

  private final ArrayDeque<ProposalBatch> sent = new ArrayDeque<>();
  private long lastSent;

  void sent(ProposalBatch batch, long now) {
    sent.add(batch);
    lastSent = now;
  }

  /** All of it is answered. */
  void answered(ProposalBatch batch) {
    if (sent.contains(batch)) {
      while (sent.remove() != batch) {
        // older ones do not count any more
      }
    }
  }

  /** No more answers to it are waited for. */
  void givenUp(ProposalBatch batch) {
    sent.remove(batch);
  }

  /** Whether what waits may leave although it does not fill a message. */
  boolean allowAnother(long now) {
    return sent.size() < MAX || now - lastSent >= LONGEST_WAIT;
  }

  /** When they will. */
  long allowAnotherAt() {
    return lastSent + LONGEST_WAIT;
  }
}
