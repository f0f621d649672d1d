package org.raftactors.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.raftactors.cluster.TestCluster.LONG;
import static org.raftactors.cluster.TestCluster.done;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorRefResolver;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.raftactors.PartitionId;
import org.raftactors.PartitionStatus;
import org.raftactors.ProposalResult;
import org.raftactors.Propose;
import org.raftactors.RaftPartition;
import org.raftactors.ReadLevel;
import org.raftactors.ReadResult;
import org.raftactors.RejectReason;
import org.raftactors.core.log.Payload;

/** Whole nodes over real remoting and real stores. */
class RaftNodeTest {

  private static final PartitionId FIRST = new PartitionId(1);

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

  private void start() {
    List.of("n1", "n2", "n3").forEach(cluster::up);
    cluster.awaitReady();
  }

  @Test
  void when_threeNodesRun_then_eachServesEveryKey() {
    start();
    Started started = done(cluster.get("n2").started());
    assertThat(started.node()).isEqualTo(new NodeId("n2"));
    assertThat(started.partitions()).containsExactly(FIRST, new PartitionId(2));
    for (int i = 0; i < 20; i++) {
      String key = "key" + i;
      cluster.put("n" + (1 + i % 3), key, "text" + i);
      assertThat(cluster.read("n" + (1 + (i + 1) % 3), key, ReadLevel.LINEARIZABLE))
          .isEqualTo("text" + i);
    }
    await()
        .atMost(LONG)
        .untilAsserted(
            () ->
                assertThat(cluster.read("n3", "key0", ReadLevel.stale(Duration.ofSeconds(60))))
                    .isEqualTo("text0"));
    await()
        .atMost(LONG)
        .until(() -> cluster.get("n1").node().nodes().stream().allMatch(NodeStatus::reachable));
  }

  @Test
  void when_aRequestComesForAReplicaThatHasStopped_then_itIsRefusedAtOnce() {
    start();
    String seed = cluster.roster.get(0); // n1@host:port
    String path = "pekko://node-test" + seed.substring(seed.indexOf('@')) + "/system/raft-node/p-1";
    ActorSystem<Void> other = cluster.get("n2").system();
    ActorRef<RaftPartition.Command> replica = ActorRefResolver.get(other).resolveActorRef(path);
    done(cluster.get("n1").node().stop());
    CompletionStage<ProposalResult<byte[]>> proposed =
        AskPattern.ask(
            replica,
            (ActorRef<ProposalResult<byte[]>> replyTo) ->
                new Propose(Payload.of(new byte[] {1}), true, replyTo),
            LONG,
            other.scheduler());
    assertThat(done(proposed))
        .isInstanceOfSatisfying(
            ProposalResult.Rejected.class,
            it -> assertThat(it.reason()).isEqualTo(RejectReason.UNAVAILABLE));
  }

  @Test
  void when_proposalsArePipelined_then_theyAreAppliedInOrder() {
    start();
    // A change of leader under load would be no fault: then another round has to show it.
    await().atMost(LONG).until(this::fiveHundredAreCommittedInOrder);
    assertThat(cluster.read("n2", "key", ReadLevel.LINEARIZABLE)).isEqualTo("499");
  }

