package org.raftactors.actor;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.raftactors.BatchResults;
import org.raftactors.ProposalResult;
import org.raftactors.ProposalResult.Committed;
import org.raftactors.Propose;
import org.raftactors.ProposeBatch;

/**
 * Tells proposers their outcomes: whoever proposed alone at once, and those of a batch together, as
 * many as follow on each other and surely fit one message. Belongs to one thread, which flushes at
 * the end of what it is doing, also if that fails: what was told here counts as answered.
 */
final class ProposalAnswers {

  /** Artery's frames have 32 KiB at the least. One result that is larger goes alone. */
  static final int MAX_BYTES = 24 << 10;

  private static final int BYTES_BESIDES_RESULT = 64;

  private @Nullable ProposeBatch batch;
  private int first;
  private List<ProposalResult<byte[]>> results = new ArrayList<>();
  private long bytes;

  /**
   * Tells one outcome, or keeps it until the next flush.
   *
   * @param waiter a {@link Propose} or {@link BatchedCommand}
   * @param result its outcome, with an encoded result for the latter
   */
  @SuppressWarnings("unchecked") // what a batch expects is encoded
  void tell(Object waiter, ProposalResult<?> result) {
    if (waiter instanceof Propose propose) {
      Answers.tell(propose.replyTo(), result);
    } else {
      add((BatchedCommand) waiter, (ProposalResult<byte[]>) result);
    }
  }

  private void add(BatchedCommand command, ProposalResult<byte[]> result) {
    long size = BYTES_BESIDES_RESULT;
    if (result instanceof Committed<byte[]> committed) {
      size += committed.result().length;
    }
    if (!isNext(command) || size > MAX_BYTES - bytes) {
      flush();
      batch = command.batch();
      first = command.place();
    }
    results.add(result);
    bytes += size;
  }

  @SuppressWarnings("ReferenceEquality") // ids are unique to their proposer only
  private boolean isNext(BatchedCommand command) {
    return command.batch() == batch && command.place() == first + results.size();
  }

  /** Tells what was kept. */
  void flush() {
    ProposeBatch of = batch;
    if (of != null) {
      List<ProposalResult<byte[]>> told = results;
      batch = null;
      results = new ArrayList<>();
      bytes = 0;
      of.replyTo().tell(new BatchResults(of.id(), first, told));
    }
  }
}
