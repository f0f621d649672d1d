package org.raftactors.examples.benchmark;

import static org.raftactors.examples.benchmark.Results.thousandths;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.concurrent.TimeUnit;

/**
 * Kills the leader under load, and measures how long it takes until another node commits. The
 * killed node comes back afterwards, and all must have applied the same.
 */
final class FailoverScenario {

  private final Options options;
  private final BenchmarkCluster cluster;
  private final Results results;

  FailoverScenario(Options options, BenchmarkCluster cluster, Results results) {
    this.options = options;
    this.cluster = cluster;
    this.results = results;
  }

  boolean run() throws Exception {
    long electionMillis = cluster.awaitReady();
    Cell cell = options.cells().get(0);
    cluster.gatherLeaders();
    ServerProcess leader = cluster.nodes().get(0);
    int seconds = Math.max(1, options.prewarmSeconds());
    Load load = options.load(cell, seconds, 3600);
    leader.load(load);
    leader.await("from", seconds + 60, new Progress("failover", load));
    TimeUnit.SECONDS.sleep(1);

    long killed = System.nanoTime();
    leader.kill();
    cluster.nodes().get(1).send("first-commit");
    cluster.nodes().get(1).await("committed", 120);
    double millis = (System.nanoTime() - killed) / 1e6;
    cluster.startFirstAgain();
    boolean agree = cluster.replicasAgree();

    ObjectNode line = Results.line("failover", options);
    line.put("election_ms", electionMillis)
        .put("payload", cell.payload())
        .put("window", cell.window())
        .put("kill_to_first_commit_ms", thousandths(millis));
    results.add(line.put("replicas_agree", agree));
    return agree;
  }
}
