package org.raftactors.examples.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.raftactors.examples.process.TestCluster.awaiting;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Nodes that stand still (SIGSTOP) or are not there, seen from those that run. */
class CutOffNodesIT {

  private static final String STALE_READ = "/kv/before?level=stale&maxLagMs=600000";

  @RegisterExtension final TestCluster cluster = new TestCluster();

  @Test
  @DisplayName("24: a leader in a minority refuses writes")
  void when_leaderIsAloneInAMinority_then_itRefusesWritesHonestly() throws Exception {
    cluster.startAll();
    NodeProcess alone = cluster.awaitLeader(cluster.nodes(), 1);
    assertThat(cluster.client.put(alone, "before", "1").status()).isEqualTo(200);
    awaiting(alone + " has applied it")
        .until(() -> cluster.client.get(alone, STALE_READ).status() == 200);
    for (NodeProcess other : cluster.others(alone)) {
      other.pause();
    }
    List<Attempt> attempts = new ArrayList<>();
    // What was under way when the others fell silent may be unknown; then it knows that it is
    // alone.
    awaiting(alone + " refuses each of ten writes")
        .until(
            () -> {
              List<Attempt> tried =
                  IntStream.range(0, 10)
                      .mapToObj(i -> "key-" + attempts.size() + "-" + i)
                      .toList()
                      .parallelStream()
                      .map(key -> Attempt.of(key, "x", cluster.client.put(alone, key, "x")))
                      .toList();
              attempts.addAll(tried);
              return tried.stream()
                  .allMatch(attempt -> attempt.outcome() == Attempt.Outcome.REJECTED);
            });
    assertThat(attempts)
        .extracting(Attempt::outcome)
        .doesNotContain(Attempt.Outcome.ACKNOWLEDGED, Attempt.Outcome.NOT_SENT);
    assertThat(cluster.client.get(alone, "/kv/before").status()).isEqualTo(503);
    Reply old = cluster.client.get(alone, STALE_READ);
    assertThat(old.status()).as("a stale read: %s", old).isEqualTo(200);
    assertThat(cluster.client.get(alone, "/health/live").status()).isEqualTo(200);

    for (NodeProcess other : cluster.others(alone)) {
      other.goOn();
    }
    cluster.nodes().forEach(cluster::awaitReady);
    awaiting("a write is accepted again")
        .until(() -> write(alone, attempts) == Attempt.Outcome.ACKNOWLEDGED);
    cluster.awaitOneCluster();
    attempts.add(
        new Attempt(
            "before", "1", Attempt.Outcome.UNKNOWN, 0, 0, "")); // known, but not where it is
    Verdict.check(cluster, attempts);
  }

  private Attempt.Outcome write(NodeProcess node, List<Attempt> attempts) {
    String key = "key-" + attempts.size();
    Attempt attempt = Attempt.of(key, "x", cluster.client.put(node, key, "x"));
    attempts.add(attempt);
    return attempt.outcome();
  }

  @Test
  void when_aNodeRestartsWhileAnotherStandsStill_then_itServesAgain() throws Exception {
    cluster.startAll();
    NodeProcess leader = cluster.awaitLeader(cluster.nodes(), 1);
    NodeProcess restarted = cluster.others(leader).get(0);
    NodeProcess still = cluster.others(leader).get(1);
    List<Attempt> attempts = new ArrayList<>();
    still.pause();
    restarted.kill();
    restarted.start();
    cluster.awaitReady(restarted);
    awaiting(restarted + " acknowledges a write")
        .until(() -> write(restarted, attempts) == Attempt.Outcome.ACKNOWLEDGED);
    still.goOn();
    cluster.nodes().forEach(cluster::awaitReady);
    cluster.awaitOneCluster();
    Verdict.check(cluster, attempts);
  }

  @Test
  void when_theFirstSeedStartsAlone_then_itWaits_andAllBecomeOneCluster() throws Exception {
    NodeProcess first = cluster.node(1);
    first.start();
    awaitHonestSolitude(first);
    for (NodeProcess other : cluster.others(first)) {
      other.start();
    }
    List<Attempt> attempts = new ArrayList<>();
    servesAsOne(attempts);

    // The same with a past: it is there, the others stand still, so their sockets are open.
    first.kill();
    for (NodeProcess other : cluster.others(first)) {
      other.pause();
    }
    first.start();
    awaitHonestSolitude(first);
    for (NodeProcess other : cluster.others(first)) {
      other.goOn();
    }
    servesAsOne(attempts);
    Verdict.check(cluster, attempts);
  }

  /**
   * For longer than Pekko waits before a first seed joins itself (5 s), the node must be alive,
   * must not be ready, and must not accept a write.
   */
  private void awaitHonestSolitude(NodeProcess node) {
    awaiting(node + " is alive")
        .until(() -> cluster.client.get(node, "/health/live").status() == 200);
    awaiting(node + " stays alone and refuses")
        .during(Duration.ofSeconds(8))
        .pollInterval(Duration.ofMillis(500))
        .untilAsserted(
            () -> {
              assertThat(node.isAlive()).isTrue();
              assertThat(cluster.client.get(node, "/health/ready").status()).isEqualTo(503);
            });
    assertThat(cluster.client.put(node, "lonely", "x").status()).isEqualTo(503);
  }

  private void servesAsOne(List<Attempt> attempts) {
    cluster.nodes().forEach(cluster::awaitReady);
    cluster.awaitOneCluster();
    for (NodeProcess node : cluster.nodes()) {
      awaiting(node + " acknowledges a write")
          .until(() -> write(node, attempts) == Attempt.Outcome.ACKNOWLEDGED);
    }
  }
}
