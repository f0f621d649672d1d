package org.raftactors.actor;

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
}
