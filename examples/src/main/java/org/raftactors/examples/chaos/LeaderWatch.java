package org.raftactors.examples.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Asks every node again and again which partitions it leads, in which term. Each node has a thread
 * of its own here, since one that stands still does not answer.
 */
final class LeaderWatch implements AutoCloseable {

  private static final long POLL_MILLIS = 500;

  /**
   * A node said that it leads a partition.
   *
   * @param at when, in nanoseconds of the run
   * @param node who, by place
   * @param partition which
   * @param term in which term
   */
  record Claim(long at, int node, int partition, long term) {}

  private final ConcurrentLinkedQueue<Claim> claims = new ConcurrentLinkedQueue<>();
  private final ScheduledExecutorService threads;

  LeaderWatch(ChaosCluster cluster, Clock clock) {
    threads = Executors.newScheduledThreadPool(cluster.nodes().size());
    for (int i = 0; i < cluster.nodes().size(); i++) {
      int node = i;
      var unused =
          threads.scheduleWithFixedDelay(
              () -> ask(cluster, node, clock), 0, POLL_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  private void ask(ChaosCluster cluster, int node, Clock clock) {
    cluster
        .partitions(cluster.nodes().get(node))
        .ifPresent(
            partitions -> {
              for (JsonNode partition : partitions) {
                if (partition.get("role").asText().equals("leader")) {
                  claims.add(
                      new Claim(
                          clock.now(),
                          node,
                          partition.get("id").asInt(),
                          partition.get("term").asLong()));
                }
              }
            });
  }

  List<Claim> claims() {
    return new ArrayList<>(claims);
  }

  /** Terms in which two nodes said that they led the same partition. */
  static List<String> twice(List<Claim> claims) {
    Map<String, Integer> leaders = new TreeMap<>();
    List<String> twice = new ArrayList<>();
    for (Claim claim : claims) {
      String term = "partition " + claim.partition() + " in term " + claim.term();
      Integer other = leaders.putIfAbsent(term, claim.node());
      if (other != null && other != claim.node()) {
        twice.add("n%d and n%d both led %s".formatted(other + 1, claim.node() + 1, term));
      }
    }
    return twice.stream().distinct().toList();
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
