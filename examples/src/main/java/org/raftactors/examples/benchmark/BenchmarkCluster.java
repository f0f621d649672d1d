package org.raftactors.examples.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.raftactors.examples.process.FreePorts;

/** The three nodes, as the launcher sees them. */
final class BenchmarkCluster implements AutoCloseable {

  private static final int NODES = 3;

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

  BenchmarkCluster(Options options, Path root) throws IOException {
    this.options = options;
    this.root = root;
    for (int i = 1; i <= NODES; i++) {
      nodes.add(start(i));
    }
  }

  private ServerProcess start(int i) throws IOException {
    Path data = Files.createDirectories(root.resolve("n" + i));
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options.jvm());
    command.addAll(
        List.of(
            "-cp",
            System.getProperty("java.class.path"),
            BenchmarkServer.class.getName(),
            "n" + i,
            seeds,
            data.toString(),
            Integer.toString(options.partitions()),
            Integer.toString(options.keys())));
    return new ServerProcess("n" + i, command, root.resolve("n" + i + ".log"));
  }

  /** Kills the last node. */
  void killLast() throws InterruptedException {
    nodes.get(NODES - 1).kill();
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
    last.await("ready", 300);
    while (status(last).applied() < wanted) {
      TimeUnit.MILLISECONDS.sleep(20);
    }
    return (System.nanoTime() - start) / 1e9;
  }

  /** Bytes that each node has on disk, in MiB. */
  List<Long> diskMib() throws IOException {
    List<Long> all = new ArrayList<>();
    for (int i = 1; i <= NODES; i++) {
      all.add(Machine.diskMib(root.resolve("n" + i)));
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
      electionTimeout = Long.parseLong(node.await("ready", 300).get(1));
    }
    return electionTimeout;
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
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
    while (true) {
      List<Status> statuses = statuses();
      if (statuses.get(0).leads() == options.partitions()
          && statuses.stream().mapToInt(Status::leads).sum() == options.partitions()) {
        return statuses;
      }
      if (System.nanoTime() > end) {
        throw new IllegalStateException(
            "the first node does not lead all partitions after 120 s: " + statuses);
      }
      for (ServerProcess node : nodes.subList(1, NODES)) {
        node.ask("gather " + statuses.get(0).replica(), "gathered", 120);
      }
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
        System.err.println("The replicas do not agree: " + all);
        return false;
      }
    }
  }

  double cpuSeconds() throws IOException {
    double sum = 0;
    for (ServerProcess node : nodes) {
      sum += !node.isAlive() ? 0 : Machine.cpuSeconds(node.pid());
    }
    return sum;
  }

  @Override
  public void close() {
    nodes.forEach(ServerProcess::stop);
  }
}
