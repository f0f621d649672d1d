package org.raftactors.testkit.actors;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.raftactors.StateMachine;
import org.raftactors.testkit.Fault;
import org.raftactors.testkit.SimulationFailure;

/**
 * Makes a failing run smaller as long as it violates the same check: takes kinds of faults out, one
 * after the other, then looks for the shortest beginning of the operations, and of the faults.
 */
final class Shrinker<C, Q, R, M extends StateMachine<C, Q, R>> {

  private static final int MAX_RUNS = 60;

  /** A few seconds: a run whose replicas do not come to rest takes long. */
  private static final long MAX_STEPS = 4_000_000;

  private final SimulatedSystem system;
  private final long seed;
  private final Plan<C, Q, R, M> whole;
  private Plan<C, Q, R, M> small;
  private int runs;
  private long steps;
  private Run.@Nullable Tried smallest;

  Shrinker(SimulatedSystem system, Plan<C, Q, R, M> plan, long seed) {
    this.system = system;
    this.seed = seed;
    this.whole = plan;
    this.small = plan;
  }

  /** The failure of the smallest run that was found. */
  SimulationFailure shrink(Run.Tried first) {
    Run.Violation violation = violationOf(first);
    // What another run of the same seed does not show, no smaller one can be trusted to show.
    boolean again = fails(whole, violation.check());
    if (again) {
      long before;
      do {
        before = size();
        if (small.snapshots()) {
          fails(small.withoutSnapshots(), violation.check());
        }
        withFewerKinds(violation.check());
        withFewerFaults(violation.check());
        withFewerOperations(violation.check());
      } while (size() < before && isAffordable());
    }
    Run.Tried last = smallest == null ? first : smallest;
    Run.Violation shown = violationOf(last);
    return new SimulationFailure(seed, shown.check(), shown.what(), call(again), shown.trace());
  }

  private static Run.Violation violationOf(Run.Tried tried) {
    Run.Violation violation = tried.violation();
    if (violation == null) {
      throw new IllegalArgumentException("nothing was violated");
    }
    return violation;
  }

  private long size() {
    return (long) small.faults().size()
        + (small.snapshots() ? 1 : 0)
        + small.first().faults()
        + small.first().operations();
  }

  private boolean isAffordable() {
    return runs < MAX_RUNS && steps < MAX_STEPS;
  }

  private boolean fails(Plan<C, Q, R, M> plan, String check) {
    if (!isAffordable()) {
      return false;
    }
    runs++;
    Run.Tried tried = Run.attempt(system, plan, seed);
    steps += tried.steps();
    Run.Violation violation = tried.violation();
    if (violation == null || !violation.check().equals(check)) {
      return false;
    }
    small = plan;
    smallest = tried;
    return true;
  }

  private void withFewerKinds(String check) {
    for (Fault kind : Fault.values()) {
      if (small.faults().contains(kind)) {
        Set<Fault> others = EnumSet.copyOf(small.faults());
        others.remove(kind);
        fails(small.with(others, small.first()), check);
      }
    }
  }

  private void withFewerFaults(String check) {
    int most = smallest == null ? 0 : (int) smallest.faults();
    bisect(
        Math.min(most, small.first().faults()),
        check,
        count -> small.with(small.faults(), new Plan.Prefix(small.first().operations(), count)));
  }

  private void withFewerOperations(String check) {
    bisect(
        Math.min(whole.operations(), small.first().operations()),
        check,
        count -> small.with(small.faults(), new Plan.Prefix(count, small.first().faults())));
  }

  /** The least number with which it fails, if more never helps; one that fails in any case. */
  private void bisect(int most, String check, IntFunction<Plan<C, Q, R, M>> plan) {
    int passes = -1;
    int failing = most + 1; // as far as this has tried
    while (failing - passes > 1 && isAffordable()) {
      int middle = passes + (failing - passes) / 2;
      if (fails(plan.apply(middle), check)) {
        failing = middle;
      } else {
        passes = middle;
      }
    }
  }

  /** How to see the smallest run again, as it is written in a test. */
  private String call(boolean again) {
    if (!again) {
      return " (another run of this seed did not show it: something outside the simulation"
          + " matters)";
    }
    List<String> left = new ArrayList<>();
    for (Fault fault : whole.faults()) {
      if (!small.faults().contains(fault)) {
        left.add("Fault." + fault);
      }
    }
    left.sort(null);
    StringBuilder call = new StringBuilder();
    if (whole.snapshots() && !small.snapshots()) {
      call.append(".withoutSnapshots()");
    }
    if (!left.isEmpty()) {
      call.append(".without(").append(String.join(", ", left)).append(')');
    }
    Plan.Prefix first = small.first();
    if (!first.equals(whole.first())) {
      call.append(".onlyFirst(")
          .append(Math.min(first.operations(), whole.operations()))
          .append(", ")
          .append(first.faults() == Integer.MAX_VALUE ? "Integer.MAX_VALUE" : first.faults())
          .append(')');
    }
    return call.append(", the smallest of ")
        .append(runs)
        .append(" runs that were tried")
        .toString();
  }
}
