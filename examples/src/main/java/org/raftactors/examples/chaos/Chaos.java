package org.raftactors.examples.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/** One run: nodes, load, faults, healing, verdict. */
public final class Chaos {

  private static final int BAD_COMMAND_LINE = 64;
  private static final int NOBODY_KNOWS = 2;
  private static final long PROGRESS_MILLIS = 5_000;

  private final ChaosOptions options;
  private final ChaosCluster cluster;
  private final Waiting waiting;
  private final Findings findings = new Findings();

  private Chaos(ChaosOptions options, ChaosCluster cluster) {
    this.options = options;
    this.cluster = cluster;
    this.waiting = new Waiting(options.patienceSeconds());
  }

  /**
   * The result of a run.
   *
   * @param status for the process to end with: 0, 1 for a violation, 2 if nobody knows
   * @param line the figures
   * @param findings what speaks against it, for people
   */
  record Result(int status, ObjectNode line, List<String> findings) {}

  /** Before there was any load: nothing is known. */
  private static final class NotStarted extends Exception {
    private static final long serialVersionUID = 1L;

    private NotStarted() {
      super("the nodes did not become ready; see their logs");
    }
  }

  /**
   * Runs once.
   *
   * @param arguments see {@code --help}
   * @throws Exception if the nodes cannot even be started
   */
  public static void main(String[] arguments) throws Exception {
    if (List.of(arguments).contains("--help")) {
      System.out.print(ChaosOptions.USAGE);
      return;
    }
    ChaosOptions options;
    try {
      Path script = Path.of(System.getProperty("chaos.kv-node", "bin/kv-node"));
      options = ChaosOptions.parse(script, arguments);
    } catch (IllegalArgumentException e) {
      System.err.println("chaos: " + e.getMessage() + " (--help shows what there is)");
      System.exit(BAD_COMMAND_LINE);
      return;
    }
    Result result;
    try {
      result = run(options);
    } catch (NotStarted e) {
      System.err.println("chaos: " + e.getMessage());
      System.exit(NOBODY_KNOWS);
      return;
    }
    System.out.println(result.line());
    System.out.flush();
    System.exit(result.status());
  }

  static Result run(ChaosOptions options) throws Exception {
    boolean temporary = options.dataDir().equals(ChaosOptions.NONE);
    Path root =
        temporary
            ? Files.createTempDirectory("raft-actors-chaos-")
            : Files.createDirectories(options.dataDir());
    System.err.println("chaos: --seed " + options.seed() + ", data and logs in " + root);
    ChaosCluster cluster = new ChaosCluster(options, root);
    // A hook, so that Ctrl-C leaves no process behind.
    Thread hook = new Thread(() -> close(cluster));
    Runtime.getRuntime().addShutdownHook(hook);
    Result result;
    try {
      result = new Chaos(options, cluster).run();
      if (result.status() != 0 || options.keep()) {
        for (ChaosNode node : cluster.nodes()) {
          node.keep();
        }
      }
    } finally {
      close(cluster);
      Runtime.getRuntime().removeShutdownHook(hook);
    }
    result.findings().forEach(text -> System.err.println("chaos: " + text));
    if (result.status() != 0 || options.keep()) {
      System.err.println("chaos: data and logs of the nodes are in " + root);
    } else {
      delete(root);
    }
    return result;
  }

  private static void close(ChaosCluster cluster) {
    try {
      cluster.close();
    } catch (IOException e) {
      System.err.println("chaos: " + e);
    }
  }

  private static void delete(Path root) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  private Result run() throws Exception {
    cluster.startAll();
    if (!waiting.until("all nodes to be ready", cluster::allReady)) {
      throw new NotStarted();
    }
    List<Fault> faults =
        FaultSchedule.draw(
            options.seed(), options.nodes(), options.faults(), options.seconds() * 1_000L);
    Clock clock = new Clock();
    try (Load load = new Load(cluster, clock, waiting);
        LeaderWatch watch = new LeaderWatch(cluster, clock);
        Strikes strikes = new Strikes(cluster, options.seed(), clock)) {
      load.start(options.seed());
      strikes.schedule(faults);
      while (clock.nowMillis() < options.seconds() * 1_000L) {
        waiting.pass(Math.min(PROGRESS_MILLIS, options.seconds() * 1_000L - clock.nowMillis()));
        System.err.printf(
            Locale.ROOT,
            "chaos: %d of %d s, %d operations succeeded %s%n",
            clock.nowMillis() / 1_000,
            options.seconds(),
            load.succeeded(),
            strikes.underWay());
      }
      if (!strikes.awaitEnd(waiting)) {
        findings.doubt("a fault did not come to its end");
      }
      if (!load.stop()) {
        findings.violation("a client still waits for an answer a minute after the load");
      }
      long commands = heal(load);
      Recording recording =
          new Recording(
              options,
              load.history(),
              load.samples(),
              load.placed(),
              strikes.done(),
              strikes.endedByThemselves(),
              watch.claims(),
              commands);
      findings.violations(load.wrongAnswers());
      findings.doubts(load.problems());
      findings.doubts(strikes.problems());
      for (ChaosNode node : cluster.nodes()) {
        findings.violations(
            NodeLogs.alarms(node.toString(), NodeLogs.lines(node.process), node.soundLines()));
      }
      if (options.snapshots() == ChaosOptions.Snapshots.EAGER && cluster.snapshots() == 0) {
        findings.doubt("not one snapshot was taken");
      }
      return judge(recording);
    }
  }

