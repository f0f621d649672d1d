package org.raftactors.examples.benchmark;

import static org.raftactors.examples.benchmark.Results.thousandths;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * Fills the log, stops all nodes, starts them, and waits until each has applied everything; then
 * kills a follower and waits until that has. Java's own start is in all of it.
 */
final class RestartScenario {

  private static final double NANOS_PER_MILLI = 1e6;

  private final Options options;
  private final BenchmarkCluster cluster;
  private final Results results;

  RestartScenario(Options options, BenchmarkCluster cluster, Results results) {
    this.options = options;
    this.cluster = cluster;
    this.results = results;
  }

  boolean run() throws Exception {
    cluster.awaitReady();
    Cell cell = options.cells().get(0);
    long begin = System.nanoTime();
    long filled = fill(cell);
    double fillSeconds = (System.nanoTime() - begin) / 1e9;
    cluster.replicasAgree();
    List<Long> disk = cluster.diskMib();
    cluster.stopAll();

    long start = System.nanoTime();
    cluster.startAll();
    cluster.awaitReady();
    double ready = (System.nanoTime() - start) / NANOS_PER_MILLI;
    double applied = cluster.awaitApplied(filled, start);
    boolean agree = cluster.replicasAgree();
    cluster.killLast();
    double follower = cluster.startLastAgain() * 1000;

    ObjectNode line = Results.line("restart", options);
    line.put("class_archive", options.classArchive())
        .put("payload", cell.payload())
        .put("entries", options.entries())
        .put("applied", filled)
        .put("fill_s", thousandths(fillSeconds))
        .put("cluster_ready_ms", thousandths(ready))
        .put("cluster_applied_ms", thousandths(applied))
        .put("follower_applied_ms", thousandths(follower));
    ArrayNode sizes = line.putArray("disk_mb");
    disk.forEach(sizes::add);
    ArrayNode memory = line.putArray("rss_mb_after_restart");
    cluster.residentMib().forEach(memory::add);
    results.add(line.put("replicas_agree", agree));
    return agree;
  }

  /**
   * Loads for a second at a time, the last of them at a rate that leaves no more than asked for.
   */
  private long fill(Cell cell) throws Exception {
    cluster.gatherLeaders();
    ServerProcess generator = cluster.generator();
    long applied = 0;
    long inLastSecond = 0;
    while (applied < options.entries()) {
      long missing = options.entries() - applied;
      boolean almost = missing < 2 * inLastSecond;
      generator.load(options.load(cell, almost ? missing : 0, 0, 1));
      generator.await("result", 120);
      long before = applied;
      applied = cluster.statuses().get(0).applied();
      inLastSecond = applied - before;
      System.err.printf("benchmark: filled %,d of %,d entries%n", applied, options.entries());
    }
    return applied;
  }
}
