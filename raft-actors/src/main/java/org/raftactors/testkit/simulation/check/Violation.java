package org.raftactors.testkit.simulation.check;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A property did not hold; ends the schedule. */
public final class Violation extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final Property property;

  /**
   * A violation.
   *
   * @param property what did not hold
   * @param message what was found, with the numbers
   */
  public Violation(Property property, String message) {
    this(property, message, null);
  }

  /**
   * A violation that somebody else has noticed.
   *
   * @param property what did not hold
   * @param message what was found, with the numbers
   * @param cause what was thrown
   */
  public Violation(Property property, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.property = property;
  }

  /** {@return what did not hold} */
  public Property property() {
    return property;
  }

  /** {@return what was found} */
  public String what() {
    return Objects.requireNonNullElse(getMessage(), "");
  }
}
