package org.raftactors.examples.benchmark;

import static org.raftactors.examples.Arguments.integer;
import static org.raftactors.examples.Arguments.word;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.raftactors.examples.Arguments;

/** Reads a command line. */
final class OptionsParser {

  private enum Switch {
    ON,
    OFF
  }

  private static final String PROGRAM = "benchmark";

  private Scenario scenario = Scenario.LOAD;
  private List<Cell> cells = List.of();
  private Mode mode = Mode.EMBEDDED;
  private int reads;
  private Reads readLevel = Reads.LINEARIZABLE;
  private int rate;
  private int partitions = 1;
  private int keys;
  private boolean absence;
  private int entries = 1_000_000;
  private boolean classArchive;
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
  private final Set<String> given = new LinkedHashSet<>();

  private OptionsParser() {}

  static Options parse(List<String> arguments) {
    OptionsParser parser = new OptionsParser();
    Predicate<String> ofJvm = name -> name.startsWith("-D") || name.startsWith("-X");
    arguments.stream().filter(ofJvm).forEach(parser.jvm::add);
    Arguments.read(
        PROGRAM,
        Set.of("--keep", "--absence", "--class-archive"),
        arguments.stream().filter(ofJvm.negate()).toList(),
        parser::set);
    return parser.options();
  }

  private void set(String name, String value) {
    given.add(name);
    switch (name) {
      case "--keep" -> keep = true;
      case "--absence" -> absence = true;
      case "--class-archive" -> classArchive = true;
      case "--scenario" -> scenario = word(name, value, Scenario.class);
      case "--cells" -> cells = Cell.parse(value);
      case "--mode" -> mode = word(name, value, Mode.class);
      case "--reads" -> reads = integer(name, value, 0, 100);
      case "--read-level" -> readLevel = word(name, value, Reads.class);
      case "--rate" -> rate = integer(name, value, 0, 10_000_000);
      case "--partitions" -> partitions = integer(name, value, 1, 1024);
      case "--keys" -> keys = integer(name, value, 0, 10_000_000);
      case "--entries" -> entries = integer(name, value, 1, 99_999_999);
      case "--sync" -> sync = word(name, value, Switch.class) == Switch.ON;
      case "--prewarm" -> prewarm = integer(name, value, 0, 3600);
      case "--prewarm-window" -> prewarmWindow = integer(name, value, 1, 1_000_000);
      case "--warm" -> warm = integer(name, value, 0, 3600);
      case "--measure" -> measure = integer(name, value, 1, 3600);
      case "--rounds" -> rounds = integer(name, value, 1, 100);
      case "--peer-command" -> peerCommand = value;
      case "--chart" -> chart = Path.of(value).toAbsolutePath();
      case "--data-dir" -> dataDir = Path.of(value).toAbsolutePath();
      default -> throw Arguments.unknown(PROGRAM, name);
    }
  }

  private Options options() {
    OptionRules.check(scenario, given);
    Options options = build();
    OptionRules.check(options, given);
    return options;
  }

  private Options build() {
    if (jvm.stream().noneMatch(option -> option.startsWith("-Xmx"))) {
      jvm.add("-Xmx1g");
    }
    if (!sync) {
      jvm.add("-Draft-actors.persistence.rocksdb.store.sync=off");
    }
    return new Options(
        scenario,
        given.contains("--cells") ? cells : Cell.parse(scenario.cells()),
        mode,
        reads,
        readLevel,
        rate,
        partitions,
        keys,
        absence,
        entries,
        classArchive,
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
