package org.raftactors.testkit.linearizability;

import org.jspecify.annotations.Nullable;

/**
 * One operation of a history. Times are of one monotonic clock, in any unit.
 *
 * @param client who invoked it; only for people to read
 * @param invoked when, before anything was sent
 * @param completed when the answer was there; {@link #OPEN} if the outcome is unknown
 * @param input what was asked
 * @param output what was answered; null exactly if the outcome is unknown
 * @param <I> the type of inputs
 * @param <O> the type of outputs
 */
public record Operation<I, O>(
    long client, long invoked, long completed, I input, @Nullable O output) {

  /** The completion of an operation that may still take effect, at any time, or never. */
  public static final long OPEN = Long.MAX_VALUE;

  /**
   * Checks that the times and the output fit each other.
   *
   * @param client who invoked it
   * @param invoked when
   * @param completed when the answer was there, or {@link #OPEN}
   * @param input what was asked
   * @param output what was answered, or null
   */
  public Operation {
    if (completed < invoked) {
      throw new IllegalArgumentException(
          "completed at " + completed + ", before it was invoked at " + invoked);
    }
    if ((completed == OPEN) != (output == null)) {
      throw new IllegalArgumentException(
          "an operation has an output exactly if it was completed: " + input + " -> " + output);
    }
  }

  /**
   * An operation whose outcome is unknown.
   *
   * @param client who invoked it
   * @param invoked when
   * @param input what was asked
   * @param <I> the type of inputs
   * @param <O> the type of outputs
   * @return the operation
   */
  public static <I, O> Operation<I, O> unknown(long client, long invoked, I input) {
    return new Operation<>(client, invoked, OPEN, input, null);
  }

  /**
   * Whether its outcome is unknown.
   *
   * @return true if it was never completed
   */
  public boolean open() {
    return output == null;
  }

  @Override
  public String toString() {
    return "client %d [%d, %s] %s -> %s"
        .formatted(
            client,
            invoked,
            open() ? "open" : Long.toString(completed),
            input,
            open() ? "unknown" : output);
  }
}
