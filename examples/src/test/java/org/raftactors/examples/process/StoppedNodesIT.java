package org.raftactors.examples.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** SIGTERM: a node hands over what it leads, ends by itself, and is there again after a start. */
class StoppedNodesIT {

  /**
   * So patient that a machine under load causes no elections and no client gives up: then all that
   * happens to leadership is what the nodes do when they stop.
   */
  @RegisterExtension
  final TestCluster cluster =
      new TestCluster(
          "raft-actors.partition.election-timeout-min=4s",
          "raft-actors.partition.election-timeout-max=5s",
          "raft-actors.node.client.give-up-grace=30s");

  @Test
  void when_aLeaderIsTerminatedUnderLoad_then_itHandsOverAndNothingIsLost() throws Exception {
    cluster.startAll();
    List<Attempt> attempts;
    try (Workload load = new Workload(cluster.nodes())) {
      load.awaitProgress(cluster.nodes(), 50);
      for (int round = 0; round < 2; round++) {
        NodeProcess leader = cluster.awaitLeader(cluster.nodes(), 1);
        List<NodeProcess> others = cluster.others(leader);
        long term = term(leader);
        assertThat(leader.terminate()).as("exit status of %s", leader).isZero();
        NodeProcess next = cluster.awaitLeader(others, 1);
        assertThat(term(next)).isEqualTo(term + 1);
        assertThat(leader.output())
            .contains("leadership of partition p1 was handed over")
            .doesNotContain("was not handed over");
        load.awaitProgress(others, 50);
        leader.start();
        cluster.awaitReady(leader);
        load.awaitProgress(cluster.nodes(), 20);
      }
      attempts = load.stop();
    }
    System.err.println("StoppedNodesIT: " + Verdict.check(cluster, attempts));
    // A request may be cut off with its connection, but no node has to say that nobody knows.
    assertThat(attempts).noneMatch(attempt -> attempt.said().startsWith("504"));
  }

  private long term(NodeProcess node) {
    return cluster.status(node, 1).orElseThrow().get("term").asLong();
  }
}
