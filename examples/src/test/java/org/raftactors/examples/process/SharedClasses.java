package org.raftactors.examples.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.raftactors.examples.process.TestCluster.HOST;
import static org.raftactors.examples.process.TestCluster.awaiting;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The JVM's archive of the classes that a node loads. The process tests start some fifty nodes, and
 * a start is mostly loading of classes: with the archive it takes little more than half the work.
 */
public final class SharedClasses {

  private static final Path SCRIPT = Path.of("bin", "kv-node");
  private static final Path ROOT = Path.of("target", "process-tests", "SharedClasses");

  private static boolean prepared;

  private SharedClasses() {}

  /**
   * Makes the archive, once in each run of the tests.
   *
   * @throws IOException if files cannot be written
   * @throws InterruptedException if the waiting for the node is interrupted
   */
  public static synchronized void prepare() throws IOException, InterruptedException {
    if (prepared) {
      return;
    }
    prepared = true;
    Path archive = NodeProcess.classArchive(SCRIPT);
    Files.deleteIfExists(archive);
    TestCluster.delete(ROOT);
    List<Integer> ports = FreePorts.find(2);
    NodeProcess node =
        NodeProcess.archiving(
            SCRIPT,
            InetSocketAddress.createUnresolved(HOST, ports.get(1)),
            List.of(
                "--node-id",
                "n1",
                "--host",
                HOST,
                "--port",
                Integer.toString(ports.get(0)),
                "--http-port",
                Integer.toString(ports.get(1)),
                "--seeds",
                "n1@" + HOST + ":" + ports.get(0),
                "--data-dir",
                ROOT.resolve("data").toAbsolutePath().toString()),
            ROOT.resolve("node.log"));
    node.start();
    try {
      NodeClient client = new NodeClient();
      awaiting("the lone node serves").until(() -> client.put(node, "a", "1").status() == 200);
      assertThat(node.terminate()).as(node.outputTail(60)).isZero();
      assertThat(archive).as(node.outputTail(60)).exists();
    } finally {
      if (node.isAlive()) {
        node.kill();
      }
    }
    TestCluster.delete(ROOT.resolve("data"));
  }
}
