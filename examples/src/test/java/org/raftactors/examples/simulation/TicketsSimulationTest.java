package org.raftactors.examples.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.raftactors.examples.embedding.Tickets;
import org.raftactors.testkit.Operation;
import org.raftactors.testkit.SimulationReport;
import org.raftactors.testkit.StateMachineSimulation;

@ExtendWith(QuietReplicas.class)
class TicketsSimulationTest {

  // #simulation
  @Test
  void noNumberIsGivenTwice_whateverFails() {
    SimulationReport report =
        StateMachineSimulation.of(
                Tickets.CODECS,
                Tickets::new,
                (random, number) -> {
                  String desk = "desk " + random.nextInt(3);
                  return random.nextBoolean()
                      ? Operation.command(new Tickets.Take(desk))
                      : Operation.query(new Tickets.Last(desk));
                })
            .replicas(3)
            .operations(60)
            .linearizable(new TicketsModel())
            .replicasAgree()
            .deterministicApply()
            .snapshotRoundTrip()
            .seeds(1, 25)
            .run();

    assertThat(report.committed()).isPositive(); // or nothing was tested
  }
  // #simulation
}
