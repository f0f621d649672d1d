package org.raftactors.examples.benchmark;

import static org.raftactors.examples.benchmark.Results.thousandths;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Processors and memory of a cluster without load. */
final class IdleScenario {

  private static final double PERCENT = 100;

  private final Options options;
  private final BenchmarkCluster cluster;
  private final Results results;

  IdleScenario(Options options, BenchmarkCluster cluster, Results results) {
    this.options = options;
    this.cluster = cluster;
    this.results = results;
  }

  boolean run() throws Exception {
    long start = System.nanoTime();
    cluster.awaitReady();
    cluster.awaitLeaders();
    double ready = (System.nanoTime() - start) / 1e9;
    System.err.println("benchmark: idle, all partitions are led");
    TimeUnit.SECONDS.sleep(options.warmSeconds());
    List<Double> before = cpu();
    double busyBefore = Machine.busySeconds();
    TimeUnit.SECONDS.sleep(options.measureSeconds());
    List<Double> after = cpu();
    double busy = Machine.busySeconds() - busyBefore;

    ObjectNode line = Results.line("idle", options);
    line.put("start_to_all_led_s", thousandths(ready)).put("measure_s", options.measureSeconds());
    ArrayNode nodes = line.putArray("cpu_pct_of_one_core");
    double total = 0;
    for (int i = 0; i < after.size(); i++) {
      double used = after.get(i) - before.get(i);
      total += used;
      nodes.add(thousandths(PERCENT * used / options.measureSeconds()));
    }
    line.put("cpu_pct_total", thousandths(PERCENT * total / options.measureSeconds()))
        .put(
            "other_cpu_pct",
            thousandths(PERCENT * Math.max(0, busy - total) / options.measureSeconds()));
    ArrayNode leaders = line.putArray("leaders");
    cluster.statuses().forEach(status -> leaders.add(status.leads()));
    ArrayNode threads = line.putArray("threads");
    cluster.threads().forEach(threads::add);
    ArrayNode memory = line.putArray("rss_mb");
    cluster.residentMib().forEach(memory::add);
    results.add(line);
    return true;
  }

  private List<Double> cpu() throws IOException {
    return cluster.cpuSecondsOfEach();
  }
}
