package org.raftactors.examples.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.raftactors.examples.process.TestCluster.awaiting;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * {@code kill -9} under load, each kind a few times: nothing that was acknowledged is lost, doubled
 * or moved. {@link RandomKillsIT} and chaos do it again and again.
 */
class KilledNodesIT {

  @RegisterExtension final TestCluster cluster = new TestCluster();

  @Test
  @DisplayName("49: every acknowledged write is there once after kills under load")
  void when_nodesAreKilledUnderLoad_then_everyAcknowledgedWriteIsThereOnce() throws Exception {
    cluster.startAll();
    List<Attempt> attempts;
    try (Workload load = new Workload(cluster.nodes())) {
      load.awaitProgress(cluster.nodes(), 50);
      for (int round = 0; round < 2; round++) {
        killAndRestart(load, cluster.awaitLeader(cluster.nodes(), 1));
      }
      NodeProcess leader = cluster.awaitLeader(cluster.nodes(), 1);
      killAndRestart(load, cluster.others(leader).get(1));
      killMajority(load);
      killSilencedLeader(load);
      attempts = load.stop();
    }
    Map<String, Long> outcomes = Verdict.check(cluster, attempts);
    System.err.println("KilledNodesIT: " + outcomes);
    assertThat(outcomes.get(Attempt.Outcome.ACKNOWLEDGED.toString())).isGreaterThan(300);

    List<JsonNode> before = cluster.awaitAgreement();
    for (NodeProcess node : cluster.nodes()) {
      node.kill();
    }
    cluster.startAll();
    List<JsonNode> after = cluster.awaitAgreement();
    for (String of : List.of("lastCommandIndex", "commands", "keys", "history", "content")) {
      assertThat(after)
          .extracting(digest -> digest.get(of).asText())
          .as("%s after all were killed and started again", of)
          .isEqualTo(before.stream().map(digest -> digest.get(of).asText()).toList());
    }
  }

  private void killAndRestart(Workload load, NodeProcess node) throws Exception {
    node.kill();
    load.awaitProgress(cluster.others(node), 50);
    node.start();
    cluster.awaitReady(node);
    load.awaitProgress(cluster.nodes(), 20);
  }

  private void killMajority(Workload load) throws Exception {
    NodeProcess leader = cluster.awaitLeader(cluster.nodes(), 1);
    NodeProcess follower = cluster.others(leader).get(0);
    leader.kill();
    follower.kill();
    follower.start();
    leader.start();
    cluster.awaitReady(leader);
    cluster.awaitReady(follower);
    load.awaitProgress(cluster.nodes(), 20);
  }

  /**
   * A leader whose followers stand still goes on taking writes for a moment. If it acknowledged any
   * of them, its death would be their end.
   */
  private void killSilencedLeader(Workload load) throws Exception {
    NodeProcess leader = cluster.awaitLeader(cluster.nodes(), 1);
    for (NodeProcess follower : cluster.others(leader)) {
      follower.pause();
    }
    long before = load.acknowledgedThrough(leader);
    awaiting(leader + " notices that it is alone, or wrongly acknowledges ten writes")
        .until(
            () ->
                load.acknowledgedThrough(leader) >= before + 10
                    || cluster
                        .status(leader, 1)
                        .filter(status -> !status.get("role").asText().equals("leader"))
                        .isPresent());
    leader.kill();
    for (NodeProcess follower : cluster.others(leader)) {
      // With what waits in the buffers of its connections, which it would otherwise still read.
      follower.kill();
      follower.start();
    }
    cluster.others(leader).forEach(cluster::awaitReady);
    load.awaitProgress(cluster.others(leader), 20);
    leader.start();
    cluster.awaitReady(leader);
    load.awaitProgress(cluster.nodes(), 20);
  }
}
