package org.raftactors.examples.benchmark;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import java.util.zip.DataFormatException;
import org.HdrHistogram.Histogram;

/** The launcher: starts the nodes, lets the first make load, prints what came of it. */
public final class Benchmark {

  private final Options options;
  private final BenchmarkCluster cluster;
  private long electionMillis;

  private Benchmark(Options options, BenchmarkCluster cluster) {
    this.options = options;
    this.cluster = cluster;
  }

  /**
   * Runs all cells.
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
    System.exit(run(options) ? 0 : 1);
  }

  private static boolean run(Options options) throws Exception {
    Path root =
        options.dataDir().toString().isEmpty()
            ? Files.createTempDirectory("raft-actors-benchmark-")
            : Files.createDirectories(options.dataDir());
    AtomicBoolean keep = new AtomicBoolean(options.keep());
    BenchmarkCluster cluster = new BenchmarkCluster(options, root);
    // A hook, so that Ctrl-C cleans up as well.
    Runtime.getRuntime().addShutdownHook(new Thread(() -> cleanUp(cluster, root, keep.get())));
    try {
      boolean good = new Benchmark(options, cluster).cells();
      keep.compareAndSet(false, !good);
      return good;
    } catch (IllegalStateException e) {
      keep.set(true);
      System.err.println("benchmark: " + e.getMessage());
      return false;
    }
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

  private boolean cells() throws Exception {
    electionMillis = cluster.awaitReady();
    boolean good = true;
    if (options.prewarmSeconds() > 0) {
      Cell first = new Cell(options.cells().get(0).payload(), options.prewarmWindow());
      good = cell(first, "prewarm", 0, options.prewarmSeconds());
    }
    for (Cell cell : options.cells()) {
      good &= cell(cell, "bench", options.warmSeconds(), options.measureSeconds());
    }
    return good;
  }

  private boolean cell(Cell cell, String kind, int warm, int measure) throws Exception {
    List<BenchmarkCluster.Status> before = cluster.gatherLeaders();
    ServerProcess leader = cluster.nodes().get(0);
    if (options.absence()) {
      cluster.killLast();
    }
    leader.send("load " + cell.payload() + " " + cell.window() + " " + warm + " " + measure);
    leader.await("from", warm + 60);
    double cpuFrom = cluster.cpuSeconds();
    double busyFrom = Machine.busySeconds();
    double caughtUp = options.absence() ? cluster.startLastAgain() : 0;
    leader.await("until", measure + 60);
    double cpu = cluster.cpuSeconds() - cpuFrom;
    double busy = Machine.busySeconds() - busyFrom;
    ArrayNode memory = JsonNodeFactory.instance.arrayNode();
    for (ServerProcess node : cluster.nodes()) {
      memory.add(Machine.residentMib(node.pid()));
    }
    List<String> result = leader.await("result", 120);
    Histogram latency = histogram(result.get(3));
    boolean agree = cluster.replicasAgree();

    ObjectNode line = head(kind);
    ArrayNode leaders = line.putArray("leaders");
    before.forEach(status -> leaders.add(status.leads()));
    line.put("payload", cell.payload())
        .put("window", cell.window())
        .put("prewarm_s", options.prewarmSeconds())
        .put("warm_s", warm)
        .put("measure_s", measure)
        .put("ops_s", Math.round((double) latency.getTotalCount() / measure));
    ArrayNode rates = line.putArray("ops_s_per_5s");
    for (String rate : result.get(2).split(",", -1)) {
      if (!rate.equals(BenchmarkServer.NONE)) {
        rates.add(Long.parseLong(rate));
      }
    }
    line.put("p50_us", latency.getValueAtPercentile(50) / 1000)
        .put("p99_us", latency.getValueAtPercentile(99) / 1000)
        .put("p999_us", latency.getValueAtPercentile(99.9) / 1000)
        .put("max_us", latency.getMaxValue() / 1000)
        .put("errors", Long.parseLong(result.get(1)))
        .put("cpu_cores", thousandths(cpu / measure))
        .put("other_cpu_cores", thousandths(Math.max(0, busy - cpu) / measure))
        .put("cpu_s_per_1000", thousandths(cpu * 1000 / Math.max(1, latency.getTotalCount())));
    if (options.absence()) {
      line.put("caught_up_s", thousandths(caughtUp));
    }
    line.set("rss_mb", memory);
    ArrayNode disk = line.putArray("disk_mb");
    cluster.diskMib().forEach(disk::add);
    line.put("applied_total", cluster.statuses().get(0).applied()).put("replicas_agree", agree);
    System.out.println(line);
    return agree;
  }

  private ObjectNode head(String kind) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("ts", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString())
        .put("peer", "raft-actors")
        .put("kind", kind)
        .put("groups", options.partitions())
        .put("election_ms", electionMillis)
        .put("mode", "embedded");
  }

  private static double thousandths(double value) {
    return Math.round(value * 1000) / 1000.0;
  }

  private static Histogram histogram(String encoded) throws DataFormatException {
    return Histogram.decodeFromCompressedByteBuffer(
        ByteBuffer.wrap(Base64.getDecoder().decode(encoded)), 0);
  }
}
