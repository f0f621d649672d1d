package org.raftactors.examples.benchmark;

import static org.raftactors.examples.Arguments.wordOf;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Refuses what would have no effect: a figure that was measured otherwise than the command line
 * seems to say is worse than none.
 */
final class OptionRules {

  /** Of the options that are not for every scenario, those that each knows. */
  private static final Map<Scenario, Set<String>> OWN =
      Map.of(
          Scenario.LOAD,
          Set.of(
              "--cells",
              "--mode",
              "--reads",
              "--read-level",
              "--rate",
              "--keys",
              "--absence",
              "--prewarm",
              "--prewarm-window",
              "--warm",
              "--measure",
              "--chart"),
          Scenario.FAILOVER,
          Set.of("--cells", "--keys", "--prewarm"),
          Scenario.RESTART,
          Set.of("--cells", "--keys", "--entries", "--class-archive"),
          Scenario.IDLE,
          Set.of("--warm", "--measure"));

  private OptionRules() {}

  /** Refuses options of other scenarios, naming those that have them. */
  static void check(Scenario scenario, Set<String> given) {
    for (String name : given) {
      List<Scenario> owners =
          Arrays.stream(Scenario.values()).filter(each -> has(each, name)).toList();
      if (!owners.isEmpty() && !owners.contains(scenario)) {
        throw new IllegalArgumentException(
            name
                + " has no effect with --scenario "
                + wordOf(scenario)
                + ", only with "
                + owners.stream().map(each -> wordOf(each)).collect(Collectors.joining(", ")));
      }
    }
  }

  private static boolean has(Scenario scenario, String name) {
    return OWN.getOrDefault(scenario, Set.of()).contains(name);
  }

  /** Refuses combinations without effect, or that cannot work. */
  static void check(Options options, Set<String> given) {
    refuse(
        options.scenario() != Scenario.LOAD && options.cells().size() > 1,
        "--cells may name one cell only with --scenario " + wordOf(options.scenario()));
    refuse(
        given.contains("--read-level") && options.readPercent() == 0,
        "--read-level has no effect without --reads");
    refuse(
        given.contains("--prewarm-window") && options.prewarmSeconds() == 0,
        "--prewarm-window has no effect without a --prewarm");
    Path chart = options.chart().getParent();
    refuse(
        chart != null && !Files.isDirectory(chart),
        "--chart is to be drawn in " + chart + ", which is not a directory");
    int largest = options.cells().stream().mapToInt(Cell::window).max().orElse(0);
    refuse(
        options.mode() == Mode.HTTP
            && Math.max(largest, options.prewarmWindow()) > HttpLoader.CONNECTIONS,
        "--mode http has a connection for each operation in flight, "
            + HttpLoader.CONNECTIONS
            + " at most");
  }

  private static void refuse(boolean bad, String message) {
    if (bad) {
      throw new IllegalArgumentException(message);
    }
  }
}
