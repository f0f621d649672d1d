package org.raftactors.testkit.simulation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.raftactors.testkit.simulation.plan.Fault;
import org.raftactors.testkit.simulation.plan.Plan;
import org.raftactors.testkit.simulation.world.Misbehaviour;
import org.raftactors.testkit.simulation.world.Trace;

/**
 * Some thousand schedules of the core. A failure prints its seed and the smallest schedule that was
 * found to fail alike; {@code examples/bin/simulate} plays as many as one likes.
 */
class SimulationTest {

  private static final long SERIES = Long.getLong("simulation.series", 20261121);
  private static final int SCHEDULES = Integer.getInteger("simulation.schedules", 2_000);
  private static final int ENOUGH_FOR_EVERYTHING = 1_000;

  @Test
  @DisplayName("35, 51: random schedules keep every property and come to rest")
  void randomSchedules_anyFaults_safeAndLive() {
    Set<Fault.Kind> faults = EnumSet.noneOf(Fault.Kind.class);
    long committed = 0;
    long operations = 0;
    int undecided = 0;
    for (int i = 0; i < SCHEDULES; i++) {
      long seed = Simulation.seed(SERIES, i);
      SimulationResult result = holds(seed);
      committed += result.committed();
      operations += result.operations();
      undecided += result.undecided() ? 1 : 0;
      if (i < ENOUGH_FOR_EVERYTHING) {
        Plan.draw(seed).faults().forEach(fault -> faults.add(fault.kind()));
      }
    }
    assertThat(committed).as("committed in all schedules").isGreaterThan(20L * SCHEDULES);
    assertThat(operations).as("operations in all schedules").isGreaterThan(20L * SCHEDULES);
    assertThat(undecided).as("schedules without a verdict").isLessThan(1 + SCHEDULES / 100);
    if (SCHEDULES >= ENOUGH_FOR_EVERYTHING) {
      assertThat(faults).containsExactlyInAnyOrder(Fault.Kind.values());
    }
  }

  private static SimulationResult holds(long seed) {
    SimulationResult result = Simulation.run(seed);
    if (result.violation() != null) {
      throw new AssertionError(Simulation.explain(seed).toString(), result.violation());
    }
    return result;
  }

  @Test
  @DisplayName("the same seed plays the same schedule, whether somebody looks or not")
  void sameSeed_playedTwice_sameTrace() {
    for (int i = 0; i < 100; i++) {
      Plan plan = Plan.draw(Simulation.seed(SERIES, i));
      Trace one = new Trace();
      Trace other = new Trace();
      SimulationResult first = Simulation.play(plan, Misbehaviour.NONE, one);
      SimulationResult second = Simulation.play(plan, Misbehaviour.NONE, other);
      assertThat(first).isEqualTo(second);
      assertThat(one.lines()).isEqualTo(other.lines()).isNotEmpty();
      assertThat(Simulation.run(plan.seed())).isEqualTo(first);
    }
  }

  @Test
  @DisplayName("what failed once")
  void knownSeeds_playedAgain_hold() throws IOException {
    List<Long> seeds = knownSeeds();
    assertThat(seeds).isNotEmpty();
    seeds.forEach(SimulationTest::holds);
  }

  private static List<Long> knownSeeds() throws IOException {
    List<Long> seeds = new ArrayList<>();
    try (InputStream in =
            Objects.requireNonNull(
                SimulationTest.class.getResourceAsStream("/simulation/known-seeds.txt"));
        BufferedReader lines = new BufferedReader(new InputStreamReader(in, UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (!line.isBlank() && !line.startsWith("#")) {
          seeds.add(Long.parseLong(line.substring(0, line.indexOf(' '))));
        }
      }
    }
    return seeds;
  }
}
