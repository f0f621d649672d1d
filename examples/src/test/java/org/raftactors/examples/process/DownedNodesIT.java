package org.raftactors.examples.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A split brain resolver that downs a node which stands still (SIGSTOP) for too long. {@link
 * CutOffNodesIT} shows nodes that nobody downs.
 */
class DownedNodesIT {

  @RegisterExtension
  final TestCluster cluster =
      new TestCluster(
          "pekko.cluster.downing-provider-class=org.apache.pekko.cluster.sbr.SplitBrainResolverProvider",
          "pekko.cluster.split-brain-resolver.stable-after=5s",
          // A machine that is busy with other things could look like a network that is never
          // stable.
          "pekko.cluster.split-brain-resolver.down-all-when-unstable=off");

  @Test
  @DisplayName("80: a paused leader that was downed takes part again in its next run")
  void when_aPausedLeaderIsDowned_then_itEnds_andTakesPartAgainWhenStarted() throws Exception {
    cluster.startAll();
    cluster.awaitOneCluster();
    List<Attempt> attempts;
    try (Workload load = new Workload(cluster.nodes())) {
      load.awaitProgress(cluster.nodes(), 20);
      NodeProcess downed = cluster.awaitLeader(cluster.nodes(), 1);
      List<NodeProcess> others = cluster.others(downed);
      downed.pause();
      cluster.awaitOneCluster(others);
      load.awaitProgress(others, 50);

      downed.goOn();
      assertThat(downed.awaitExit()).as("exit status of %s", downed).isEqualTo(75);
      assertThat(downed.output().lines().filter(line -> line.startsWith("kv-node: ")))
          .as("what it says on stderr")
          .singleElement()
          .asString()
          .contains("was downed", "started again");
      load.awaitProgress(others, 50);

      downed.start();
      cluster.awaitReady(downed);
      cluster.awaitOneCluster();
      load.awaitProgress(cluster.nodes(), 20);
      attempts = load.stop();
    }
    System.err.println("DownedNodesIT: " + Verdict.check(cluster, attempts));
  }
}
