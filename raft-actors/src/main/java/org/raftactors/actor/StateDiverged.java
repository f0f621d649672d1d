package org.raftactors.actor;

/** This replica has not applied what a majority has: it must not answer any more. */
final class StateDiverged extends RuntimeException {

  private static final long serialVersionUID = 1L;

  StateDiverged(String message) {
    super(message);
  }
}
