package org.raftactors.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.raftactors.ApplyContext;

/** State machines that are not deterministic: each must be found within a few seeds. */
@ExtendWith(QuietLogs.class)
class PlantedNonDeterminismTest {

  private static final int SEEDS = 20;

  private static SimulationFailure failureOf(
      Supplier<KeyValues> machines, boolean results, boolean states) {
    StateMachineSimulation<String, String, String, KeyValues> simulation =
        StateMachineSimulation.of(KeyValues.CODECS, machines, KeyValues::load).seeds(1, SEEDS);
    if (results) {
      simulation.deterministicApply();
    }
    if (states) {
      simulation.replicasAgree();
    }
    SimulationFailure failure = catchThrowableOfType(SimulationFailure.class, simulation::run);
    assertThat(failure).as("%d seeds", SEEDS).isNotNull();
    return failure;
  }

  private static void assertFoundInResults(Supplier<KeyValues> machines) {
    SimulationFailure failure = failureOf(machines, true, false);
    assertThat(failure.check()).isEqualTo("deterministicApply");
    assertThat(failure.trace()).isNotEmpty();
  }

  /** Has the hash code that the virtual machine gave it. */
  private static final class Ticket {
    private final String value;

    private Ticket(String value) {
      this.value = value;
    }
  }

  @Test
  void theOrderOfAHashSet_isFound() {
    assertFoundInResults(
        () ->
            new KeyValues() {
              private final Set<Ticket> tickets = new HashSet<>();

              @Override
              public String apply(ApplyContext context, String command) {
                tickets.add(new Ticket(command));
                return tickets.iterator().next().value;
              }
            });
  }

  @Test
  void theOrderOfAnIdentityHashMap_isFound() {
    assertFoundInResults(
        () ->
            new KeyValues() {
              private final IdentityHashMap<Ticket, String> tickets = new IdentityHashMap<>();

              @Override
              public String apply(ApplyContext context, String command) {
                tickets.put(new Ticket(command), command);
                return tickets.values().iterator().next();
              }
            });
  }

  @Test
  void theTimeOfDay_isFound() {
    assertFoundInResults(
        () ->
            new KeyValues() {
              @Override
              public String apply(ApplyContext context, String command) {
                return Long.toString(System.currentTimeMillis());
              }
            });
  }

  @Test
  void randomness_isFound() {
    assertFoundInResults(
        () ->
            new KeyValues() {
              private final RandomGenerator random = RandomGenerator.getDefault();

              @Override
              public String apply(ApplyContext context, String command) {
                return Long.toString(random.nextLong());
              }
            });
  }

  private static final AtomicInteger SHARED = new AtomicInteger();

  @Test
  void aStaticCounter_isFound() {
    assertFoundInResults(
        () ->
            new KeyValues() {
              @Override
              public String apply(ApplyContext context, String command) {
                return Integer.toString(SHARED.incrementAndGet());
              }
            });
  }

  /** No result shows it: each replica keeps another value of its own. */
  private static KeyValues divergent() {
    return new KeyValues() {
      private final String self = Integer.toString(SHARED.incrementAndGet());

      @Override
      public String apply(ApplyContext context, String command) {
        values.put("k0", self);
        return "done";
      }
    };
  }

  @Test
  void statesThatDiffer_withoutADifferentResult_areFound() {
    SimulationFailure failure = failureOf(PlantedNonDeterminismTest::divergent, false, true);
    assertThat(failure.check()).isEqualTo("replicasAgree");

    failure = failureOf(PlantedNonDeterminismTest::divergent, true, false);
    assertThat(failure.check()).isEqualTo("deterministicApply");
  }

  @Test
  void statesThatNoQueryShows_areFoundByTheirDigest() {
    SimulationFailure failure =
        catchThrowableOfType(
            SimulationFailure.class,
            () ->
                StateMachineSimulation.of(KeyValues.CODECS, HiddenState::new, KeyValues::load)
                    .replicasAgree(machine -> machine.hidden)
                    .deterministicApply()
                    .seeds(1, SEEDS)
                    .run());
    assertThat(failure.check()).isEqualTo("replicasAgree");
    assertThat(failure).hasMessageContaining("digest");
  }

  private static final class HiddenState extends KeyValues {
    private final int hidden = SHARED.incrementAndGet();
  }

  @Test
  void theTimeAndTheRandomnessOfTheContext_areTheSameEverywhere() {
    StateMachineSimulation.of(
            KeyValues.CODECS,
            () ->
                new KeyValues() {
                  @Override
                  public String apply(ApplyContext context, String command) {
                    return context.timestamp() + " " + context.random().nextLong();
                  }
                },
            KeyValues::load)
        .deterministicApply()
        .seeds(1, SEEDS)
        .run();
  }
}
