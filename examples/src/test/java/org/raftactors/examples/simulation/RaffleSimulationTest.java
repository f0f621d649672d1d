package org.raftactors.examples.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.raftactors.testkit.Operation;
import org.raftactors.testkit.SimulationFailure;
import org.raftactors.testkit.StateMachineSimulation;

@ExtendWith(QuietReplicas.class)
class RaffleSimulationTest {

  @Test
  void theOrderOfAHashSet_isFound() {
    // #found
    StateMachineSimulation<String, String, String, Raffle> simulation =
        StateMachineSimulation.of(
                Raffle.CODECS,
                Raffle::new,
                (random, number) -> Operation.command("visitor " + number))
            .deterministicApply();

    SimulationFailure failure =
        catchThrowableOfType(SimulationFailure.class, () -> simulation.seeds(1, 20).run());
    assertThat(failure.check()).isEqualTo("deterministicApply");
    // #found
    assertThat(failure).hasMessageContaining("the result");
  }
}
