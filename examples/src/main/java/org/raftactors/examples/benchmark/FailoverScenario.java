package org.raftactors.examples.benchmark;

import static org.raftactors.examples.benchmark.Results.thousandths;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Kills the leader under load, and measures how long it takes until the other nodes commit: from
 * inside them, and by a client there, which finds the new leader by itself. The killed node comes
 * back afterwards, and all must have applied the same.
 */
final class FailoverScenario {

  private static final int PATIENCE_SECONDS = 120;

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

    long killed = FirstCommits.epochMicros();
    cluster.killFirst();
    ServerProcess service = cluster.survivors().get(0);
    service.send("client-commit");
    Span commits = awaitCommits();
    long client = Long.parseLong(service.await("client-committed", PATIENCE_SECONDS).get(1));
    cluster.startFirstAgain();
    boolean agree = cluster.replicasAgree();

    ObjectNode line = Results.line("failover", options);
    line.put("election_ms", electionMillis)
        .put("payload", cell.payload())
        .put("window", cell.window())
        .put("kill_to_first_commit_ms", millis(commits.first() - killed))
        .put("kill_to_last_commit_ms", millis(commits.last() - killed))
        .put("kill_to_client_commit_ms", millis(client - killed));
    results.add(line.put("replicas_agree", agree));
    return agree;
  }

  private record Span(long first, long last) {}

  /** Waits until every partition has committed under a new leader. */
  private Span awaitCommits() throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (true) {
      int partitions = 0;
      long first = Long.MAX_VALUE;
      long last = 0;
      for (ServerProcess node : cluster.survivors()) {
        List<String> words = node.ask("try-commits", "tried", PATIENCE_SECONDS);
        int here = Integer.parseInt(words.get(1));
        if (here > 0) {
          partitions += here;
          first = Math.min(first, Long.parseLong(words.get(2)));
          last = Math.max(last, Long.parseLong(words.get(3)));
        }
      }
      if (partitions >= options.partitions()) {
        return new Span(first, last);
      }
      if (System.nanoTime() > end) {
        throw new IllegalStateException(
            "%d of %d partitions had a new leader %d s after the kill"
                .formatted(partitions, options.partitions(), PATIENCE_SECONDS));
      }
      TimeUnit.MILLISECONDS.sleep(1);
    }
  }

  private static double millis(long micros) {
    return thousandths(micros / 1000.0);
  }
}