  /**
   * Everything must come back, agree, and still be there after all nodes were killed at once.
   * Returns how many commands the replicas have applied.
   */
  private long heal(Load load) throws Exception {
    System.err.println("chaos: healing, then all nodes are killed and started again");
    if (!waiting.until("all nodes to be ready", cluster::allReady)) {
      findings.violation(late("the last fault not all nodes are ready"));
    }
    long before = agreement();
    cluster.restartAll();
    if (!waiting.until("all nodes to be ready", cluster::allReady)) {
      findings.violation(late("a restart of all nodes not all of them are ready"));
    } else if (!load.readAll()) {
      findings.violation(late("a restart of all nodes a read is not answered"));
    }
    long after = agreement();
    if (before != after) {
      findings.violation(
          "there were %d commands before all nodes were restarted, %d afterwards"
              .formatted(before, after));
    }
    return after;
  }

  private String late(String what) {
    return options.patienceSeconds() + " s after " + what;
  }

  private long agreement() throws InterruptedException {
    long commands = 0;
    for (int partition = 1; partition <= ChaosCluster.PARTITIONS; partition++) {
      int asked = partition;
      waiting.until(
          "the replicas of partition " + asked + " to agree",
          () -> cluster.digests(asked).size() == 1);
      Set<JsonNode> digests = cluster.digests(asked);
      findings.replicas(asked, digests);
      commands += digests.iterator().next().path("commands").asLong();
    }
    return commands;
  }

  private static String damage(Recording run) {
    return String.join(
        "; ",
        run.strikes().stream()
            .filter(strike -> strike.fault().kind() == Fault.Kind.DAMAGE)
            .map(strike -> strike.effect().text())
            .toList());
  }

  private Result judge(Recording run) throws IOException {
    Judge.judge(run, findings);
    Findings.Verdict verdict = findings.verdict();
    long took = run.strikes().stream().filter(strike -> strike.effect().took()).count();
    ObjectNode line =
        JsonNodeFactory.instance
            .objectNode()
            .put("verdict", verdict.name().toLowerCase(Locale.ROOT))
            .put("seed", options.seed())
            .put("nodes", options.nodes())
            .put("seconds", options.seconds())
            .put("operations", run.history().size())
            .put("violations", findings.violations().size())
            .put("unknown", run.count(Sample.Outcome.UNKNOWN) + run.count(Sample.Outcome.LOST))
            .put("slowestMs", run.slowestMillis())
            .put("succeeded", run.count(Sample.Outcome.SUCCEEDED))
            .put("refused", run.count(Sample.Outcome.REFUSED))
            .put("notSent", run.count(Sample.Outcome.NOT_SENT))
            .put("keys", run.keys())
            .put("commands", run.commands())
            .put("faults", run.strikes().size())
            .put("faultsInEffect", took)
            .put("elections", run.elections())
            .put("endedByThemselves", run.ended().size())
            .put("snapshots", cluster.snapshots())
            .put("snapshotsSent", cluster.snapshotsSent())
            .put("damage", damage(run))
            .put("losses", String.join("; ", cluster.losses()));
    if (!options.report().equals(ChaosOptions.NONE)) {
      Files.writeString(options.report(), new Report(run, findings, line).html());
    }
    int status =
        switch (verdict) {
          case PASSED -> 0;
          case VIOLATED -> 1;
          case INCONCLUSIVE -> NOBODY_KNOWS;
        };
    List<String> texts = new ArrayList<>(findings.violations());
    findings.doubts().forEach(text -> texts.add("inconclusive: " + text));
    return new Result(status, line, texts);
  }
}
