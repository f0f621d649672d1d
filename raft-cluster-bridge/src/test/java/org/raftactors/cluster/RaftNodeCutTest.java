package org.raftactors.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.raftactors.cluster.TestCluster.LONG;
import static org.raftactors.cluster.TestCluster.done;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.raftactors.PartitionId;
import org.raftactors.ProposalResult;
import org.raftactors.ReadLevel;

/** Nodes whose network is cut, and heals. */
class RaftNodeCutTest {

  @TempDir Path directory;

  private TestCluster cluster;

  @BeforeEach
  void create() {
    cluster = new TestCluster(directory, "n1", "n2", "n3");
  }

  @AfterEach
  void close() {
    cluster.close();
  }

  private boolean allAreMembersEverywhere() {
    return cluster.all().stream()
        .allMatch(each -> each.node().nodes().stream().allMatch(NodeStatus::reachable));
  }

  @Test
  void when_theFirstNodeOfANewClusterStartsCutOff_then_nothingIsDecidedUntilItHeals() {
    TestCluster.CutOff first = cluster.upCutOff("n1");
    cluster.up("n2");
    cluster.up("n3");
    await()
        .during(Duration.ofSeconds(2))
        .atMost(LONG)
        .until(
            () ->
                cluster.all().stream()
                    .noneMatch(
                        each ->
                            each.started().toCompletableFuture().isDone()
                                || each.node().nodes().stream().anyMatch(NodeStatus::member)));
    first.cut().heal();
    cluster.awaitReady();
    cluster.put("n1", "a", "1");
    assertThat(cluster.read("n3", "a", ReadLevel.LINEARIZABLE)).isEqualTo("1");
    await().atMost(LONG).until(this::allAreMembersEverywhere);
  }

  @Test
  void when_aNodeWithDataStartsCutOff_then_itIsNoIslandAndTheOthersServe() {
    List.of("n1", "n2", "n3").forEach(cluster::up);
    cluster.awaitReady();
    cluster.put("n1", "a", "1");
    List.of("n1", "n2", "n3").forEach(cluster::down);
    TestCluster.CutOff first = cluster.upCutOff("n1");
    cluster.up("n2");
    cluster.up("n3");
    cluster.awaitReady("n2", "n3");
    cluster.put("n2", "a", "2");
    await()
        .during(Duration.ofSeconds(2))
        .atMost(LONG)
        .until(() -> first.node().nodes().stream().noneMatch(NodeStatus::member));
    assertThat(done(first.node().ready())).isFalse();
    first.cut().heal();
    cluster.awaitReady();
    assertThat(cluster.read("n1", "a", ReadLevel.LINEARIZABLE)).isEqualTo("2");
    await().atMost(LONG).until(this::allAreMembersEverywhere);
  }

  @Test
  void when_aLeaderIsCutOff_then_itRefusesWrites_andIsBackAfterwards() {
    List.of("n1", "n2", "n3").forEach(id -> cluster.up(id, Cut.ENABLED));
    cluster.awaitReady();
    cluster.put("n1", "a", "1");
    PartitionId partition = cluster.get("n1").node().partitionFor("a");
    await().atMost(LONG).until(this::allAreMembersEverywhere);
    String leader = cluster.awaitLeader(partition);
    TestCluster.Running isolated = cluster.get(leader);
    Cut cut = Cut.off(isolated.system(), cluster.roster);
    String other = leader.equals("n1") ? "n2" : "n1";
    cluster.put(other, "a", "2");
    ProposalResult<String> result =
        done(isolated.client().propose("a", "a=3", Duration.ofSeconds(5)));
    assertThat(result).isNotInstanceOf(ProposalResult.Committed.class);
    ProposalResult<String> refused =
        done(isolated.client().propose("a", "a=4", Duration.ofSeconds(2)));
    assertThat(refused).isInstanceOf(ProposalResult.Rejected.class);
    cut.heal();
    cluster.awaitReady();
    assertThat(cluster.read(leader, "a", ReadLevel.LINEARIZABLE)).isEqualTo("2");
    await().atMost(LONG).until(this::allAreMembersEverywhere);
    cluster.put(leader, "a", "5");
  }
}
