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
            "off");
    assertThat(options.cells()).containsExactly(new Cell(256, 1), new Cell(16, 1024));
    assertThat(options.partitions()).isEqualTo(16);
    assertThat(options.keys()).isEqualTo(100);
    assertThat(options.absence()).isTrue();
    assertThat(options.prewarmSeconds()).isEqualTo(45);
    assertThat(options.keep()).isTrue();
    assertThat(options.jvm())
        .containsExactly("-Dx=y", "-Xmx1g", "-Draft-actors.persistence.rocksdb.store.sync=off");
    assertThat(options.scenario()).isEqualTo(Scenario.LOAD);
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
  void scenarios_haveCellsOfTheirOwn() {
    assertThat(Options.parse().cells()).extracting(Cell::window).containsExactly(1, 64, 1024);
    Options restart = Options.parse("--scenario", "restart", "--entries", "7", "--class-archive");
    assertThat(restart.cells()).containsExactly(new Cell(256, 1024));
    assertThat(restart.entries()).isEqualTo(7);
    assertThat(restart.classArchive()).isTrue();
    assertThat(Options.parse("--scenario", "failover", "--cells", "16:2").cells())
        .containsExactly(new Cell(16, 2));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--scenario failover --absence | --absence has no effect with --scenario failover, only"
            + " with load",
        "--scenario failover --reads 1 | --reads has no effect with --scenario failover",
        "--scenario failover --rate 1 | --rate has no effect",
        "--scenario failover --mode http | --mode has no effect",
        "--scenario failover --measure 3 | only with load, idle",
        "--scenario failover --chart c.svg | --chart has no effect",
        "--scenario failover --cells 8:1,8:2 | --cells may name one cell only with --scenario"
            + " failover",
        "--scenario restart --prewarm 1 | --prewarm has no effect with --scenario restart, only"
            + " with load, failover",
        "--scenario idle --cells 8:1 | --cells has no effect with --scenario idle",
        "--scenario idle --keys 8 | --keys has no effect",
        "--entries 8 --scenario load | --entries has no effect with --scenario load, only with"
            + " restart",
        "--read-level stale | --read-level has no effect without --reads",
        "--prewarm 0 --prewarm-window 3 | --prewarm-window has no effect without a --prewarm",
        "--chart /no/such/place/c.svg | is to be drawn in /no/such/place, which is not a directory",
        "--mode http --cells 8:1025 | --mode http has a connection for each operation in flight,"
            + " 1024 at most"
      })
  void whatWouldHaveNoEffect_isRefused(String line, String message) {
    assertThatThrownBy(() -> Options.parse(line.split(" ")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  @Test
  void missingValue_isRefused() {
    assertThatThrownBy(() -> Options.parse("--cells")).hasMessageContaining("lacks its value");
  }
}
