package org.raftactors.testkit.simulation;

import org.jspecify.annotations.Nullable;
import org.raftactors.testkit.simulation.check.Violation;
import org.raftactors.testkit.simulation.plan.Plan;
import org.raftactors.testkit.simulation.world.Misbehaviour;
import org.raftactors.testkit.simulation.world.Trace;
import org.raftactors.testkit.simulation.world.World;

public final class Simulation {
  private Simulation() {}

  public static SimulationResult run(long seed) {
    return play(Plan.draw(seed), Misbehaviour.NONE, null);
  }

  static SimulationResult play(Plan plan, Misbehaviour misbehaviour, @Nullable Trace trace) {
    World world = new World(plan, misbehaviour, trace);
    Violation violation = null;
    try {
      world.play();
    } catch (Violation e) {
      violation = e;
    }
    return new SimulationResult(
        plan.seed(),
        world.inputs(),
        world.committed(),
        world.operations(),
        world.now(),
        world.fingerprint(),
        violation);
  }
}
