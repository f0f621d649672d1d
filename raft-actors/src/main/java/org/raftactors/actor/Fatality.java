package org.raftactors.actor;

import org.jspecify.annotations.Nullable;
import org.raftactors.codec.DecodeException;
import org.raftactors.core.invariant.InvariantViolation;

/** Tells crashes that a fresh start cures from those that it would only repeat, or hide. */
final class Fatality {

  private Fatality() {}

  /**
   * Why a replica must not be started again.
   *
   * @param crash what ended it, null if it just stopped
   * @return the reason in words, or null if it may be started again
   */
  static @Nullable String reason(@Nullable Throwable crash) {
    // Pekko wraps what happens during recovery; chains are short, and this stops at a cycle.
    Throwable cause = crash;
    for (int depth = 0; cause != null && depth < 20; depth++) {
      if (cause instanceof InvariantViolation) {
        return "an invariant is violated: " + cause.getMessage();
      } else if (cause instanceof StateMachineFailure) {
        return "the state machine failed: " + cause.getMessage();
      } else if (cause instanceof DecodeException) {
        return "the journal is damaged: " + cause.getMessage();
      }
      cause = cause.getCause();
    }
    return null;
  }
}
