package org.raftactors.examples.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The benchmark measures in every way that it offers. What it measures here says nothing. */
class BenchmarkIT {

  /** JVMs that are quickly there and small. */
  private static final List<String> SMALL =
      List.of("-Xmx192m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

  @TempDir private Path directory;

  private List<JsonNode> run(String line) throws Exception {
    List<String> arguments = new ArrayList<>(List.of(line.split(" ")));
    arguments.addAll(SMALL);
    arguments.addAll(List.of("--data-dir", directory.toString()));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    boolean good =
        Benchmark.run(
            Options.parse(arguments.toArray(new String[0])),
            new PrintStream(out, true, StandardCharsets.UTF_8));
    assertThat(good).as("%s: %s", arguments, out).isTrue();
    List<JsonNode> lines = new ArrayList<>();
    for (String each : out.toString(StandardCharsets.UTF_8).lines().toList()) {
      lines.add(new ObjectMapper().readTree(each));
    }
    return lines;
  }

  private static void assertNodesOf(JsonNode line, String... names) {
    for (String name : names) {
      assertThat(line.path(name)).as("%s of %s", name, line).hasSize(3);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"embedded", "client", "http"})
  void load_isMeasuredInEachMode_andDrawn(String mode) throws Exception {
    Path other = Files.writeString(directory.resolve("other"), "not the benchmark's");
    Path chart = directory.resolve("chart.svg");
    List<JsonNode> lines =
        run(
            "--cells 16:8,1024:4 --partitions 2 --reads 30 --prewarm 1 --prewarm-window 4"
                + " --warm 1 --measure 2 --mode "
                + mode
                + " --chart "
                + chart);
    assertThat(lines)
        .extracting(line -> line.path("kind").asText())
        .containsExactly("prewarm", "bench", "bench");
    for (JsonNode line : lines.subList(1, 3)) {
      assertThat(line.path("mode").asText()).isEqualTo(mode);
      assertThat(line.path("errors").asLong(-1)).as("errors of %s", line).isZero();
      assertThat(line.path("replicas_agree").asBoolean()).isTrue();
      assertThat(line.path("ops_s").asLong()).isPositive();
      assertThat(line.path("read_p50_us").asLong()).isPositive();
      assertThat(line.path("write_p50_us").asLong()).isPositive();
      assertNodesOf(line, "leaders", "gc_ms", "syncs_per_1000", "rss_mb", "disk_mb");
    }
    assertThat(lines.get(1).path("payload").asInt()).isEqualTo(16);
    assertThat(lines.get(2).path("window").asInt()).isEqualTo(4);
    DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(chart.toFile());
    try (var left = Files.list(directory)) {
      assertThat(left).as("its own data is gone, and no more").containsOnly(other, chart);
    }
  }

  @Test
  void aRate_isKept_andAnAbsentFollowerCatchesUp() throws Exception {
    JsonNode line =
        run("--cells 16:64 --rate 50 --absence --sync off --keys 9 --prewarm 0 --warm 1 --measure"
                + " 2")
            .get(0);
    assertThat(line.path("errors").asLong(-1)).isZero();
    assertThat(line.path("replicas_agree").asBoolean()).isTrue();
    assertThat(line.path("sync").asBoolean(true)).isFalse();
    assertThat(line.path("ops_s").asLong()).isBetween(1L, 51L);
    assertThat(line.path("caught_up_s").asDouble()).isPositive();
  }

  @Test
  void failover_isMeasured_forEveryPartition_andBesideAPeer() throws Exception {
    List<JsonNode> lines =
        run(
            "--scenario failover --cells 16:8 --partitions 2 --prewarm 1 --peer-command"
                + " echo$IFS'{\"peer\":\"p\",\"kind\":\"failover\",\"groups\":{partitions},"
                + "\"payload\":16,\"window\":8,\"kill_to_first_commit_ms\":1}'");
    JsonNode line = lines.get(0);
    double first = line.path("kill_to_first_commit_ms").asDouble();
    assertThat(first).isPositive();
    assertThat(line.path("kill_to_last_commit_ms").asDouble()).isGreaterThanOrEqualTo(first);
    assertThat(line.path("kill_to_client_commit_ms").asDouble()).isPositive();
    assertThat(line.path("replicas_agree").asBoolean()).isTrue();
    assertThat(lines)
        .extracting(each -> each.path("kind").asText())
        .containsExactly("failover", "failover", "ratio");
  }

  @Test
  void restart_isMeasured() throws Exception {
    JsonNode line = run("--scenario restart --cells 16:8 --entries 20 --class-archive").get(0);
    assertThat(line.path("applied").asLong()).isGreaterThanOrEqualTo(20);
    assertThat(line.path("cluster_applied_ms").asDouble()).isPositive();
    assertThat(line.path("follower_applied_ms").asDouble()).isPositive();
    assertThat(line.path("replicas_agree").asBoolean()).isTrue();
  }

  @Test
  void idleness_isMeasured() throws Exception {
    JsonNode line = run("--scenario idle --partitions 4 --warm 0 --measure 1").get(0);
    assertThat(line.path("groups").asInt()).isEqualTo(4);
    assertThat(line.path("start_to_all_led_s").asDouble()).isPositive();
    assertNodesOf(line, "cpu_pct_of_one_core", "rss_mb", "threads", "leaders");
  }
}
