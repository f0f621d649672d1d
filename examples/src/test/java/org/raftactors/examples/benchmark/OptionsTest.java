package org.raftactors.examples.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OptionsTest {

  @Test
  void goodLine_isUnderstood() {
    Options options =
        Options.parse(
            "--cells",
            "256:1,16:1024",
            "--partitions",
            "16",
            "--keep",
            "-Dx=y",
            "--keys",
            "100",
            "--absence",
            "--mode",
            "client",
            "--reads",
            "90",
            "--read-level",
            "stale",
            "--rate",
            "5000",
            "--sync",
            "off",
            "--scenario",
            "restart",
            "--entries",
            "7");
    assertThat(options.cells()).containsExactly(new Cell(256, 1), new Cell(16, 1024));
    assertThat(options.partitions()).isEqualTo(16);
    assertThat(options.keys()).isEqualTo(100);
    assertThat(options.absence()).isTrue();
    assertThat(options.prewarmSeconds()).isEqualTo(45);
    assertThat(options.keep()).isTrue();
    assertThat(options.jvm())
        .containsExactly("-Dx=y", "-Xmx1g", "-Draft-actors.persistence.rocksdb.store.sync=off");
    assertThat(options.scenario()).isEqualTo(Scenario.RESTART);
    assertThat(options.entries()).isEqualTo(7);
    Load load = options.load(new Cell(16, 3), 1, 2);
    assertThat(load).isEqualTo(new Load(new Cell(16, 3), Mode.CLIENT, 90, Reads.STALE, 5000, 1, 2));
    assertThat(Load.parse(List.of(load.command().split(" ", -1)))).isEqualTo(load);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--cells | 256 | --cells has '256', but a cell is written PAYLOAD:WINDOW",
        "--cells | 7:1 | a payload has at least 8 bytes",
        "--cells | 8:0 | a window at least 1",
        "--partitions | 0 | --partitions is '0', but must be a number from 1 to 1024",
        "--keys | -1 | --keys is '-1', but must be a number from 0 to 10000000",
        "--measure | x | --measure is 'x'",
        "--mode | tcp | --mode is 'tcp', but must be embedded, client or http",
        "--read-level | any | --read-level is 'any', but must be linearizable or stale",
        "--scenario | rest | --scenario is 'rest', but must be load, failover, restart or idle",
        "--sync | maybe | --sync is 'maybe', but must be on or off",
        "--reads | 101 | --reads is '101', but must be a number from 0 to 100",
        "--colour | red | is not an argument of benchmark"
      })
  void badValue_isRefusedNamingArgumentValueAndRule(String name, String value, String message) {
    assertThatThrownBy(() -> Options.parse(name, value))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  @Test
  void missingValue_isRefused() {
    assertThatThrownBy(() -> Options.parse("--cells")).hasMessageContaining("lacks its value");
  }
}
