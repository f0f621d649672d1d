package org.raftactors.testkit.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import org.raftactors.testkit.simulation.check.Property;
import org.raftactors.testkit.simulation.check.Violation;
import org.raftactors.testkit.simulation.plan.Fault;
import org.raftactors.testkit.simulation.plan.Operation;
import org.raftactors.testkit.simulation.plan.Plan;

/**
 * Makes a failing schedule smaller as long as it fails with the same property: cuts what comes
 * after the failure, takes faults and operations out (delta debugging), takes replicas out.
 */
final class Shrinker {

  /** What is spent on one failure, in inputs of cores. */
  private static final long EVENTS_MAX = 20_000_000;

  private final Property property;
  private final Function<Plan, SimulationResult> player;
  private long spent;

  /**
   * A shrinker for one failure.
   *
   * @param property what a smaller schedule must violate, too
   * @param player plays a schedule
   */
  Shrinker(Property property, Function<Plan, SimulationResult> player) {
    this.property = property;
    this.player = player;
  }

  Plan shrink(Plan plan, SimulationResult first) {
    Plan small = truncated(plan, first.virtualNanos());
    Plan before;
    do {
      before = small;
      small = withFewerReplicas(small);
      small = withFewerFaults(small);
      small = withFewerOperations(small);
      small = shorter(small);
    } while (isSmaller(small, before) && spent < EVENTS_MAX);
    return small;
  }

  private static boolean isSmaller(Plan one, Plan other) {
    return one.faults().size() + one.operations().size() + one.parameters().replicas()
        < other.faults().size() + other.operations().size() + other.parameters().replicas();
  }

  private boolean fails(Plan plan) {
    if (spent >= EVENTS_MAX) {
      return false;
    }
    SimulationResult result = player.apply(plan);
    spent += result.events();
    Violation violation = result.violation();
    return violation != null && violation.property() == property;
  }

  /** Nothing that begins after the failure can have a part in it. */
  private Plan truncated(Plan plan, long failedAt) {
    List<Fault> faults = plan.faults().stream().filter(fault -> fault.at() <= failedAt).toList();
    List<Operation> operations =
        plan.operations().stream().filter(operation -> operation.at() <= failedAt).toList();
    Plan cut = plan.with(faults, operations);
    return fails(cut) ? cut : plan;
  }

  private Plan withFewerReplicas(Plan plan) {
    Plan small = plan;
    while (small.parameters().learners() > 0) {
      Plan fewer = withMembers(small, small.parameters().voters(), 0);
      if (!fails(fewer)) {
        break;
      }
      small = fewer;
    }
    while (small.parameters().voters() > 1) {
      Plan fewer =
          withMembers(small, small.parameters().voters() - 1, small.parameters().learners());
      if (!fails(fewer)) {
        break;
      }
      small = fewer;
    }
    return small;
  }

  private static Plan withMembers(Plan plan, int voters, int learners) {
    return plan.with(plan.parameters().withMembers(voters, learners));
  }

  private Plan withFewerFaults(Plan plan) {
    return plan.with(
        fewer(plan.faults(), faults -> fails(plan.with(faults, plan.operations()))),
        plan.operations());
  }

  private Plan withFewerOperations(Plan plan) {
    return plan.with(
        plan.faults(),
        fewer(plan.operations(), operations -> fails(plan.with(plan.faults(), operations))));
  }

  /** Heals earlier: for what fails only after that. */
  private Plan shorter(Plan plan) {
    Plan small = plan;
    for (Plan next = halved(small); fails(next); next = halved(small)) {
      small = next;
      if (small.parameters().length() < 1_000_000) {
        break;
      }
    }
    return small;
  }

  private static Plan halved(Plan plan) {
    return plan.with(plan.parameters().withLength(plan.parameters().length() / 2));
  }

  /** Delta debugging: takes ever smaller parts out, as long as what remains still fails. */
  static <T> List<T> fewer(List<T> all, Predicate<List<T>> fails) {
    List<T> small = new ArrayList<>(all);
    if (!small.isEmpty() && fails.test(List.of())) {
      return List.of();
    }
    int part = Math.max(1, small.size() / 2);
    while (!small.isEmpty()) {
      boolean removed = false;
      for (int from = 0; from < small.size(); ) {
        List<T> candidate = new ArrayList<>(small.subList(0, from));
        candidate.addAll(small.subList(Math.min(small.size(), from + part), small.size()));
        if (fails.test(candidate)) {
          small = candidate;
          removed = true;
        } else {
          from += part;
        }
      }
      if (part == 1 && !removed) {
        break;
      }
      part = Math.max(1, removed ? Math.min(part, Math.max(1, small.size() / 2)) : part / 2);
    }
    return small;
  }
}
