package org.raftactors.examples.kv;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.ServerBinding;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.raftactors.PartitionId;
import org.raftactors.SnapshotResult;
import org.raftactors.backup.BackupSource;
import org.raftactors.backup.BackupStream;
import org.raftactors.snapshot.SnapshotStore;

class KvAdminTest {

  /** Of partitions without snapshots, as many as wanted. */
  private record Source(List<PartitionId> partitions) implements BackupSource {
    @Override
    public String clusterId() {
      return "the-cluster";
    }

    @Override
    public CompletionStage<SnapshotStore.Content> snapshot(PartitionId partition) {
      return CompletableFuture.failedStage(new IOException("it knows no leader"));
    }
  }

  private final ActorSystem<Void> system = ActorSystem.create(Behaviors.empty(), "admin");
  private final FakeBackend backend = new FakeBackend();
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private String node = "";

  @TempDir Path directory;

  @BeforeEach
  void bind() throws Exception {
    ServerBinding binding =
        Http.get(system)
            .newServerAt("127.0.0.1", 0)
            .bind(new KvRoutes(backend, FakeBackend.limits()).create())
            .toCompletableFuture()
            .get(60, TimeUnit.SECONDS);
    node = "http://127.0.0.1:" + binding.localAddress().getPort();
  }

  @AfterEach
  void stop() throws Exception {
    system.terminate();
    system.getWhenTerminated().toCompletableFuture().get(60, TimeUnit.SECONDS);
  }

  private int admin(String... arguments) throws Exception {
    out.reset();
    err.reset();
    return new KvAdmin(
            node,
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8))
        .run(List.of(arguments));
  }

  private String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  private String err() {
    return err.toString(StandardCharsets.UTF_8);
  }

  @Test
  void badLines_areRefused() throws Exception {
    assertThat(admin("--help")).isZero();
    assertThat(out()).startsWith("Usage: kv-admin");
    assertThat(admin()).isEqualTo(2);
    assertThat(admin("reset")).isEqualTo(2);
    assertThat(err()).contains("'reset' is not a command");
    assertThat(admin("backup")).isEqualTo(2);
    assertThat(err()).contains("--out is missing");
    assertThat(admin("backup", "--out", "x", "--fast", "1")).isEqualTo(2);
    assertThat(err()).contains("'--fast' is not an argument of backup");
    assertThat(admin("backup", "--out")).isEqualTo(2);
    assertThat(admin("backup", "--out", "x", "--out", "y")).isEqualTo(2);
    assertThat(admin("backup", "--out", "x", "--nodes", "n1:80")).isEqualTo(2);
    assertThat(err()).contains("'n1:80' is not a node");
    assertThat(admin("verify")).isEqualTo(2);
    assertThat(admin("verify", " ")).isEqualTo(2);
    assertThat(admin("restore", "--from", "x")).isEqualTo(2);
    assertThat(admin("snapshot", "--partition", "one")).isEqualTo(2);
  }

  @Test
  void aBackup_isWritten_verified_andRestored_once() throws Exception {
    backend.nextBackup = new BackupStream(new Source(List.of()), 1);
    String file = directory.resolve("b").toString();
    assertThat(admin("backup", "--out", file)).as(err()).isZero();
    assertThat(out()).contains("of cluster the-cluster");
    assertThat(admin("verify", file)).isZero();
    assertThat(out()).contains("whole and undamaged");

    backend.nextBackup = new BackupStream(new Source(List.of()), 1);
    assertThat(admin("backup", "--out", file)).isEqualTo(1);
    assertThat(err()).contains(file, "never written over");

    String dataDir = directory.resolve("n1").toString();
    assertThat(admin("restore", "--from", file, "--data-dir", dataDir)).as(err()).isZero();
    assertThat(Path.of(dataDir + "-restored").resolve("backup")).exists();
    Files.createDirectories(Path.of(dataDir).resolve("something"));
    assertThat(admin("restore", "--from", file, "--data-dir", dataDir)).isEqualTo(1);
    assertThat(err()).contains(dataDir, "empty directories only");

    assertThat(admin("verify", directory.resolve("none").toString())).isEqualTo(1);
    assertThat(err()).contains("NoSuchFile", "none");
  }

  @Test
  void aNodeThatGivesUp_isNamedWithItsReason_andThereIsNoFile() throws Exception {
    Path file = directory.resolve("b");
    assertThat(admin("backup", "--out", file.toString())).isEqualTo(1);
    assertThat(err()).contains(node, "503", "has not started");
    backend.nextBackup = new BackupStream(new Source(List.of(new PartitionId(1))), 1);
    assertThat(admin("backup", "--out", file.toString())).isEqualTo(1);
    assertThat(err()).contains(node, "given up: p1: it knows no leader", "no node");
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void aSnapshot_isTakenAtEachNode() throws Exception {
    assertThat(admin("snapshot", "--partition", "1")).as(err()).isZero();
    assertThat(out()).contains(node, "\"taken\":true", "\"index\":7");
    backend.nextSnapshot =
        CompletableFuture.completedFuture(
            new SnapshotResult.NotTaken(SnapshotResult.Reason.FAILED, "the disk is full"));
    assertThat(admin("snapshot", "--partition", "1")).isEqualTo(1);
    assertThat(err()).contains(node, "the disk is full");
  }
}
