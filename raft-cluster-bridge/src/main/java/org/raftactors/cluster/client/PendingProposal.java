package org.raftactors.cluster.client;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.raftactors.ProposalResult;
import org.raftactors.core.log.Payload;
import org.raftactors.core.membership.ReplicaId;

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

  /** Answers to an earlier attempt are none to this one. */
  int attempt;

  @Nullable ReplicaId sentTo;

  ProposalResult.@Nullable Rejected<byte[]> lastRejection;

  PendingProposal(Payload command, long deadline) {
    this.command = command;
    this.deadline = deadline;
  }
}
