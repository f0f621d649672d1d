package org.raftactors.examples.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class ResultsTest {

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final Results results = new Results(new PrintStream(out, true, StandardCharsets.UTF_8));

  private static String bench(String peer, int window, long opsPerSecond, long p99) {
    return """
    {"peer":"%s","kind":"bench","groups":1,"payload":256,"window":%d,"ops_s":%d,"p99_us":%d}\
    """
        .formatted(peer, window, opsPerSecond, p99);
  }

  private List<String> printed() {
    return out.toString(StandardCharsets.UTF_8).lines().toList();
  }

  @Test
  void whatWasMeasuredTheSameWay_isCompared_byItsMedians_moreBeingBetter() throws Exception {
    results.addText(bench("raft-actors", 64, 300, 10));
    results.addText(bench("other", 64, 100, 20));
    results.addText(bench("raft-actors", 64, 500, 12));
    results.addText(bench("raft-actors", 64, 100, 8));
    results.addText(bench("raft-actors", 1, 7, 8)); // the other did not measure that
    results.addText("noise");
    results.addText("{\"kind\":");
    assertThat(results.lines()).hasSize(5);
    results.compare();
    assertThat(printed()).hasSize(6);
    JsonNode ratio = new ObjectMapper().readTree(printed().get(5));
    assertThat(ratio.path("kind").asText()).isEqualTo("ratio");
    assertThat(ratio.path("window").asInt()).isEqualTo(64);
    assertThat(ratio.path("ops_s").asDouble()).isEqualTo(3);
    assertThat(ratio.path("p99_us").asDouble()).isEqualTo(2);
    assertThat(ratio.has("p50_us")).isFalse();
  }

  @Test
  void figuresOfSeveralNodes_areComparedByTheSlowest_orBySum() throws Exception {
    results.addText(
        "{\"peer\":\"raft-actors\",\"kind\":\"restart\",\"cluster_applied_ms\":4000,\"rss_mb\":[1,2,3]}");
    results.addText(
        "{\"peer\":\"o\",\"kind\":\"restart\",\"cluster_applied_ms\":[8000,1,2],\"rss_mb\":[4,4,4]}");
    results.compare();
    JsonNode ratio = new ObjectMapper().readTree(printed().get(2));
    assertThat(ratio.path("cluster_applied_ms").asDouble()).isEqualTo(2);
    assertThat(ratio.path("rss_mb_total").asDouble()).isEqualTo(2);
  }

  @Test
  void theChart_isXml_andShowsEveryCell() throws Exception {
    results.addText(bench("raft-actors", 64, 300, 10));
    results.addText(bench("a<b", 1, 100_000, 2_000_000));
    String svg = Chart.svg(results.lines());
    javax.xml.parsers.DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new java.io.ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
    assertThat(svg).contains("raft-actors 256 B, 64 in flight", "a&lt;b 256 B, 1 in flight");
    assertThat(Chart.svg(List.of())).contains("</svg>");
  }

  @Test
  void aPeer_isToldWhatIsMeasured_andItsLinesAreTaken() throws Exception {
    Options options =
        Options.parse(
            "--cells",
            "256:1,16:64",
            "--partitions",
            "3",
            "--peer-command",
            "echo '{\"peer\":\"p\",\"kind\":\"bench\",\"of\":\"{cells} {partitions}\"}'; echo x");
    assertThat(Peer.run(options, results)).isTrue();
    assertThat(results.lines().get(0).path("of").asText()).isEqualTo("256:1,16:64 3");
    assertThat(Peer.run(Options.parse("--peer-command", "exit 3"), results)).isFalse();
  }
}
