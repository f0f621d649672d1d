package org.raftactors.examples.benchmark;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The command line of the benchmark.
 *
 * @param cells what to measure, in order
 * @param partitions how many partitions share the load
 * @param keys how many commands the state of a partition remembers
 * @param absence whether a follower is away before each cell is measured, and then comes back
 * @param prewarmSeconds how long the cluster is loaded before the first cell
 * @param prewarmWindow proposals in flight meanwhile
 * @param warmSeconds how long each cell is loaded before it is measured
 * @param measureSeconds how long it is measured
 * @param dataDir where the nodes keep their logs
 * @param keep whether that is kept afterwards
 * @param jvm options for the JVMs of the nodes
 */
record Options(
    List<Cell> cells,
    int partitions,
    int keys,
    boolean absence,
    int prewarmSeconds,
    int prewarmWindow,
    int warmSeconds,
    int measureSeconds,
    Path dataDir,
    boolean keep,
    List<String> jvm) {

  static final String USAGE =
      """
      Usage: benchmark [--cells PAYLOAD:WINDOW,...] [--partitions N] [--keys N] [--absence]
                       [--prewarm SECONDS] [--prewarm-window N] [--warm SECONDS]
                       [--measure SECONDS] [--data-dir DIR] [--keep] [-D...|-X...]

      Starts three nodes on this machine, each in a JVM of its own, and measures how many commands a
      second they commit, every commit synced to disk. The proposals come from inside the leader's
      JVM, WINDOW at a time, round robin over the partitions, all of which the first node leads.
      Prints one line of JSON per cell; the first, of kind "prewarm", is no result.

        --cells LIST        payload in bytes and proposals in flight (256:1,256:64,256:1024)
        --partitions N      partitions that share the load (1)
        --keys N            a state of so many commands, the latest, in each partition (0: a checksum only)
        --absence           the third node is killed before a cell's warm-up and comes back when it is
                            measured; the line says after how many seconds it had what it had missed
        --prewarm SECONDS   load before the first cell, for the JIT compilers (45)
        --prewarm-window N  proposals in flight meanwhile (256)
        --warm SECONDS      load before a cell is measured (10)
        --measure SECONDS   how long a cell is measured (15)
        --data-dir DIR      where the nodes keep their logs (a new directory for temporary files)
        --keep              do not delete that afterwards
        -D..., -X...        for the JVMs of the nodes; a -Xmx of 1g is the default
      """;

  Options {
    cells = List.copyOf(cells);
    jvm = List.copyOf(jvm);
  }

  static Options parse(String... arguments) {
    Builder builder = new Builder();
    for (int i = 0; i < arguments.length; i++) {
      String name = arguments[i];
      if (name.startsWith("-D") || name.startsWith("-X")) {
        builder.jvm.add(name);
      } else if (name.equals("--keep")) {
        builder.keep = true;
      } else if (name.equals("--absence")) {
        builder.absence = true;
      } else if (i + 1 < arguments.length) {
        builder.set(name, arguments[++i]);
      } else {
        throw new IllegalArgumentException(
            "'" + name + "' is not an argument of benchmark, or lacks its value");
      }
    }
    return builder.build();
  }

  private static final class Builder {
    private List<Cell> cells = Cell.parse("256:1,256:64,256:1024");
    private int partitions = 1;
    private int keys;
    private boolean absence;
    private int prewarm = 45;
    private int prewarmWindow = 256;
    private int warm = 10;
    private int measure = 15;
    private Path dataDir = Path.of("");
    private boolean keep;
    private final List<String> jvm = new ArrayList<>();

    void set(String name, String value) {
      switch (name) {
        case "--cells" -> cells = Cell.parse(value);
        case "--partitions" -> partitions = number(name, value, 1, 1024);
        case "--keys" -> keys = number(name, value, 0, 10_000_000);
        case "--prewarm" -> prewarm = number(name, value, 0, 3600);
        case "--prewarm-window" -> prewarmWindow = number(name, value, 1, 1_000_000);
        case "--warm" -> warm = number(name, value, 0, 3600);
        case "--measure" -> measure = number(name, value, 1, 3600);
        case "--data-dir" -> dataDir = Path.of(value).toAbsolutePath();
        default ->
            throw new IllegalArgumentException("'" + name + "' is not an argument of benchmark");
      }
    }

    private static int number(String name, String value, int min, int max) {
      if (!value.matches("[0-9]{1,8}")
          || Integer.parseInt(value) < min
          || Integer.parseInt(value) > max) {
        throw new IllegalArgumentException(
            name + " is '" + value + "', but must be a number from " + min + " to " + max);
      }
      return Integer.parseInt(value);
    }

    Options build() {
      if (jvm.stream().noneMatch(option -> option.startsWith("-Xmx"))) {
        jvm.add("-Xmx1g");
      }
      return new Options(
          cells,
          partitions,
          keys,
          absence,
          prewarm,
          prewarmWindow,
          warm,
          measure,
          dataDir,
          keep,
          jvm);
    }
  }
}
