package org.raftactors.core.invariant;

import java.util.function.Supplier;

/**
 * Assertions that are always on: they turn a bug that would corrupt data into a replica that stops.
 */
public final class Invariant {

  private Invariant() {}

  /**
   * Checks one condition.
   *
   * @param condition must hold
   * @param message says what was found, with the numbers, for the operator
   * @throws InvariantViolation if it does not hold
   */
  public static void check(boolean condition, Supplier<String> message) {
    if (!condition) {
      throw new InvariantViolation(message.get());
    }
  }
}
