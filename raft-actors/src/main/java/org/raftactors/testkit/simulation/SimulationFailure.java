package org.raftactors.testkit.simulation;

import java.util.List;
import java.util.Objects;
import org.raftactors.testkit.simulation.check.Violation;
import org.raftactors.testkit.simulation.plan.Plan;

/** A schedule that failed, and the smallest one that was found to fail alike. */
public final class SimulationFailure {

  private static final int SHOWN_LINES = 400;

  private final Plan plan;
  private final Violation violation;
  private final Plan small;
  private final SimulationResult result;
  private final List<String> trace;

  SimulationFailure(
      Plan plan, Violation violation, Plan small, SimulationResult result, List<String> trace) {
    this.plan = plan;
    this.violation = violation;
    this.small = small;
    this.result = result;
    this.trace = List.copyOf(trace);
  }

  /** {@return the seed of the schedule that failed} */
  public long seed() {
    return plan.seed();
  }

  /** {@return what did not hold} */
  public Violation violation() {
    return violation;
  }

  /** {@return the smallest schedule that was found} */
  Plan small() {
    return small;
  }

  /** {@return everything that happened in the smallest schedule} */
  public List<String> trace() {
    return trace;
  }

  /** {@return all of it in words} */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    text.append("seed ").append(seed()).append(" violates ").append(violation.property());
    text.append(": ").append(violation.what());
    text.append("\nparameters: ").append(plan.parameters());
    text.append("\nof ")
        .append(plan.faults().size())
        .append(" faults and ")
        .append(plan.operations().size())
        .append(" operations these are enough, with ")
        .append(small.parameters().voters())
        .append(" voters and ")
        .append(small.parameters().learners())
        .append(" learners, in the first ")
        .append(result.virtualNanos() / 1_000_000)
        .append(" ms:");
    small.faults().forEach(fault -> text.append("\n  ").append(fault));
    small.operations().forEach(operation -> text.append("\n  ").append(operation));
    text.append("\nthen: ").append(Objects.toString(result.violation()));
    int hidden = Math.max(0, trace.size() - SHOWN_LINES);
    text.append("\ntrace in virtual milliseconds");
    text.append(hidden > 0 ? " (" + hidden + " lines before are left out):" : ":");
    trace.subList(hidden, trace.size()).forEach(line -> text.append("\n  ").append(line));
    return text.append('\n').toString();
  }
}
