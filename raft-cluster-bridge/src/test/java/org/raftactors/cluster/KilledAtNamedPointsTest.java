package org.raftactors.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.raftactors.cluster.TestCluster.LONG;
import static org.raftactors.cluster.TestCluster.done;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.awaitility.core.ConditionFactory;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.raftactors.PartitionId;
import org.raftactors.PartitionStatus;
import org.raftactors.ProposalResult;
import org.raftactors.ReadLevel;
import org.raftactors.core.Role;

/**
 * A node whose process is killed at each step of taking and of installing a snapshot. It starts
 * again without any other node to help it, and must have all that it ever acknowledged, and a state
 * that was once everybody's; with the others, it must become equal to them.
 */
class KilledAtNamedPointsTest {

  private static final PartitionId FIRST = new PartitionId(1);
  private static final String KILLED = "n3";
  private static final int BATCH = 40;
  private static final int KEYS = 60;

  @TempDir Path directory;

  private final Map<Long, String> past = new ConcurrentHashMap<>();
  private final Map<String, String> acknowledged = new HashMap<>();
  private final List<ChildProcess> children = new ArrayList<>();
  private TestCluster cluster;
  private int written;

  @BeforeEach
  void create() {
    Assumptions.assumeFalse(System.getProperty("os.name").startsWith("Windows"), "no signals");
    cluster = new TestCluster(directory, "n1", "n2", KILLED);
  }

  @AfterEach
  void close() {
    children.forEach(ChildProcess::close);
    cluster.close();
  }

  @Test
  @DisplayName("F15: killed between any two steps of taking and installing a snapshot")
  void when_aNodeIsKilledBetweenTwoSteps_then_itHasAllThatItAcknowledged() throws Exception {
    cluster.up("n1", Chronicle.application(past), KilledNode.SETTINGS);
    cluster.up("n2", Chronicle.application(past), KilledNode.SETTINGS);
    ChildProcess child = startChild("first");
    cluster.awaitReady();
    write();
    for (KillPoint point : KillPoint.values()) {
      child.tell("arm " + point);
      child.answer("armed");
      if (point.isAboutInstalling()) {
        killWhileItInstalls(child);
      } else {
        killWhileItWrites(child);
      }
      assertThat(child.status()).as("%s%s", point, child.log()).isEqualTo(KillPoint.STATUS);
      long durable = durableThere();
      child = startChild();
      String[] restored = child.answer("restored").split(" ", 2);
      assertThat(Long.parseLong(restored[0]))
          .as("%s: its log", point)
          .isGreaterThanOrEqualTo(durable);
      assertThat(past.get(Chronicle.indexIn(restored[1])))
          .as("%s: its state, alone", point)
          .isEqualTo(restored[1]);
      child.tell("join");
      write();
      awaitEqual(child, point);
    }
    for (Map.Entry<String, String> each : acknowledged.entrySet()) {
      assertThat(cluster.read("n1", each.getKey(), ReadLevel.LINEARIZABLE))
          .isEqualTo(each.getValue());
    }
  }

  private ChildProcess startChild(String... more) throws IOException {
    List<String> arguments =
        new ArrayList<>(List.of(KILLED, directory.toString(), String.join(",", cluster.roster)));
    arguments.addAll(List.of(more));
    Path unpacked = Files.createDirectories(directory.resolve("native-" + children.size()));
    ChildProcess child = ChildProcess.start(unpacked, arguments.toArray(String[]::new));
    children.add(child);
    return child;
  }

  private void killWhileItWrites(ChildProcess child) {
    awaiting("it takes a snapshot")
        .until(
            () -> {
              if (child.isAlive()) {
                write();
              }
              return !child.isAlive();
            });
  }

  /**
   * It stands still until the others have forgotten what it lacks, and is sent a snapshot. What was
   * on its way to it when it stopped may reach further than that: then it stands still once more.
   */
  private void killWhileItInstalls(ChildProcess child) throws Exception {
    while (child.isAlive()) {
      long has = cluster.status("n1", FIRST).lastIndex(); // no less than it has
      child.signal("-STOP");
      awaiting("the others compact their logs")
          .until(
              () -> {
                write();
                return List.of("n1", "n2").stream()
                    .allMatch(id -> cluster.status(id, FIRST).snapshots().baseIndex() > has);
              });
      long last = cluster.status("n1", FIRST).lastIndex();
      child.signal("-CONT");
      try {
        awaiting("it installs, or had enough of the log")
            .until(() -> !child.isAlive() || durableThere() >= last);
      } catch (ConditionTimeoutException e) {
        throw new AssertionError(
            "it does not install: " + cluster.status("n1", FIRST) + child.log(), e);
      }
    }
  }

  /** Some keys at once; an outcome that nobody knows is tried again, which changes nothing. */
  private void write() {
    Map<String, String> batch = new HashMap<>();
    for (int i = 0; i < BATCH; i++) {
      batch.put("key" + written % KEYS, written++ + " " + "x".repeat(300));
    }
    awaiting("a batch is committed")
        .until(
            () -> {
              List<CompletionStage<ProposalResult<String>>> results = new ArrayList<>();
              RaftClient<String, String, String> client = cluster.get("n1").client();
              batch.forEach(
                  (key, text) ->
                      results.add(client.propose(key, key + "=" + text, Duration.ofSeconds(10))));
              return results.stream()
                  .allMatch(each -> done(each) instanceof ProposalResult.Committed);
            });
    acknowledged.putAll(batch);
  }

  /** What its leader knows to be durable there, or knew when it died. */
  private long durableThere() {
    return awaiting("a leader knows how far it is")
        .until(
            () -> {
              for (String id : List.of("n1", "n2")) {
                PartitionStatus status = cluster.status(id, FIRST);
                if (status.role() == Role.LEADER) {
                  return status.peers().stream()
                      .filter(peer -> peer.replica().value() == 3)
                      .mapToLong(PartitionStatus.Peer::matchIndex)
                      .max()
                      .orElse(0);
                }
              }
              return -1L;
            },
            match -> match >= 0);
  }

  private void awaitEqual(ChildProcess child, KillPoint point) {
    awaiting("after " + point + " it is equal to the others")
        .untilAsserted(
            () -> {
              child.tell("summary");
              String summary = child.answer("summary");
              assertThat(summary)
                  .isEqualTo(cluster.read("n1", Chronicle.SUMMARY, ReadLevel.LINEARIZABLE))
                  .isEqualTo(cluster.read("n2", Chronicle.SUMMARY, ReadLevel.LINEARIZABLE));
            });
  }

  private static ConditionFactory awaiting(String what) {
    return await(what).atMost(LONG).pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(20));
  }
}
