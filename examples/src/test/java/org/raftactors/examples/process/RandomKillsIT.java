package org.raftactors.examples.process;

import static org.awaitility.Awaitility.await;
import static org.raftactors.examples.process.TestCluster.awaiting;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Nodes killed, terminated and paused at random under load, for as long as {@code -Dkills.seconds}
 * says; {@code -Dkills.seed} repeats a schedule. Not part of every build: {@link KilledNodesIT} is.
 */
@EnabledIfSystemProperty(named = "kills.seconds", matches = "[0-9]+")
class RandomKillsIT {

  private enum Blow {
    KILL_ONE,
    KILL_TWO,
    KILL_ALL,
    TERMINATE_ONE,
    PAUSE_ONE,
    PAUSE_TWO,
    PAUSE_ONE_KILL_ANOTHER
  }

  private static final int WRITERS_OF_EACH_NODE = 4;

  @RegisterExtension final TestCluster cluster = new TestCluster();

  private final long seed = Long.getLong("kills.seed", System.nanoTime());
  private final Random random = new Random(seed);

  @Test
  void when_nodesAreStruckAtRandom_then_nothingAcknowledgedIsLost() throws Exception {
    System.err.println("RandomKillsIT: -Dkills.seed=" + seed);
    cluster.startAll();
    List<Attempt> attempts;
    int blows = 0;
    try (Workload load = new Workload(cluster.nodes(), WRITERS_OF_EACH_NODE)) {
      load.awaitProgress(cluster.nodes(), 20);
      long end = System.nanoTime() + Duration.ofSeconds(Long.getLong("kills.seconds")).toNanos();
      while (System.nanoTime() - end < 0) {
        strike(Blow.values()[random.nextInt(Blow.values().length)]);
        blows++;
        passTime(3_000);
        if (blows % 5 == 0) {
          recover(load);
        }
      }
      recover(load);
      attempts = load.stop();
    }
    System.err.println("RandomKillsIT: " + blows + " blows, " + Verdict.check(cluster, attempts));
  }

  private void strike(Blow blow) throws Exception {
    List<NodeProcess> nodes = new ArrayList<>(cluster.nodes());
    Collections.shuffle(nodes, random);
    switch (blow) {
      case KILL_ONE -> strike(nodes.subList(0, 1), List.of());
      case KILL_TWO -> strike(nodes.subList(0, 2), List.of());
      case KILL_ALL -> strike(nodes, List.of());
      case PAUSE_ONE -> strike(List.of(), nodes.subList(0, 1));
      case PAUSE_TWO -> strike(List.of(), nodes.subList(0, 2));
      case PAUSE_ONE_KILL_ANOTHER -> strike(nodes.subList(0, 1), nodes.subList(1, 2));
      case TERMINATE_ONE -> {
        if (nodes.get(0).isAlive()) {
          nodes.get(0).terminate();
        }
        startTheDead();
      }
      default -> throw new IllegalStateException("no such blow: " + blow);
    }
  }

  private void strike(List<NodeProcess> killed, List<NodeProcess> paused) throws Exception {
    List<NodeProcess> stopped = paused.stream().filter(NodeProcess::isAlive).toList();
    for (NodeProcess node : stopped) {
      node.pause();
    }
    for (NodeProcess node : killed) {
      if (node.isAlive()) {
        node.kill();
      }
    }
    passTime(4_000);
    startTheDead();
    passTime(2_000);
    for (NodeProcess node : stopped) {
      node.goOn();
    }
  }

  /** As a supervisor would: also what ended by itself, to start afresh. */
  private void startTheDead() throws Exception {
    for (NodeProcess node : cluster.nodes()) {
      if (!node.isAlive()) {
        node.start();
      }
    }
  }

  private void recover(Workload load) {
    awaiting("all nodes are ready")
        .until(
            () -> {
              startTheDead();
              return cluster.nodes().stream()
                  .allMatch(node -> cluster.client.get(node, "/health/ready").status() == 200);
            });
    load.awaitProgress(cluster.nodes(), 20);
  }

  /** The schedule's own time: nothing is waited for. */
  private void passTime(int atMostMillis) {
    await().pollDelay(Duration.ofMillis(1 + random.nextInt(atMostMillis))).until(() -> true);
  }
}
