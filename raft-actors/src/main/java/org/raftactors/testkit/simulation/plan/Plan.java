package org.raftactors.testkit.simulation.plan;

import java.util.List;

/**
 * All that is decided before a schedule runs. Any part of the lists can be taken out: what remains
 * happens as before, as far as it does not depend on that.
 *
 * @param seed of everything that is not decided here: delays, losses, time-outs
 * @param parameters the shape
 * @param faults in the order of their times
 * @param operations in the order of their times
 */
public record Plan(
    long seed, Parameters parameters, List<Fault> faults, List<Operation> operations) {

  /**
   * Keeps the lists as they are.
   *
   * @param seed of everything that is not decided here
   * @param parameters the shape
   * @param faults in the order of their times
   * @param operations in the order of their times
   */
  public Plan {
    faults = List.copyOf(faults);
    operations = List.copyOf(operations);
  }

  /**
   * Draws a schedule.
   *
   * @param seed the same gives the same
   * @return the plan
   */
  public static Plan draw(long seed) {
    Seeds seeds = new Seeds(seed);
    Parameters parameters =
        Swarm.draw(seeds.generator(Seeds.PARAMETERS), seeds.generator(Seeds.SNAPSHOTS));
    return new Plan(
        seed,
        parameters,
        Nemesis.draw(parameters, seeds.generator(Seeds.NEMESIS)),
        Workload.draw(parameters, seeds.generator(Seeds.WORKLOAD)));
  }

  /**
   * The same seed and shape with other lists.
   *
   * @param newFaults a part of the faults
   * @param newOperations a part of the operations
   * @return a smaller plan
   */
  public Plan with(List<Fault> newFaults, List<Operation> newOperations) {
    return new Plan(seed, parameters, newFaults, newOperations);
  }

  /**
   * The same seed and lists with another shape.
   *
   * @param newParameters a smaller shape
   * @return the plan
   */
  public Plan with(Parameters newParameters) {
    return new Plan(seed, newParameters, faults, operations);
  }
}
