package org.raftactors.examples.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.raftactors.examples.process.FreePorts;

/** The three nodes, as the launcher sees them. */
final class BenchmarkCluster implements AutoCloseable {

  private static final int NODES = 3;

  /** A restart is measured with the whole log, unless the command line says otherwise. */
  private static final List<String> WITHOUT_SNAPSHOTS =
      List.of(
          "-Draft-actors.partition.snapshot-after-entries=1000000000",
          "-Draft-actors.partition.snapshot-after-bytes=1TiB");

  /** How long anything may take at most. */
  private static final int SECONDS = 300;

  /** The end of a wait. */
  private record Until(String what, long end) {

    Until(String what) {
      this(what, System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS));
    }

    void pause(long millis) throws InterruptedException {
      if (System.nanoTime() > end) {
        throw new IllegalStateException(SECONDS + " s were not enough until " + what);
      }
      TimeUnit.MILLISECONDS.sleep(millis);
    }
  }

  /**
   * What a node says of itself.
   *
   * @param replica the id of its replicas
   * @param leads how many partitions it leads
   * @param applied how many commands it has applied
   * @param sum a checksum over them
   */
  record Status(String replica, int leads, long applied, String sum) {
    static Status of(List<String> words) {
      return new Status(
          words.get(1), Integer.parseInt(words.get(2)), Long.parseLong(words.get(3)), words.get(4));
    }
  }

  private final Options options;
  private final Path root;
  private final String seeds = seeds();
  private final List<ServerProcess> nodes = new ArrayList<>();
  private @Nullable ServerProcess loader;
  private int httpPort;

  BenchmarkCluster(Options options, Path root) throws IOException {
    this.options = options;
    this.root = root;
    for (int i = 1; i <= NODES; i++) {
      nodes.add(start(i));
    }
  }

  private ServerProcess start(int i) throws IOException {
    Path data = Files.createDirectories(root.resolve("n" + i));
    List<String> jvm = new ArrayList<>();
    if (options.scenario() == Scenario.RESTART) {
      jvm.addAll(WITHOUT_SNAPSHOTS);
    }
    if (options.classArchive()) {
      Path archive = root.resolve("n" + i + ".jsa");
      String option = Files.exists(archive) ? "SharedArchiveFile" : "ArchiveClassesAtExit";
      jvm.add("-XX:" + option + "=" + archive);
    }
    jvm.addAll(options.jvm());
    return ServerProcess.java(
        "n" + i,
        root.resolve("n" + i + ".log"),
        jvm,
        BenchmarkServer.class,
        List.of(
            "n" + i,
            seeds,
            data.toString(),
            Integer.toString(options.partitions()),
            Integer.toString(options.keys()),
            options.mode().name()));
  }

  /** A process that loads the first node over HTTP. */
  private ServerProcess startLoader() throws IOException, InterruptedException {
    ServerProcess started =
        ServerProcess.java(
            "loader",
            root.resolve("loader.log"),
            List.of("-Xmx512m"),
            HttpLoader.class,
            List.of(Integer.toString(httpPort)));
    started.await("ready", 60);
    return started;
  }

  /** Where load comes from: a process of its own over HTTP, else the first node. */
  ServerProcess generator() throws IOException, InterruptedException {
    if (options.mode() != Mode.HTTP) {
      return nodes.get(0);
    }
    ServerProcess running = loader;
    if (running == null) {
      running = startLoader();
      loader = running;
    }
    return running;
  }

  /** Kills the first node, which leads every partition. */
  void killFirst() throws InterruptedException {
    nodes.get(0).kill();
  }

  /** Those that live after that. */
  List<ServerProcess> survivors() {
    return nodes.subList(1, NODES);
  }

  /** Kills the last node. */
  void killLast() throws InterruptedException {
    nodes.get(NODES - 1).kill();
  }

  /** Stops all nodes as an operator does. */
  void stopAll() throws InterruptedException {
    nodes.forEach(node -> node.send("stop"));
    for (ServerProcess node : nodes) {
      node.await("stopped", 120);
      node.stop();
    }
  }

  /** Starts all nodes again. */
  void startAll() throws IOException {
    for (int i = 1; i <= NODES; i++) {
      nodes.set(i - 1, start(i));
    }
  }

  /**
   * Starts the last node again, and waits until it has applied what another had when it started.
   *
   * @return seconds
   */
  double startLastAgain() throws IOException, InterruptedException {
    long start = System.nanoTime();
    long wanted = status(nodes.get(NODES - 2)).applied();
    ServerProcess last = start(NODES);
    nodes.set(NODES - 1, last);
    last.await("ready", SECONDS);
    Until applied = new Until("the third node has applied what it missed");
    while (status(last).applied() < wanted) {
      applied.pause(20);
    }
    return (System.nanoTime() - start) / 1e9;
  }

  /** Starts the first node again, which was killed. */
  void startFirstAgain() throws IOException, InterruptedException {
    ServerProcess first = start(1);
    nodes.set(0, first);
    first.await("ready", SECONDS);
  }

  /**
   * Waits until all nodes have applied so much.
   *
   * @return milliseconds since the start
   */
  double awaitApplied(long wanted, long start) throws InterruptedException {
    Until all = new Until("all nodes have applied " + wanted + " commands");
    while (statuses().stream().anyMatch(status -> status.applied() < wanted)) {
      all.pause(20);
    }
    return (System.nanoTime() - start) / 1e6;
  }

  /** Waits until every partition has a leader. */
  void awaitLeaders() throws InterruptedException {
    Until all = new Until("every partition has a leader");
    while (statuses().stream().mapToInt(Status::leads).sum() < options.partitions()) {
      all.pause(100);
    }
  }

  /** Bytes that each node has on disk, in MiB: its log, and its snapshots. */
  List<Long> diskMib() throws IOException {
    List<Long> all = new ArrayList<>();
    for (int i = 1; i <= NODES; i++) {
      long snapshots = Machine.diskMib(root.resolve("n" + i + "-snapshots"));
      all.add(Machine.diskMib(root.resolve("n" + i)) + snapshots);
    }
    return all;
  }

  private static String seeds() {
    List<Integer> ports = FreePorts.find(NODES);
    List<String> seeds = new ArrayList<>();
    for (int i = 1; i <= NODES; i++) {
      seeds.add("n" + i + "@127.0.0.1:" + ports.get(i - 1));
    }
    return String.join(",", seeds);
  }

  List<ServerProcess> nodes() {
    return nodes;
  }

  /** Waits until all nodes run; returns their election timeout in milliseconds. */
  long awaitReady() throws InterruptedException {
    long electionTimeout = 0;
    for (ServerProcess node : nodes) {
      List<String> words = node.await("ready", SECONDS);
      electionTimeout = Long.parseLong(words.get(1));
      httpPort = node.equals(nodes.get(0)) ? Integer.parseInt(words.get(2)) : httpPort;
    }
    return electionTimeout;
  }

  /** What each node has done; nothing of one that is not there. */
  List<Figures> figures() throws InterruptedException {
    List<Figures> all = new ArrayList<>();
    for (ServerProcess node : nodes) {
      all.add(
          node.isAlive()
              ? Figures.parse(node.ask("figures", "figures", 60))
              : new Figures(0, 0, 0, 0));
    }
    return all;
  }

  /** Bytes that each node has caused to be written to disk; -1 of one that is not there. */
  List<Long> writtenBytes() throws IOException {
    List<Long> all = new ArrayList<>();
    for (ServerProcess node : nodes) {
      all.add(Machine.writtenBytes(node.pid()));
    }
    return all;
  }

  /** Memory of each node, in MiB. */
  List<Long> residentMib() throws IOException {
    List<Long> all = new ArrayList<>();
    for (ServerProcess node : nodes) {
      all.add(Machine.residentMib(node.pid()));
    }
    return all;
  }

  /** Threads of each node. */
  List<Long> threads() throws IOException {
    List<Long> all = new ArrayList<>();
    for (ServerProcess node : nodes) {
      all.add(Machine.threads(node.pid()));
    }
    return all;
  }

  List<Status> statuses() throws InterruptedException {
    List<Status> statuses = new ArrayList<>();
    for (ServerProcess node : nodes) {
      statuses.add(status(node));
    }
    return statuses;
  }

  private static Status status(ServerProcess node) throws InterruptedException {
    return Status.of(node.ask("status", "status", 60));
  }

  /** Waits until the first node leads every partition, and sees to it. */
  List<Status> gatherLeaders() throws InterruptedException {
    Until gathered = new Until("the first node leads all partitions");
    while (true) {
      List<Status> statuses = statuses();
      if (statuses.get(0).leads() == options.partitions()
          && statuses.stream().mapToInt(Status::leads).sum() == options.partitions()) {
        return statuses;
      }
      for (ServerProcess node : nodes.subList(1, NODES)) {
        node.ask("gather " + statuses.get(0).replica(), "gathered", SECONDS);
      }
      gathered.pause(20);
    }
  }

  /** Waits, not for ever, until all replicas have applied the same; whether they have. */
  boolean replicasAgree() throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (true) {
      List<Status> all = statuses();
      boolean sameCount = all.stream().mapToLong(Status::applied).distinct().count() == 1;
      boolean sameSum = all.stream().map(Status::sum).distinct().count() == 1;
      if (sameCount && sameSum) {
        return true;
      }
      if (sameCount || System.nanoTime() > end) {
        System.err.println("benchmark: the replicas do not agree: " + all);
        return false;
      }
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }

  List<Double> cpuSecondsOfEach() throws IOException {
    List<Double> all = new ArrayList<>();
    for (ServerProcess node : nodes) {
      all.add(!node.isAlive() ? 0 : Machine.cpuSeconds(node.pid()));
    }
    return all;
  }

  double cpuSeconds() throws IOException {
    double sum = 0;
    for (double each : cpuSecondsOfEach()) {
      sum += each;
    }
    ServerProcess running = loader;
    return running == null ? sum : sum + Machine.cpuSeconds(running.pid());
  }

  @Override
  public void close() {
    nodes.forEach(ServerProcess::stop);
    ServerProcess running = loader;
    if (running != null) {
      running.stop();
    }
  }
}
