package org.raftactors.examples.chaos;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Faults, leaders, operations and latencies over time, as a drawing. */
final class Timeline {

  private static final int LEFT = 90;
  private static final int WIDTH = 1_100;
  private static final int ROW = 22;
  private static final long SECOND = 1_000_000_000L;
  private static final int CHART = 120;
  private static final String[] NODE_COLOURS = {
    "#1f77b4", "#ff7f0e", "#2ca02c", "#9467bd", "#8c564b"
  };

  private final Recording run;
  private final double nanos;
  private final int seconds;
  private final StringBuilder svg = new StringBuilder();
  private int top = 20;

  Timeline(Recording run) {
    this.run = run;
    this.seconds = run.options().seconds() + 1;
    this.nanos = seconds * 1e9;
  }

  String svg() {
    axis();
    for (int node = 0; node < run.options().nodes(); node++) {
      processes(node);
    }
    connections();
    for (int partition = 1; partition <= ChaosCluster.PARTITIONS; partition++) {
      leaders(partition);
    }
    operations();
    latencies();
    return "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\">%n%s</svg>%n"
        .formatted(LEFT + WIDTH + 20, top + 10, svg);
  }

  private double x(long time) {
    return LEFT + Math.min(1, (double) time / nanos) * WIDTH;
  }

  private void add(String format, Object... values) {
    svg.append(String.format(Locale.ROOT, format, values)).append('\n');
  }

  private void label(String text) {
    add("<text x=\"0\" y=\"%d\">%s</text>", top + 14, Report.escape(text));
  }

  private void axis() {
    int step = Math.max(1, (seconds + 19) / 20);
    for (int second = 0; second <= seconds; second += step) {
      add("<text x=\"%.1f\" y=\"12\">%d s</text>", x(second * SECOND), second);
    }
  }

  private void bar(Strike strike, String colour) {
    add(
        "<rect x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"%s\" opacity=\"%s\">"
            + "<title>%s: %s</title></rect>",
        x(strike.began()),
        top + 3,
        Math.max(1, x(strike.ended()) - x(strike.began())),
        ROW - 6,
        colour,
        strike.effect().took() ? "0.85" : "0.25",
        Report.escape(strike.fault().text()),
        Report.escape(strike.effect().text()));
  }

  private static String colour(Fault fault) {
    return switch (fault.kind()) {
      case KILL -> "#b00020";
      case TERMINATE -> "#e07b00";
      case PAUSE -> "#7048b6";
      case CUT -> fault.manner() == Link.Mode.SEVER ? "#c2185b" : "#37474f";
      case SLOW -> "#00838f";
      case DAMAGE -> "#5d4037";
      case FULL -> "#827717";
    };
  }

  private void processes(int node) {
    label("n" + (node + 1) + " struck");
    for (Strike strike : run.strikes()) {
      if (strike.fault().nodes().contains(node)) {
        bar(strike, colour(strike.fault()));
      }
    }
    top += ROW;
  }

  private void connections() {
    label("connections");
    for (Strike strike : run.strikes()) {
      if (!strike.fault().links().isEmpty()) {
        bar(strike, colour(strike.fault()));
      }
    }
    top += ROW;
  }

  private void leaders(int partition) {
    label("leader of p" + partition);
    for (LeaderWatch.Claim claim : run.claims()) {
      if (claim.partition() == partition) {
        add(
            "<rect x=\"%.1f\" y=\"%d\" width=\"2\" height=\"4\" fill=\"%s\">"
                + "<title>n%d, term %d</title></rect>",
            x(claim.at()),
            top + 1 + claim.node() * 4,
            NODE_COLOURS[claim.node()],
            claim.node() + 1,
            claim.term());
      }
    }
    top += ROW;
  }

  private void operations() {
    int[][] counts = new int[3][seconds];
    for (Sample sample : run.samples()) {
      int second = (int) Math.min(seconds - 1, sample.ended() / SECOND);
      int row =
          switch (sample.outcome()) {
            case SUCCEEDED -> 0;
            case REFUSED, NOT_SENT -> 1;
            default -> 2;
          };
      counts[row][second]++;
    }
    String[] colours = {"#2e9e4f", "#f0b400", "#b00020"};
    int max = 1;
    for (int second = 0; second < seconds; second++) {
      max = Math.max(max, counts[0][second] + counts[1][second] + counts[2][second]);
    }
    chart("operations/s", max);
    for (int second = 0; second < seconds; second++) {
      double bottom = top + CHART;
      for (int row = 0; row < 3; row++) {
        double height = (double) counts[row][second] / max * (CHART - 20);
        bottom -= height;
        add(
            "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"%s\"/>",
            x(second * SECOND), bottom, (double) WIDTH / seconds, height, colours[row]);
      }
    }
    legend("green: succeeded, yellow: refused or not sent, red: unknown");
  }

  private void chart(String title, long max) {
    label(title);
    add("<text x=\"0\" y=\"%d\">up to %d</text>", top + 28, max);
    add(
        "<line x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\" stroke=\"#bbb\"/>",
        LEFT, top + CHART, LEFT + WIDTH, top + CHART);
  }

  private void legend(String text) {
    top += CHART + 14;
    add("<text x=\"%d\" y=\"%d\">%s</text>", LEFT, top, text);
    top += 10;
  }

  /** Of each second, the middle and the slowest of the requests that ended in it. */
  private void latencies() {
    List<List<Long>> millis = new ArrayList<>();
    for (int second = 0; second < seconds; second++) {
      millis.add(new ArrayList<>());
    }
    for (Sample sample : run.samples()) {
      int second = (int) Math.min(seconds - 1, sample.ended() / SECOND);
      millis.get(second).add(sample.nanos() / 1_000_000);
    }
    chart("latency, ms", Math.max(1, run.slowestMillis()));
    for (double quantile : new double[] {1, 0.99, 0.5}) {
      StringBuilder points = new StringBuilder();
      for (int second = 0; second < seconds; second++) {
        long[] sorted = millis.get(second).stream().mapToLong(Long::longValue).sorted().toArray();
        if (sorted.length > 0) {
          long value = sorted[(int) Math.min(sorted.length - 1, quantile * sorted.length)];
          points.append(
              String.format(
                  Locale.ROOT,
                  "%.1f,%.1f ",
                  x(second * SECOND + SECOND / 2),
                  top + CHART - height(value)));
        }
      }
      add(
          "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\"/>",
          points, quantile == 1 ? "#b00020" : quantile == 0.5 ? "#2e9e4f" : "#f0b400");
    }
    legend("green: median, yellow: 99th percentile, red: slowest; logarithmic");
  }

  private double height(long millis) {
    return Math.log1p((double) millis)
        / Math.log1p((double) Math.max(1, run.slowestMillis()))
        * (CHART - 20);
  }
}
