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
  private final List<ServerProcess> nodes = new ArrayList<>();

  BenchmarkCluster(Options options, Path root) throws IOException {
    this.options = options;
    String seeds = seeds();
    for (int i = 1; i <= NODES; i++) {
      Path data = root.resolve("n" + i);
      Files.createDirectories(data);
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
              Integer.toString(options.partitions())));
      nodes.add(new ServerProcess("n" + i, command, root.resolve("n" + i + ".log")));
    }
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
      statuses.add(Status.of(node.ask("status", "status", 60)));
    }
    return statuses;
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
      sum += Machine.cpuSeconds(node.pid());
    }
    return sum;
  }

  @Override
  public void close() {
    nodes.forEach(ServerProcess::stop);
  }
}
