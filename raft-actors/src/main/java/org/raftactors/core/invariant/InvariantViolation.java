package org.raftactors.core.invariant;

/**
 * A state that must never be. The replica stops, keeps its files and is not started again by
 * itself.
 */
public final class InvariantViolation extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /**
   * A violation.
   *
   * @param message what was found, with the numbers
   */
  public InvariantViolation(String message) {
    super(message);
  }
}
