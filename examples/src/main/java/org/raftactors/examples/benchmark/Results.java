package org.raftactors.examples.benchmark;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintStream;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** The lines of JSON that were printed, ours and those of a peer, and what they come to. */
final class Results {

  /** Our name in them. */
  static final String OURS = "raft-actors";

  /** What says which lines measure the same. */
  private static final List<String> SAME = List.of("kind", "groups", "payload", "window");

  /**
   * What is compared, where both have it; the first are better if larger, the others if smaller.
   */
  private static final List<String> LARGER = List.of("ops_s");

  private static final List<String> SMALLER =
      List.of(
          "p50_us",
          "p99_us",
          "cpu_s_per_1000",
          "kill_to_first_commit_ms",
          "cluster_applied_ms",
          "cpu_pct_total",
          "rss_mb_total");

  private final ObjectMapper json = new ObjectMapper();
  private final PrintStream out;
  private final List<JsonNode> lines = new ArrayList<>();

  Results(PrintStream out) {
    this.out = out;
  }

  /** The beginning of a line of ours. */
  static ObjectNode line(String kind, Options options) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("ts", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString())
        .put("peer", OURS)
        .put("kind", kind)
        .put("groups", options.partitions())
        .put("sync", options.sync());
  }

  static double thousandths(double value) {
    return Math.round(value * 1000) / 1000.0;
  }

  void add(JsonNode line) {
    lines.add(line);
    out.println(line);
  }

  /** Takes a line that another program printed, if it is one of these. */
  void addText(String text) {
    if (!text.startsWith("{")) {
      return;
    }
    try {
      JsonNode line = json.readTree(text);
      if (line.has("kind") && line.has("peer")) {
        add(line);
      }
    } catch (JsonProcessingException e) {
      System.err.println("benchmark: not a line of JSON: " + text);
    }
  }

  List<JsonNode> lines() {
    return List.copyOf(lines);
  }

  /**
   * Prints a line for each thing that we and a peer have measured: the median of ours to that of
   * the peer, such that more than 1 is better for us.
   */
  void compare() {
    TreeSet<String> peers = new TreeSet<>();
    lines.forEach(line -> peers.add(line.path("peer").asText()));
    peers.remove(OURS);
    List<JsonNode> ours = of(OURS, lines);
    List<List<JsonNode>> seen = new ArrayList<>();
    for (JsonNode line : ours) {
      List<JsonNode> key = key(line);
      if (!seen.contains(key) && !line.path("kind").asText().equals("prewarm")) {
        seen.add(key);
        peers.forEach(peer -> compare(line, peer));
      }
    }
  }

  private void compare(JsonNode like, String peer) {
    List<JsonNode> ours = same(like, of(OURS, lines));
    List<JsonNode> theirs = same(like, of(peer, lines));
    if (theirs.isEmpty()) {
      return;
    }
    ObjectNode ratio = json.createObjectNode().put("kind", "ratio").put("peer", peer);
    ratio.set("of", like.path("kind"));
    SAME.stream().skip(1).filter(like::has).forEach(name -> ratio.set(name, like.get(name)));
    ratio.put("rounds", Math.min(ours.size(), theirs.size()));
    LARGER.forEach(name -> put(ratio, name, median(ours, name) / median(theirs, name)));
    SMALLER.forEach(name -> put(ratio, name, median(theirs, name) / median(ours, name)));
    out.println(ratio);
  }

  private static void put(ObjectNode ratio, String name, double value) {
    if (Double.isFinite(value)) {
      ratio.put(name, thousandths(value));
    }
  }

  private static List<JsonNode> key(JsonNode line) {
    return SAME.stream().map(line::path).toList();
  }

  private static List<JsonNode> same(JsonNode like, List<JsonNode> among) {
    return among.stream().filter(line -> key(line).equals(key(like))).toList();
  }

  private static List<JsonNode> of(String peer, List<JsonNode> lines) {
    return lines.stream().filter(line -> line.path("peer").asText().equals(peer)).toList();
  }

  private static double median(List<JsonNode> lines, String name) {
    List<Double> values =
        lines.stream().map(line -> value(line, name)).filter(Double::isFinite).sorted().toList();
    int size = values.size();
    return size == 0 ? Double.NaN : (values.get((size - 1) / 2) + values.get(size / 2)) / 2;
  }

  /** A figure; of figures of several nodes, the largest, or their sum if the name says so. */
  private static double value(JsonNode line, String name) {
    if (name.equals("cpu_s_per_1000")
        && line.has("cpu_cores")
        && line.path("ops_s").asDouble() > 0) {
      // Rounded to thousandths, the figure itself would be one digit.
      return line.path("cpu_cores").asDouble() * 1000 / line.path("ops_s").asDouble();
    }
    JsonNode node = line.path(name);
    if (node.isNumber()) {
      return node.asDouble();
    }
    double result = Double.NaN;
    if (node.isArray()) {
      for (JsonNode each : node) {
        result = Double.isNaN(result) ? each.asDouble() : Math.max(result, each.asDouble());
      }
    } else if (name.endsWith("_total")) {
      for (JsonNode each : line.path(name.substring(0, name.length() - "_total".length()))) {
        result = (Double.isNaN(result) ? 0 : result) + each.asDouble();
      }
    }
    return result;
  }
}
