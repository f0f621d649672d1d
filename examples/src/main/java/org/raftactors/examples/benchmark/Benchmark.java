package org.raftactors.examples.benchmark;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

/** The launcher: for each round starts nodes, measures, and lets a peer do the same. */
public final class Benchmark {

  private static final String DATA = "raft-actors-benchmark-";

  private Benchmark() {}

  /**
   * Runs all rounds.
   *
   * @param arguments see {@code --help}
   * @throws Exception if a node fails
   */
  public static void main(String[] arguments) throws Exception {
    if (List.of(arguments).contains("--help")) {
      System.out.print(Options.USAGE);
      return;
    }
    Options options;
    try {
      options = Options.parse(arguments);
    } catch (IllegalArgumentException e) {
      System.err.println("benchmark: " + e.getMessage() + " (--help shows what there is)");
      System.exit(2);
      return;
    }
    System.exit(run(options, System.out) ? 0 : 1);
  }

  /**
   * Runs all rounds; false if something failed. Lines of JSON go out, everything else to stderr.
   */
  static boolean run(Options options, PrintStream out) throws Exception {
    Results results = new Results(out);
    boolean good = true;
    for (int round = 1; round <= options.rounds(); round++) {
      good &= ours(options, results);
      if (!options.peerCommand().isBlank()) {
        good &= Peer.run(options, results);
      }
    }
    results.compare();
    if (!options.chart().toString().isEmpty()) {
      Files.writeString(options.chart(), Chart.svg(results.lines()));
    }
    return good;
  }

  private static boolean ours(Options options, Results results) throws Exception {
    // A new directory in any case: it is deleted afterwards, and whatever else is there stays.
    Path root =
        options.dataDir().toString().isEmpty()
            ? Files.createTempDirectory(DATA)
            : Files.createTempDirectory(Files.createDirectories(options.dataDir()), DATA);
    AtomicBoolean keep = new AtomicBoolean(options.keep());
    BenchmarkCluster cluster = new BenchmarkCluster(options, root);
    // A hook, so that Ctrl-C cleans up as well.
    Thread cleaning = new Thread(() -> cleanUp(cluster, root, keep.get()));
    Runtime.getRuntime().addShutdownHook(cleaning);
    boolean good = false;
    try {
      good = measure(options, cluster, results);
    } catch (IllegalStateException | UncheckedIOException e) {
      System.err.println("benchmark: " + e.getMessage());
    }
    keep.set(options.keep() || !good);
    if (isStillWanted(cleaning)) {
      cleanUp(cluster, root, keep.get());
    }
    return good;
  }

  /** Takes back a hook; false if the program is being ended, and the hook is at work. */
  static boolean isStillWanted(Thread hook) {
    try {
      return Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      return false;
    }
  }

  private static boolean measure(Options options, BenchmarkCluster cluster, Results results)
      throws Exception {
    return switch (options.scenario()) {
      case LOAD -> new LoadScenario(options, cluster, results).run();
      case FAILOVER -> new FailoverScenario(options, cluster, results).run();
      case RESTART -> new RestartScenario(options, cluster, results).run();
      case IDLE -> new IdleScenario(options, cluster, results).run();
    };
  }

  private static void cleanUp(BenchmarkCluster cluster, Path root, boolean keep) {
    cluster.close();
    if (keep) {
      System.err.println("The data and logs of the nodes are in " + root);
      return;
    }
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      System.err.println("benchmark: " + root + " could not be removed: " + e);
    }
  }
}
