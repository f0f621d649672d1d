package org.raftactors;

import java.time.Duration;
import java.util.Optional;
import org.raftactors.core.membership.ReplicaId;

/**
 * The outcome of a read. A read changes nothing, so one that was not answered can always be tried
 * again.
 *
 * @param <R> what the state machine returns
 */
public sealed interface ReadResult<R> {

  /**
   * The read was served at the demanded level.
   *
   * @param result what the state machine returned
   * @param token the log position that the answer reflects
   * @param <R> what the state machine returns
   */
  record Answered<R>(R result, Token token) implements ReadResult<R> {}

  /**
   * The read was not served.
   *
   * @param reason why
   * @param leader who leads instead, as far as this replica knows
   * @param retryAfter how long to wait before trying again; zero if there is no need to
   * @param <R> what the state machine returns
   */
  record Rejected<R>(RejectReason reason, Optional<ReplicaId> leader, Duration retryAfter)
      implements ReadResult<R> {}
}
