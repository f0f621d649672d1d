package org.raftactors.examples.benchmark;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads a command line. */
final class OptionsParser {

  private Scenario scenario = Scenario.LOAD;
  private List<Cell> cells = Cell.parse("256:1,256:64,256:1024");
  private Mode mode = Mode.EMBEDDED;
  private int reads;
  private Reads readLevel = Reads.LINEARIZABLE;
  private int rate;
  private int partitions = 1;
  private int keys;
  private boolean absence;
  private int entries = 1_000_000;
  private boolean sync = true;
  private int prewarm = 45;
  private int prewarmWindow = 256;
  private int warm = 10;
  private int measure = 15;
  private int rounds = 1;
  private String peerCommand = "";
  private Path chart = Path.of("");
  private Path dataDir = Path.of("");
  private boolean keep;
  private final List<String> jvm = new ArrayList<>();

  private OptionsParser() {}

  static Options parse(List<String> arguments) {
    OptionsParser parser = new OptionsParser();
    for (int i = 0; i < arguments.size(); i++) {
      String name = arguments.get(i);
      if (name.startsWith("-D") || name.startsWith("-X")) {
        parser.jvm.add(name);
      } else if (name.equals("--keep")) {
        parser.keep = true;
      } else if (name.equals("--absence")) {
        parser.absence = true;
      } else if (i + 1 < arguments.size()) {
        parser.set(name, arguments.get(++i));
      } else {
        throw new IllegalArgumentException(
            "'" + name + "' is not an argument of benchmark, or lacks its value");
      }
    }
    return parser.options();
  }

  private void set(String name, String value) {
    switch (name) {
      case "--scenario" -> scenario = Scenario.parse(value);
      case "--cells" -> cells = Cell.parse(value);
      case "--mode" -> mode = Mode.parse(value);
      case "--reads" -> reads = number(name, value, 0, 100);
      case "--read-level" -> readLevel = Reads.parse(value);
      case "--rate" -> rate = number(name, value, 0, 10_000_000);
      case "--partitions" -> partitions = number(name, value, 1, 1024);
      case "--keys" -> keys = number(name, value, 0, 10_000_000);
      case "--entries" -> entries = number(name, value, 1, 99_999_999);
      case "--sync" -> sync = onOrOff(name, value);
      case "--prewarm" -> prewarm = number(name, value, 0, 3600);
      case "--prewarm-window" -> prewarmWindow = number(name, value, 1, 1_000_000);
      case "--warm" -> warm = number(name, value, 0, 3600);
      case "--measure" -> measure = number(name, value, 1, 3600);
      case "--rounds" -> rounds = number(name, value, 1, 100);
      case "--peer-command" -> peerCommand = value;
      case "--chart" -> chart = Path.of(value).toAbsolutePath();
      case "--data-dir" -> dataDir = Path.of(value).toAbsolutePath();
      default ->
          throw new IllegalArgumentException("'" + name + "' is not an argument of benchmark");
    }
  }

  private static boolean onOrOff(String name, String value) {
    if (!value.equals("on") && !value.equals("off")) {
      throw new IllegalArgumentException(name + " is '" + value + "', but must be on or off");
    }
    return value.equals("on");
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

  private Options options() {
    if (jvm.stream().noneMatch(option -> option.startsWith("-Xmx"))) {
      jvm.add("-Xmx1g");
    }
    if (!sync) {
      jvm.add("-Draft-actors.persistence.rocksdb.store.sync=off");
    }
    return new Options(
        scenario,
        cells,
        mode,
        reads,
        readLevel,
        rate,
        partitions,
        keys,
        absence,
        entries,
        sync,
        prewarm,
        prewarmWindow,
        warm,
        measure,
        rounds,
        peerCommand,
        chart,
        dataDir,
        keep,
        jvm);
  }
}
