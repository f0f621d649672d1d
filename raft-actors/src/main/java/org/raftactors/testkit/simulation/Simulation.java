package org.raftactors.testkit.simulation;

import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.raftactors.core.invariant.InvariantViolation;
import org.raftactors.testkit.simulation.check.Property;
import org.raftactors.testkit.simulation.check.Violation;
import org.raftactors.testkit.simulation.plan.Plan;
import org.raftactors.testkit.simulation.world.Misbehaviour;
import org.raftactors.testkit.simulation.world.Trace;
import org.raftactors.testkit.simulation.world.World;

/**
 * Plays schedules: a whole cluster of the production core in one thread and in virtual time, with a
 * network, disks, clocks, processes and clients that go wrong as one seed says. The same seed plays
 * the same schedule, event by event, on every machine.
 *
 * <p>After every step of every replica the safety of the cluster is judged; at the end all heals,
 * must come to rest, and what the clients saw must be linearizable.
 */
public final class Simulation {

  private Simulation() {}

  /**
   * The seed of one schedule of a series: any part of a series can be played by itself.
   *
   * @param series the seed of the series
   * @param number of the schedule, from 0
   * @return its seed
   */
  public static long seed(long series, long number) {
    return new SplittableRandom(series * 0x9E3779B97F4A7C15L + number).nextLong();
  }

  /**
   * Plays one schedule.
   *
   * @param seed of the schedule
   * @return what came of it
   */
  public static SimulationResult run(long seed) {
    return play(Plan.draw(seed), Misbehaviour.NONE, null);
  }

  /**
   * Plays one schedule and writes down everything that happens.
   *
   * @param seed of the schedule
   * @return a line for each event
   */
  public static List<String> trace(long seed) {
    Trace trace = new Trace();
    play(Plan.draw(seed), Misbehaviour.NONE, trace);
    return trace.lines();
  }

  /**
   * Looks for a small schedule that fails like the one of a seed: with the same property, but with
   * fewer faults, fewer operations and fewer replicas, and not longer than it must be.
   *
   * @param seed of a schedule that fails
   * @return the failure, to be printed
   * @throws IllegalArgumentException if it does not fail
   */
  public static SimulationFailure explain(long seed) {
    return explain(Plan.draw(seed), Misbehaviour.NONE);
  }

  static SimulationFailure explain(Plan plan, Misbehaviour misbehaviour) {
    SimulationResult first = play(plan, misbehaviour, null);
    Violation violation = first.violation();
    if (violation == null) {
      throw new IllegalArgumentException("seed " + plan.seed() + " does not fail");
    }
    Shrinker shrinker =
        new Shrinker(violation.property(), smaller -> play(smaller, misbehaviour, null));
    Plan small = shrinker.shrink(plan, first);
    Trace trace = new Trace();
    SimulationResult last = play(small, misbehaviour, trace);
    return new SimulationFailure(plan, violation, small, last, trace.lines());
  }

  static SimulationResult play(Plan plan, Misbehaviour misbehaviour, @Nullable Trace trace) {
    World world = new World(plan, misbehaviour, trace);
    Violation violation = null;
    try {
      world.play();
    } catch (Violation e) {
      violation = e;
    } catch (InvariantViolation e) {
      violation = new Violation(Property.CORE_INVARIANT, e.toString(), e);
    } catch (RuntimeException | AssertionError e) {
      violation = new Violation(Property.CORE_FAILURE, e.toString(), e);
    }
    return new SimulationResult(
        plan.seed(),
        world.inputs(),
        world.committed(),
        world.operations(),
        world.now(),
        world.fingerprint(),
        world.isUndecided(),
        violation);
  }
}
