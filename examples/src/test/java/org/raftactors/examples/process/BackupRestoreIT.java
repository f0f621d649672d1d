package org.raftactors.examples.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.raftactors.examples.process.TestCluster.awaiting;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A cluster is backed up while it is written to, and another one begins with that. */
class BackupRestoreIT {

  private static final Path ADMIN = Path.of("bin", "kv-admin").toAbsolutePath();
  private static final Pattern CLUSTER_ID = Pattern.compile("of cluster ([0-9a-f-]{36}) runs");

  /** Together more than the heap of the program that writes the backup. */
  private static final int LARGE_VALUES = 400;

  private static final int LARGE = 60_000;

  @RegisterExtension final TestCluster old = new TestCluster("old", List.of());
  @RegisterExtension final TestCluster restored = new TestCluster("restored", List.of());

  private record Ended(int status, String output) {}

  private Ended admin(Path directory, String... arguments) throws Exception {
    Path output = Files.createTempFile(directory, "admin", ".out");
    List<String> command = new ArrayList<>(List.of(ADMIN.toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().put("JAVA_OPTS", "-Xmx16m -XX:+UseSerialGC");
    Process process = builder.start();
    assertThat(process.waitFor(300, TimeUnit.SECONDS)).as("%s ends", command).isTrue();
    return new Ended(process.exitValue(), Files.readString(output));
  }

  private static String large(int i) {
    return ("value " + i + " ").repeat(LARGE / 8).substring(0, LARGE);
  }

  private static String clusterId(NodeProcess node) throws IOException {
    Matcher matcher = CLUSTER_ID.matcher(node.output());
    assertThat(matcher.find()).as("%s says its cluster", node).isTrue();
    return matcher.group(1);
  }

  @Test
  void aBackupUnderLoad_becomesANewCluster_thatHasAllThatWasAcknowledgedBefore() throws Exception {
    old.startAll();
    Path directory = Files.createDirectories(old.dataDir(1).resolveSibling("backups"));
    Path backup = directory.resolve("kv.backup");
    for (int i = 0; i < LARGE_VALUES; i++) {
      put(old.node(1 + i % 3), "large" + i, large(i));
    }
    AtomicInteger acknowledged = new AtomicInteger();
    AtomicBoolean stop = new AtomicBoolean();
    Thread writer =
        new Thread(
            () -> {
              while (!stop.get()) {
                int next = acknowledged.get() + 1;
                if (old.client.put(old.node(1 + next % 3), "w" + next, "v" + next).status()
                    == 200) {
                  acknowledged.set(next);
                }
              }
            });
    writer.start();
    awaiting("the writer writes").until(() -> acknowledged.get() > 20);
    int before = acknowledged.get();
    String nodes =
        old.nodes().stream()
            .map(node -> "http://" + node.host() + ":" + node.httpPort())
            .collect(Collectors.joining(","));
    Ended made = admin(directory, "backup", "--out", backup.toString(), "--nodes", nodes);
    assertThat(made.status()).as(made.output()).isZero();
    assertThat(made.output()).contains("of cluster " + clusterId(old.node(1)));
    awaiting("it still writes").until(() -> acknowledged.get() > before);
    stop.set(true);
    writer.join();
    assertThat(Files.size(backup)).isGreaterThan((long) LARGE_VALUES * LARGE);

    verifies(directory, backup);
    overData(directory, backup);
    for (NodeProcess node : old.nodes()) {
      node.kill();
    }
    for (int i = 1; i <= 3; i++) {
      String dataDir = restored.dataDir(i).toString();
      Ended done = admin(directory, "restore", "--from", backup.toString(), "--data-dir", dataDir);
      assertThat(done.status()).as(done.output()).isZero();
    }
    restored.startAll();
    assertThat(clusterId(restored.node(1)))
        .isEqualTo(clusterId(restored.node(3)))
        .isNotEqualTo(clusterId(old.node(1)));
    for (int i = 1; i <= before; i++) {
      assertThat(get("w" + i)).isEqualTo("v" + i);
    }
    for (int i = 0; i < LARGE_VALUES; i++) {
      assertThat(get("large" + i)).isEqualTo(large(i));
    }
    put(restored.node(2), "new", "1");
    restored.awaitAgreement();
    oldNodesAreRefused();
  }

  private void put(NodeProcess node, String key, String value) {
    awaiting(key + " is written").until(() -> old.client.put(node, key, value).status() == 200);
  }

  private String get(String key) {
    return awaiting(key + " is read")
        .until(
            () -> restored.client.get(restored.node(1), "/kv/" + key),
            reply -> reply.status() == 200 || reply.status() == 404)
        .body();
  }

  private void verifies(Path directory, Path backup) throws Exception {
    Ended good = admin(directory, "verify", backup.toString());
    assertThat(good.status()).as(good.output()).isZero();
    byte[] bytes = Files.readAllBytes(backup);
    bytes[bytes.length / 2] ^= 16;
    Path damaged = Files.write(directory.resolve("damaged.backup"), bytes);
    Ended bad = admin(directory, "verify", damaged.toString());
    assertThat(bad.status()).isEqualTo(1);
    assertThat(bad.output()).containsPattern("partition [123], byte \\d+: .*checksum of chunk");
    String dataDir = restored.dataDir(1).toString();
    Ended none = admin(directory, "restore", "--from", damaged.toString(), "--data-dir", dataDir);
    assertThat(none.status()).isEqualTo(1);
    assertThat(Path.of(dataDir + "-restored")).doesNotExist();
  }

  private void overData(Path directory, Path backup) throws Exception {
    String dataDir = old.dataDir(2).toString();
    Ended refused = admin(directory, "restore", "--from", backup.toString(), "--data-dir", dataDir);
    assertThat(refused.status()).isEqualTo(1);
    assertThat(refused.output()).contains(dataDir, "empty directories only");
  }

  /** One of the old cluster's that comes with its data to the place of one of the new. */
  private void oldNodesAreRefused() throws Exception {
    assertThat(restored.node(3).terminate()).isZero();
    NodeProcess stranger = restored.process(3, old.dataDir(3), "stranger");
    stranger.start();
    assertThat(stranger.awaitExit()).isIn(1, 78);
    assertThat(stranger.output()).contains("belongs to cluster");
    restored.node(3).start();
    restored.awaitReady(restored.node(3));
    restored.awaitAgreement();
  }
}
