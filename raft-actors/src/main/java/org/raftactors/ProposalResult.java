package org.raftactors;

import java.time.Duration;
import java.util.Optional;
import org.raftactors.core.membership.ReplicaId;

/**
 * The outcome of a proposal. Every proposal gets exactly one; where the proposer's node or network
 * fails there may be none, which means the same as {@link Unknown}.
 *
 * @param <R> what the state machine returns
 */
public sealed interface ProposalResult<R> {

  /**
   * The command is durable on a majority and was applied.
   *
   * @param result what the state machine returned for it
   * @param token where in the log it stands
   * @param <R> what the state machine returns
   */
  record Committed<R>(R result, Token token) implements ProposalResult<R> {}

  /**
   * The command was not appended and never will be applied.
   *
   * @param reason why
   * @param leader who leads instead, as far as this replica knows
   * @param retryAfter how long to wait before trying again; zero if there is no need to
   * @param <R> what the state machine returns
   */
  record Rejected<R>(RejectReason reason, Optional<ReplicaId> leader, Duration retryAfter)
      implements ProposalResult<R> {}

  /**
   * The command may have been applied, may still be, or may never be. A caller that tries again
   * without a session may apply it twice; a caller that reads back learns what happened.
   *
   * @param reason why nobody knows
   * @param <R> what the state machine returns
   */
  record Unknown<R>(UnknownReason reason) implements ProposalResult<R> {}
}