  private boolean fiveHundredAreCommittedInOrder() {
    RaftClient<String, String, String> client = cluster.get("n1").client();
    List<CompletionStage<ProposalResult<String>>> all = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      all.add(client.propose("key", "key=" + i));
    }
    long last = 0;
    for (CompletionStage<ProposalResult<String>> each : all) {
      if (!(done(each) instanceof ProposalResult.Committed<String> committed)) {
        return false;
      }
      assertThat(committed.token().index()).isGreaterThan(last);
      last = committed.token().index();
    }
    return true;
  }

  @Test
  void when_theLeaderGoes_then_theOthersServe_andItComesBack() {
    start();
    cluster.put("n1", "a", "1");
    String leader = cluster.awaitLeader(cluster.get("n1").node().partitionFor("a"));
    cluster.down(leader);
    String other = leader.equals("n1") ? "n2" : "n1";
    cluster.put(other, "a", "2");
    assertThat(cluster.read(other, "a", ReadLevel.LINEARIZABLE)).isEqualTo("2");
    cluster.up(leader);
    cluster.awaitReady();
    assertThat(cluster.read(leader, "a", ReadLevel.LINEARIZABLE)).isEqualTo("2");
    cluster.put(leader, "a", "3");
    assertThat(cluster.read(other, "a", ReadLevel.LINEARIZABLE)).isEqualTo("3");
  }

  @Test
  void when_aNodeRestartsWhileAnotherIsGone_then_theTwoServe() {
    start();
    cluster.put("n1", "a", "1");
    cluster.down("n3");
    cluster.down("n2");
    cluster.up("n2");
    cluster.awaitReady();
    cluster.put("n2", "a", "2");
    assertThat(cluster.read("n1", "a", ReadLevel.LINEARIZABLE)).isEqualTo("2");
  }

  @Test
  @DisplayName("117: everything is there after all nodes were stopped")
  void when_allStop_then_everythingIsThereAfterwards() {
    start();
    for (int i = 0; i < 10; i++) {
      cluster.put("n1", "key" + i, "text" + i);
    }
    String id = done(cluster.get("n1").started()).clusterId();
    List.of("n1", "n2", "n3").forEach(cluster::down);
    start();
    assertThat(done(cluster.get("n3").started()).clusterId()).isEqualTo(id);
    for (int i = 0; i < 10; i++) {
      assertThat(cluster.read("n3", "key" + i, ReadLevel.LINEARIZABLE)).isEqualTo("text" + i);
    }
  }

  @Test
  void when_aLeaderStops_then_itHasHandedOver() {
    List.of("n1", "n2", "n3")
        .forEach(id -> cluster.up(id, "raft-actors.node.hand-over-timeout = 30s"));
    cluster.awaitReady();
    cluster.put("n1", "a", "1");
    String leader = cluster.awaitLeader(FIRST);
    long before = term(cluster.get(leader).node());
    TestCluster.Running old = cluster.get(leader);
    done(old.node().stop());
    assertThat(done(old.node().live())).isFalse();
    assertThat(old.node().partition(FIRST)).isEmpty();
    // Handed over, not elected after a time-out: somebody is in a later term already.
    assertThat(
            cluster.all().stream()
                .filter(each -> !each.equals(old))
                .mapToLong(each -> term(each.node()))
                .max()
                .orElseThrow())
        .isGreaterThan(before);
    cluster.put(leader.equals("n1") ? "n2" : "n1", "a", "2");
    assertThat(done(old.client().propose("a", "a=3"))).isInstanceOf(ProposalResult.Rejected.class);
    assertThat(done(old.client().read("a", "a", ReadLevel.LINEARIZABLE)))
        .isInstanceOf(ReadResult.Rejected.class);
    done(old.node().stop());
  }

  private static long term(RaftNode node) {
    return done(node.partitions()).stream()
        .filter(status -> status.partition().equals(FIRST))
        .mapToLong(PartitionStatus::term)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void when_aNodeIsCutOffWithAMinority_then_itRefusesWrites() {
    start();
    cluster.put("n1", "a", "1");
    cluster.down("n2");
    cluster.down("n3");
    ProposalResult<String> result =
        done(cluster.get("n1").client().propose("a", "a=2", Duration.ofSeconds(5)));
    assertThat(result).isNotInstanceOf(ProposalResult.Committed.class);
    await().atMost(LONG).until(() -> !done(cluster.get("n1").node().ready()));
    ProposalResult<String> refused =
        done(cluster.get("n1").client().propose("a", "a=3", Duration.ofSeconds(2)));
    assertThat(refused).isInstanceOf(ProposalResult.Rejected.class);
    assertThat(done(cluster.get("n1").node().live())).isTrue();
  }

  @Test
  void when_theDiskWasWiped_then_theStartFailsWithTheReason() throws IOException {
    start();
    cluster.down("n3");
    cluster.wipe("n3");
    TestCluster.Running wiped = cluster.up("n3");
    assertThatThrownBy(() -> done(wiped.started()))
        .hasCauseInstanceOf(NodeStartException.class)
        .hasMessageContaining("Its data was lost, or the directory is not the right one")
        .hasMessageContaining(directory.resolve("n3").toString());
    assertThat(done(wiped.node().health()).live()).isFalse();
    cluster.put("n1", "a", "1");
  }

  @Test
  void when_theDataIsThatOfAnotherNode_then_theStartFails() throws IOException {
    start();
    List.of("n1", "n2", "n3").forEach(cluster::down);
    Files.move(directory.resolve("n1"), directory.resolve("was-n1"));
    Files.move(directory.resolve("n2"), directory.resolve("n1"));
    assertThatThrownBy(() -> done(cluster.up("n1").started()))
        .hasMessageContaining("raft-actors.node.node-id is n1")
        .hasMessageContaining("that of node n2");
  }

  @Test
  void when_aNodeOfAnotherClusterRunsAlready_then_itShutsDownForTheMajority() {
    start();
    List.of("n1", "n2", "n3").forEach(cluster::down);
    TestCluster other = new TestCluster(directory.resolve("other"), cluster.roster);
    List.of("n1", "n2", "n3").forEach(other::up);
    other.awaitReady();
    List.of("n1", "n2", "n3").forEach(other::down);
    TestCluster.Running alone = cluster.up("n1");
    done(alone.started());
    try (other) {
      other.up("n2");
      other.up("n3");
      other.awaitReady();
      done(alone.system().getWhenTerminated());
      assertThat(CoordinatedShutdown.get(alone.system()).getShutdownReason())
          .hasValueSatisfying(reason -> assertThat(reason).isInstanceOf(RaftNode.Refused.class));
      other.put("n2", "a", "1");
    }
  }

  @Test
  void when_theFirstNodeStartsAlone_then_itWaitsAndTheyBecomeOne() {
    TestCluster.Running first = cluster.up("n1");
    ProposalResult<String> early = done(first.client().propose("a", "a=1", Duration.ofSeconds(1)));
    assertThat(early).isInstanceOf(ProposalResult.Rejected.class);
    assertThat(((ProposalResult.Rejected<String>) early).reason())
        .isEqualTo(RejectReason.UNAVAILABLE);
    NodeHealth health = done(first.node().health());
    assertThat(health.live()).isTrue();
    assertThat(health.ready()).isFalse();
    assertThat(first.node().nodes()).noneMatch(NodeStatus::member);
    cluster.up("n2");
    cluster.up("n3");
    cluster.awaitReady();
    cluster.put("n1", "a", "1");
    await()
        .atMost(LONG)
        .until(
            () ->
                cluster.all().stream()
                    .allMatch(each -> each.node().nodes().stream().allMatch(NodeStatus::member)));
  }

  @Test
  void when_theStoreCannotBeOpened_then_theStartFailsNamingIt() throws IOException {
    Files.writeString(directory.resolve("n1"), "a file where a directory should be");
    assertThatThrownBy(() -> done(cluster.up("n1").started()))
        .hasCauseInstanceOf(NodeStartException.class)
        .hasMessageContaining(directory.resolve("n1").toString());
  }

  @Test
  void when_startIsCalledTwice_then_theSecondFails() {
    TestCluster.Running first = cluster.up("n1");
    assertThatThrownBy(() -> done(first.node().start(Register.APPLICATION)))
        .hasMessageContaining("has been started before");
    done(first.node().stop());
    assertThatThrownBy(() -> done(first.started())).hasCauseInstanceOf(NodeStartException.class);
  }
}
