package org.raftactors.examples.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ChaosOptionsTest {

  private static final Path SCRIPT = Path.of("kv-node");

  @Test
  void when_allIsGiven_then_itIsTaken() {
    ChaosOptions options =
        ChaosOptions.parse(
            SCRIPT,
            ("--nodes 5 --seconds 90 --faults kill,cut,damage --seed 7 --patience 300"
                    + " --snapshots eager --report r.html --keep")
                .split(" "));
    assertThat(options.nodes()).isEqualTo(5);
    assertThat(options.seconds()).isEqualTo(90);
    assertThat(options.faults())
        .containsExactlyInAnyOrder(Fault.Kind.KILL, Fault.Kind.CUT, Fault.Kind.DAMAGE);
    assertThat(options.snapshots()).isEqualTo(ChaosOptions.Snapshots.EAGER);
    assertThat(options.seed()).isEqualTo(7);
    assertThat(options.patienceSeconds()).isEqualTo(300);
    assertThat(options.report().getFileName()).hasToString("r.html");
    assertThat(options.keep()).isTrue();
  }

  @Test
  void when_nothingIsGiven_then_whatHealsStrikesThreeNodes() {
    ChaosOptions options = ChaosOptions.parse(SCRIPT);
    assertThat(options.nodes()).isEqualTo(3);
    assertThat(options.faults())
        .containsExactlyInAnyOrder(
            Fault.Kind.KILL,
            Fault.Kind.TERMINATE,
            Fault.Kind.PAUSE,
            Fault.Kind.CUT,
            Fault.Kind.SLOW);
    assertThat(options.snapshots()).isEqualTo(ChaosOptions.Snapshots.USUAL);
  }

  @Test
  void when_somethingIsWrong_then_itIsNamed() {
    assertWrong("--nodes is '4'", "--nodes", "4");
    assertWrong("--seconds is '5'", "--seconds", "5");
    assertWrong("--patience is '5'", "--patience", "5");
    assertWrong("--snapshots is 'never'", "--snapshots", "never");
    assertWrong("--faults has 'flood'", "--faults", "kill,flood");
    assertWrong("'--spoon' is not an argument", "--spoon", "1");
    assertWrong("lacks its value", "--seed");
  }

  private static void assertWrong(String message, String... arguments) {
    assertThatThrownBy(() -> ChaosOptions.parse(SCRIPT, arguments))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }
}
