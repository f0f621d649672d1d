package org.raftactors.examples.benchmark;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Locale;

/** Throughput against latency, both on logarithmic axes, as a picture that needs nothing else. */
final class Chart {

  private static final int WIDTH = 900;
  private static final int HEIGHT = 560;
  private static final int MARGIN = 70;

  private final StringBuilder svg = new StringBuilder();
  private final double minX;
  private final double maxX;
  private final double minY;
  private final double maxY;

  private Chart(List<JsonNode> cells) {
    minX = Math.floor(cells.stream().mapToDouble(Chart::throughput).min().orElse(0));
    maxX = Math.ceil(cells.stream().mapToDouble(Chart::throughput).max().orElse(1));
    minY = Math.floor(cells.stream().mapToDouble(cell -> latency(cell, "p50_us")).min().orElse(0));
    maxY = Math.ceil(cells.stream().mapToDouble(cell -> latency(cell, "p99_us")).max().orElse(1));
  }

  /** Draws all lines of kind "bench". */
  static String svg(List<JsonNode> lines) {
    List<JsonNode> cells =
        lines.stream()
            .filter(line -> line.path("kind").asText().equals("bench"))
            .filter(line -> line.path("ops_s").asLong() > 0)
            .toList();
    return new Chart(cells).draw(cells);
  }

  private static double throughput(JsonNode cell) {
    return Math.log10(Math.max(1, cell.path("ops_s").asDouble()));
  }

  private static double latency(JsonNode cell, String name) {
    return Math.log10(Math.max(1, cell.path(name).asDouble()));
  }

  private double x(double log) {
    return MARGIN + (log - minX) / Math.max(1, maxX - minX) * (WIDTH - 2.0 * MARGIN);
  }

  private double y(double log) {
    return HEIGHT - MARGIN - (log - minY) / Math.max(1, maxY - minY) * (HEIGHT - 2.0 * MARGIN);
  }

  private String draw(List<JsonNode> cells) {
    add(
        "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 %d %d' font-family='sans-serif'"
            + " font-size='12'>",
        WIDTH, HEIGHT);
    add("<rect width='%d' height='%d' fill='white'/>", WIDTH, HEIGHT);
    for (double tick = minX; tick <= Math.max(maxX, minX + 1); tick++) {
      add(
          "<line x1='%1$.1f' x2='%1$.1f' y1='%2$d' y2='%3$d' stroke='#ddd'/><text x='%1$.1f'"
              + " y='%4$d' text-anchor='middle'>%5$s/s</text>",
          x(tick), MARGIN, HEIGHT - MARGIN, HEIGHT - MARGIN + 18, thousands(tick));
    }
    for (double tick = minY; tick <= Math.max(maxY, minY + 1); tick++) {
      add(
          "<line x1='%2$d' x2='%3$d' y1='%1$.1f' y2='%1$.1f' stroke='#ddd'/><text x='%4$d'"
              + " y='%1$.1f' text-anchor='end'>%5$s</text>",
          y(tick), MARGIN, WIDTH - MARGIN, MARGIN - 6, duration(tick));
    }
    add(
        "<text x='%d' y='30' text-anchor='middle'>operations a second, and their latency: from the"
            + " median to the 99th percentile</text>",
        WIDTH / 2);
    cells.forEach(this::cell);
    return svg.append("</svg>\n").toString();
  }

  private void cell(JsonNode cell) {
    double at = x(throughput(cell));
    double median = y(latency(cell, "p50_us"));
    String colour = cell.path("peer").asText().equals(Results.OURS) ? "#1f6feb" : "#d1242f";
    add(
        "<line x1='%1$.1f' x2='%1$.1f' y1='%2$.1f' y2='%3$.1f' stroke='%4$s' stroke-width='2'/>",
        at, median, y(latency(cell, "p99_us")), colour);
    add("<circle cx='%.1f' cy='%.1f' r='4' fill='%s'/>", at, median, colour);
    add(
        "<text x='%.1f' y='%.1f' fill='%s'>%s %s B, %s in flight, %s partitions</text>",
        at + 7,
        median + 4,
        colour,
        escaped(cell.path("peer").asText()),
        cell.path("payload").asLong(),
        cell.path("window").asLong(),
        cell.path("groups").asLong());
  }

  private void add(String format, Object... arguments) {
    svg.append(String.format(Locale.ROOT, format, arguments)).append('\n');
  }

  private static String thousands(double log) {
    return String.format(Locale.ROOT, "%,d", Math.round(Math.pow(10, log)));
  }

  private static String duration(double log) {
    double micros = Math.pow(10, log);
    return micros < 1000
        ? Math.round(micros) + " us"
        : micros < 1_000_000
            ? Math.round(micros / 1000) + " ms"
            : Math.round(micros / 1_000_000) + " s";
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;");
  }
}
