package org.raftactors.examples.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.raftactors.examples.process.SharedClasses;

/**
 * A minute of kills, pauses, cuts and damaged files, while snapshots are taken and sent all the
 * time; {@code -Dchaos.seed} draws another one. Longer runs, with all kinds of faults, are for the
 * command line: {@code bin/chaos}.
 */
class ChaosIT {

  @Test
  @DisplayName("50, 52: nodes killed, paused, cut off and damaged under load keep all promises")
  void when_nodesAreKilledPausedCutOffAndDamaged_then_allPromisesAreKept() throws Exception {
    SharedClasses.prepare();
    ChaosOptions options =
        ChaosOptions.parse(
            Path.of("bin", "kv-node"),
            "--nodes",
            "3",
            "--seconds",
            "60",
            "--faults",
            "kill,pause,cut,damage",
            "--snapshots",
            "eager",
            "--seed",
            System.getProperty("chaos.seed", "7"),
            "--report",
            Path.of("target", "chaos.html").toString());
    Chaos.Result result = Chaos.run(options);
    System.err.println("ChaosIT: " + result.line());
    assertThat(result.findings()).as("findings, see target/chaos.html").isEmpty();
    assertThat(result.status()).isZero();
  }
}
