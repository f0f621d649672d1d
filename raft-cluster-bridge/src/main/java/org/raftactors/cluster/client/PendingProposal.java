package org.raftactors.cluster.client;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.raftactors.ProposalResult;
import org.raftactors.core.log.Payload;

/** A proposal that has not been answered yet. Changed by its pipeline only. */
final class PendingProposal {

  enum State {
    WAITING,
    IN_FLIGHT,
    DONE
  }

  final Payload command;

  /** Monotonic nanoseconds. */
  final long deadline;

  final CompletableFuture<ProposalResult<byte[]>> answer = new CompletableFuture<>();

  /** Its place in the order of the pipeline. */
  long number;

  State state = State.WAITING;

  /** What it was last sent with. Answers to an earlier attempt are none to this one. */
  @Nullable ProposalBatch batch;

  ProposalResult.@Nullable Rejected<byte[]> lastRejection;

  PendingProposal(Payload command, long deadline) {
    this.command = command;
    this.deadline = deadline;
  }
}
