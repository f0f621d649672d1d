package org.raftactors.actor;

import org.apache.pekko.actor.typed.ChildFailed;
import org.apache.pekko.actor.typed.Terminated;

/**
 * The application's state machine failed. Trying again would fail again or, worse, not: the replica
 * stops for good.
 */
final class StateMachineFailure extends RuntimeException {

  private static final long serialVersionUID = 1L;

  StateMachineFailure(String message, Throwable cause) {
    super(message, cause);
  }

  StateMachineFailure(String message) {
    super(message);
  }

  /** Why a host has ended. */
  static StateMachineFailure of(Terminated host) {
    if (host instanceof ChildFailed failed) {
      Throwable cause = failed.getCause();
      return cause instanceof StateMachineFailure failure
          ? failure
          : new StateMachineFailure("its host crashed: " + cause, cause);
    }
    return new StateMachineFailure("its host stopped");
  }
}
