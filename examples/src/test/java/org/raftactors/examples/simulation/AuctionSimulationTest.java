package org.raftactors.examples.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.raftactors.testkit.Operation;
import org.raftactors.testkit.SimulationFailure;
import org.raftactors.testkit.StateMachineSimulation;

@ExtendWith(QuietReplicas.class)
class AuctionSimulationTest {

  @Test
  void aSnapshotThatForgetsAField_isFound() {
    // #found
    StateMachineSimulation<String, String, String, Auction> simulation =
        StateMachineSimulation.of(
                Auction.CODECS,
                Auction::new,
                (random, number) -> Operation.command(Integer.toString(random.nextInt(1000))))
            .replicasAgree(Auction::bids) // no query shows it
            .snapshotRoundTrip();

    SimulationFailure failure =
        catchThrowableOfType(SimulationFailure.class, () -> simulation.seeds(1, 20).run());
    assertThat(failure.check()).isEqualTo("snapshotRoundTrip");
    // #found
    assertThat(failure).hasMessageContaining("the digest is");
  }
}
