package org.raftactors.testkit;

import java.util.List;

/**
 * A check that a simulation violated, in the smallest run that was found to violate it. Its message
 * ends with the last lines of the trace of that run.
 */
public final class SimulationFailure extends AssertionError {

  private static final long serialVersionUID = 1L;

  private static final int SHOWN_LINES = 60;

  /** Which run it was. */
  private final long seed;

  /** What was violated. */
  private final String check;

  private final transient List<String> trace;

  /**
   * Made by the simulation.
   *
   * @param seed which repeats it
   * @param check what was violated
   * @param what was seen
   * @param smaller what besides the seed repeats the run, and what else there is to say of it
   * @param trace of the run up to there
   */
  public SimulationFailure(
      long seed, String check, String what, String smaller, List<String> trace) {
    super(text(seed, check, what, smaller, trace));
    this.seed = seed;
    this.check = check;
    this.trace = List.copyOf(trace);
  }

  private static String text(
      long seed, String check, String what, String smaller, List<String> trace) {
    int from = Math.max(0, trace.size() - SHOWN_LINES);
    return "seed %d violates %s: %s%nTo see it again: the same simulation with .seed(%d)%s%n%s%s"
        .formatted(
            seed,
            check,
            what,
            seed,
            smaller,
            from == 0 ? "" : "... " + from + " lines before, all of them in trace()\n",
            String.join("\n", trace.subList(from, trace.size())));
  }

  /**
   * What to repeat the run with.
   *
   * @return the seed
   */
  public long seed() {
    return seed;
  }

  /**
   * Which check failed.
   *
   * @return the name of the check, such as {@code deterministicApply}
   */
  public String check() {
    return check;
  }

  /**
   * Everything that happened in the smallest run.
   *
   * @return a line for each event, in order; empty after deserialization
   */
  @SuppressWarnings("ConstantValue") // null after deserialization
  public List<String> trace() {
    return trace == null ? List.of() : trace;
  }
}
