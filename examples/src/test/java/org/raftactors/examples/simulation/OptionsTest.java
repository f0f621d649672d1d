package org.raftactors.examples.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class OptionsTest {

  @Test
  void parse_nothing_defaults() {
    Options options = Options.parse();
    assertThat(options.schedules()).isEqualTo(1_000);
    assertThat(options.seed()).isEqualTo(1);
    assertThat(options.from()).isZero();
    assertThat(options.replay()).isNull();
  }

  @Test
  void parse_allOptions_taken() {
    Options options =
        Options.parse("--schedules", "7", "--seed", "-3", "--from", "5", "--seconds", "9");
    assertThat(options).isEqualTo(new Options(7, -3, 5, 9, null));
    assertThat(Options.parse("--replay", "-12").replay()).isEqualTo(-12L);
  }

  @Test
  void parse_nonsense_namedWithItsRule() {
    assertThatThrownBy(() -> Options.parse("--schedules", "0"))
        .hasMessage("--schedules is '0', but must be a number from 1");
    assertThatThrownBy(() -> Options.parse("--seed", "x")).hasMessageContaining("must be a number");
    assertThatThrownBy(() -> Options.parse("--speed", "1"))
        .hasMessage("'--speed' is not an argument of simulate");
    assertThatThrownBy(() -> Options.parse("--seed")).hasMessageContaining("lacks its value");
  }
}
