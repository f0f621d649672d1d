package org.raftactors.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.raftactors.cluster.TestCluster.LONG;
import static org.raftactors.cluster.TestCluster.done;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Down;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.raftactors.PartitionId;
import org.raftactors.ProposalResult;
import org.raftactors.ReadLevel;

/**
 * Nodes that are cut off for longer than a split brain resolver waits: without one, as {@code
 * raft-node.conf} has it, and with one. With real processes and their exit codes: the examples'
 * {@code DownedNodesIT}.
 */
class RaftNodeDowningTest {

  private static final List<String> ALL = List.of("n1", "n2", "n3");

  /**
   * Also given where no resolver runs, and must make no difference there. All nodes share a JVM, so
   * one long pause of it could look like a network that is never stable.
   */
  private static final String SOON =
      "pekko.cluster.split-brain-resolver { stable-after = 3s, down-all-when-unstable = off }";

  private static final String RESOLVER =
      "pekko.cluster.downing-provider-class ="
          + " org.apache.pekko.cluster.sbr.SplitBrainResolverProvider";

  @TempDir Path directory;

  private TestCluster cluster;
  private String cutOff = "";
  private List<String> others = List.of();

  @BeforeEach
  void create() {
    cluster = new TestCluster(directory, "n1", "n2", "n3");
  }

  @AfterEach
  void close() {
    cluster.close();
  }

  /** Starts all, then cuts off the leader of the key's partition. */
  private Cut cutOffTheLeader(String... config) {
    ALL.forEach(id -> cluster.up(id, config));
    cluster.awaitReady();
    cluster.put("n1", "a", "1");
    awaitOnePekkoCluster();
    PartitionId partition = cluster.get("n1").node().partitionFor("a");
    cutOff = cluster.awaitLeader(partition);
    others = ALL.stream().filter(id -> !id.equals(cutOff)).toList();
    return Cut.off(cluster.get(cutOff).system(), cluster.roster);
  }

  /** Members must be up, everywhere: a resolver does not count those that are joining. */
  private void awaitOnePekkoCluster() {
    await().atMost(LONG).until(() -> cluster.all().stream().allMatch(this::seesAllUpAndReachable));
  }

  private boolean seesAllUpAndReachable(TestCluster.Running by) {
    List<Member> members = new ArrayList<>();
    Cluster.get(by.system()).state().getMembers().forEach(members::add);
    return members.size() == ALL.size()
        && members.stream().allMatch(member -> member.status().equals(MemberStatus.up()))
        && by.node().nodes().stream().allMatch(NodeStatus::reachable);
  }

  /** The node that was cut off, as another one sees it. */
  private NodeStatus seenBy(String id) {
    return cluster.get(id).node().nodes().stream()
        .filter(each -> each.node().value().equals(cutOff))
        .findFirst()
        .orElseThrow();
  }

  private void othersServe(String text) {
    cluster.awaitReady(others.toArray(String[]::new));
    cluster.put(others.get(0), "a", text);
    assertThat(cluster.read(others.get(1), "a", ReadLevel.LINEARIZABLE)).isEqualTo(text);
  }

  private boolean writesAreRefused(String id) {
    return done(cluster.get(id).client().propose("a", "a=x", Duration.ofSeconds(2)))
        instanceof ProposalResult.Rejected;
  }

  @Test
  @DisplayName("80: unreachable and reachable again changes no quorum")
  void when_nobodyDowns_then_aNodeIsUnreachableForAsLongAsItIs_andBackAfterwards() {
    Cut cut = cutOffTheLeader(Cut.ENABLED, SOON);
    othersServe("2");
    await().atMost(LONG).until(() -> others.stream().noneMatch(id -> seenBy(id).reachable()));
    await()
        .during(Duration.ofSeconds(6))
        .atMost(LONG)
        .until(
            () -> others.stream().allMatch(id -> seenBy(id).member() && !seenBy(id).reachable()));
    othersServe("3");
    assertThat(writesAreRefused(cutOff)).isTrue();
    cut.heal();
    takesPartAgain("3");
  }

  @Test
  @DisplayName("80: downing changes no quorum")
  void when_aResolverDownsANode_then_theOthersServe_andItsNextRunTakesPartAgain() {
    cutOffTheLeader(Cut.ENABLED, SOON, RESOLVER);
    CompletionStage<ProposalResult<String>> underWay =
        cluster.get(cutOff).client().propose("a", "a=x", Duration.ofSeconds(60));
    await().atMost(LONG).until(() -> others.stream().noneMatch(id -> seenBy(id).member()));
    othersServe("2");
    awaitDowned();
    assertThat(done(underWay)).isNotInstanceOf(ProposalResult.Committed.class);
    startAgain("2", Cut.ENABLED, SOON, RESOLVER);
  }

  /** Without a resolver, it takes a message of those that have removed the node to tell it. */
  @Test
  void when_anOperatorDownsANode_then_itEndsWhenTheNetworkHeals_andItsNextRunTakesPartAgain() {
    Cut cut = cutOffTheLeader(Cut.ENABLED);
    await().atMost(LONG).until(() -> others.stream().noneMatch(id -> seenBy(id).reachable()));
    Cluster.get(cluster.get(others.get(0)).system())
        .manager()
        .tell(new Down(cluster.get(cutOff).system().address()));
    await().atMost(LONG).until(() -> others.stream().noneMatch(id -> seenBy(id).member()));
    othersServe("2");
    cut.heal();
    awaitDowned();
    startAgain("2", Cut.ENABLED);
  }

  private void awaitDowned() {
    TestCluster.Running downed = cluster.get(cutOff);
    await()
        .atMost(LONG)
        .until(() -> downed.system().getWhenTerminated().toCompletableFuture().isDone());
    assertThat(CoordinatedShutdown.get(downed.system()).getShutdownReason())
        .contains(CoordinatedShutdown.clusterDowningReason());
  }

  /** As a supervisor would; what the others have written meanwhile is there. */
  private void startAgain(String text, String... config) {
    cluster.down(cutOff);
    cluster.up(cutOff, config);
    takesPartAgain(text);
  }

  private void takesPartAgain(String text) {
    cluster.awaitReady();
    awaitOnePekkoCluster();
    assertThat(cluster.read(cutOff, "a", ReadLevel.LINEARIZABLE)).isEqualTo(text);
    cluster.put(cutOff, "a", "by " + cutOff);
    othersServe("by " + others);
  }
}
