package org.raftactors.cluster.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Join;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.raftactors.cluster.Ports;

/** Bootstrap and formation over real remoting and real stores; the replicas are dummies. */
class NodeActorTest {

  private static final Duration LONG = Duration.ofSeconds(60);

  @TempDir Path directory;

  private final List<String> roster = Ports.roster("n1", "n2", "n3");
  private final List<TestNode> running = new ArrayList<>();

  private TestNode up(String id, String... config) {
    TestNode node = new TestNode(id, roster, directory, config);
    running.add(node);
    return node;
  }

  private void down(TestNode node) {
    running.remove(node);
    node.stop();
  }

  private void wipe(String id) throws IOException {
    try (Stream<Path> files = Files.walk(directory.resolve(id))) {
      for (Path each : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    }
  }

  @AfterEach
  void stopAll() {
    running.parallelStream().forEach(TestNode::stop);
  }

  @Test
  void threeEmptyNodes_becomeOneCluster_andEachComesBackAlone() {
    TestNode n1 = up("n1");
    TestNode n2 = up("n2");
    assertThat(n1.board.started()).isNotDone();
    TestNode n3 = up("n3");
    String cluster = TestNode.await(n1.board.started());
    assertThat(TestNode.await(n2.board.started())).isEqualTo(cluster);
    assertThat(TestNode.await(n3.board.started())).isEqualTo(cluster);
    assertThat(n2.replicas).extracting(spec -> spec.self().value()).containsExactly(2L, 2L);
    assertThat(n2.replicas).extracting(spec -> spec.partition().value()).containsExactly(1L, 2L);
    assertThat(n2.replicas).allMatch(spec -> spec.clusterId().equals(cluster));
    List.of(n1, n2, n3).forEach(this::down);
    TestNode alone = up("n2");
    assertThat(TestNode.await(alone.board.started())).isEqualTo(cluster);
  }

  @Test
  void aNodeThatLostItsDisk_isRefusedWithTheReason() throws IOException {
    TestNode n1 = up("n1");
    up("n2");
    TestNode n3 = up("n3");
    TestNode.await(n1.board.started());
    TestNode.await(n3.board.started());
    down(n3);
    wipe("n3");
    TestNode back = up("n3");
    assertThat(TestNode.await(back.board.refused()))
        .contains("node n3", directory.resolve("n3").toString(), "does not start");
    assertThat(back.replicas).isEmpty();
    TestNode.await(back.board.stopped());
    assertThat(n1.board.refused()).isNotDone();
  }

  @Test
  void aNodeWithTheDataOfAnother_isRefused() throws IOException {
    TestNode n1 = up("n1");
    TestNode n2 = up("n2");
    TestNode n3 = up("n3");
    for (TestNode node : List.of(n1, n2, n3)) {
      TestNode.await(node.board.started());
    }
    down(n2);
    down(n3);
    Files.move(directory.resolve("n2"), directory.resolve("was-n2"));
    Files.move(directory.resolve("n3"), directory.resolve("n2"));
    TestNode swapped = up("n2");
    assertThat(TestNode.await(swapped.board.refused())).contains("is that of node n3");
    assertThat(swapped.replicas).isEmpty();
  }

  @Test
  void aNodeThatIsCutOff_isNoIsland_andTheOthersJoinTheLeadersCluster() {
    TestNode n1 = up("n1");
    n1.leads.set(1);
    await().during(Duration.ofSeconds(1)).atMost(LONG).until(() -> n1.members() == 0);
    TestNode n2 = up("n2");
    TestNode n3 = up("n3");
    TestNode.await(n3.board.started());
    await().atMost(LONG).until(() -> n1.members() == 3 && n2.members() == 3 && n3.members() == 3);
    down(n3);
    TestNode back = up("n3");
    await().atMost(LONG).until(() -> back.members() >= 2);
  }

  /** The interval is 100 ms here, and at rest three times that. */
  @Test
  void whileAllNodesAreInOneCluster_hellosAreRare() {
    TestNode n1 = up("n1");
    TestNode n2 = up("n2");
    TestNode n3 = up("n3");
    n1.leads.set(1);
    Duration rest = Duration.ofMillis(250);
    await().atMost(LONG).until(() -> n1.members() == 3 && n2.members() == 3 && n3.members() == 3);
    await().atMost(LONG).until(() -> n2.lastHellosAreApart("n1", true, rest));
    down(n3);
    await().atMost(LONG).until(() -> n2.lastHellosAreApart("n1", false, rest));
    up("n3");
    await().atMost(LONG).until(() -> n2.lastHellosAreApart("n1", true, rest));
  }

  @Test
  void aNodeThatComesBackAlone_formsNoClusterOfItsOwn() {
    TestNode n1 = up("n1");
    TestNode n2 = up("n2");
    TestNode n3 = up("n3");
    for (TestNode node : List.of(n1, n2, n3)) {
      TestNode.await(node.board.started());
    }
    List.of(n1, n2, n3).forEach(this::down);
    TestNode alone = up("n1");
    alone.leads.set(9);
    TestNode.await(alone.board.started());
    await().during(Duration.ofSeconds(2)).atMost(LONG).until(() -> alone.members() == 0);
    up("n2");
    await().atMost(LONG).until(() -> alone.members() == 2);
  }

  @Test
  void ofTwoPekkoClusters_theOneWithoutTheLeaderGivesWay() {
    TestNode n1 = up("n1");
    TestNode n2 = up("n2", "raft-actors.node.form-cluster = off");
    TestNode n3 = up("n3", "raft-actors.node.form-cluster = off");
    n1.leads.set(1);
    await().atMost(LONG).until(() -> n1.members() == 1);
    Cluster second = Cluster.get(n2.system);
    second.manager().tell(Join.create(second.selfMember().address()));
    await().atMost(LONG).until(() -> n2.members() == 1);
    Cluster.get(n3.system).manager().tell(Join.create(second.selfMember().address()));
    await().atMost(LONG).until(() -> n3.members() == 2);
    await().during(Duration.ofSeconds(2)).atMost(LONG).until(() -> !n1.gaveWay.isDone());
    n1.leads.set(0);
    n2.leads.set(2);
    assertThat(TestNode.await(n1.gaveWay).value()).isEqualTo("n2");
  }
}
