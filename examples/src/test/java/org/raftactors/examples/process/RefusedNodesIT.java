package org.raftactors.examples.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Nodes that must not take part say why, in one line, and end with a status that is not zero. */
class RefusedNodesIT {

  @RegisterExtension final TestCluster cluster = new TestCluster();

  @Test
  @DisplayName("78: a node that lost its disk ends, and the others go on")
  void when_aNodeMustNotTakePart_then_itEndsAndTheOthersGoOn() throws Exception {
    cluster.startAll();
    assertThat(cluster.client.put(cluster.node(1), "a", "1").status()).isEqualTo(200);

    NodeProcess samePort = cluster.process(1, elsewhere("port"), "same-port");
    refused(samePort, Integer.toString(cluster.port(1)));

    int freePort = FreePorts.find(1).get(0);
    NodeProcess sameHttpPort =
        cluster.process(1, freePort, cluster.node(1).httpPort(), elsewhere("http"), "same-http");
    refused(sameHttpPort, Integer.toString(cluster.node(1).httpPort()));

    int otherHttpPort = FreePorts.find(1).get(0);
    NodeProcess sameDirectory =
        cluster.process(2, freePort, otherHttpPort, cluster.dataDir(2), "same-directory");
    refused(sameDirectory, cluster.dataDir(2).toString());

    assertThat(cluster.node(3).terminate()).isZero();
    NodeProcess otherData = cluster.process(3, cluster.dataDir(2), "other-data");
    assertThat(cluster.node(2).terminate()).isZero();
    refused(otherData, "n2");
    cluster.node(2).start();
    cluster.awaitReady(cluster.node(2));

    TestCluster.delete(cluster.dataDir(3));
    NodeProcess wiped = cluster.process(3, cluster.dataDir(3), "wiped");
    refused(wiped, "n3");

    assertThat(cluster.client.put(cluster.node(1), "b", "2").status()).isEqualTo(200);
    assertThat(cluster.client.get(cluster.node(2), "/kv/a").body()).isEqualTo("1");
  }

  private Path elsewhere(String name) {
    return cluster.dataDir(1).resolveSibling("elsewhere-" + name);
  }

  private static void refused(NodeProcess node, String mentions) throws Exception {
    node.start();
    assertThat(node.awaitExit()).as("exit status").isEqualTo(1);
    assertThat(node.output().lines().filter(line -> line.startsWith("kv-node: ")))
        .as("what it says on stderr")
        .singleElement()
        .asString()
        .contains(mentions);
  }
}
