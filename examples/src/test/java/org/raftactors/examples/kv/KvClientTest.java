package org.raftactors.examples.kv;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.ServerBinding;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.raftactors.ProposalResult;
import org.raftactors.RejectReason;
import org.raftactors.UnknownReason;

class KvClientTest {

  private final ActorSystem<Void> system = ActorSystem.create(Behaviors.empty(), "client");
  private final FakeBackend backend = new FakeBackend();
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private List<String> nodes = List.of();

  @BeforeEach
  void bind() throws Exception {
    ServerBinding binding =
        Http.get(system)
            .newServerAt("127.0.0.1", 0)
            .bind(new KvRoutes(backend, FakeBackend.limits()).create())
            .toCompletableFuture()
            .get(60, TimeUnit.SECONDS);
    nodes = List.of(nobody(), "http://127.0.0.1:" + binding.localAddress().getPort());
  }

  @AfterEach
  void stop() throws Exception {
    system.terminate();
    system.getWhenTerminated().toCompletableFuture().get(60, TimeUnit.SECONDS);
  }

  /** An address at which nothing listens. */
  private static String nobody() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return "http://127.0.0.1:" + socket.getLocalPort();
    }
  }

  private int kv(List<String> nodes, String stdin, String... arguments) throws Exception {
    out.reset();
    err.reset();
    return new KvClient(
            nodes,
            new ByteArrayInputStream(stdin.getBytes(StandardCharsets.UTF_8)),
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8))
        .run(List.of(arguments));
  }

  private int kv(String... arguments) throws Exception {
    return kv(nodes, "", arguments);
  }

  private String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  private String err() {
    return err.toString(StandardCharsets.UTF_8);
  }

  @Test
  void putGetDelCas_withKeysOfAnyKind() throws Exception {
    String key = "a b/ü+%?";
    assertThat(kv("put", key, "1")).isZero();
    assertThat(kv("get", key)).isZero();
    assertThat(out()).isEqualTo("1");
    assertThat(kv("get", "--stale", key)).isZero();
    assertThat(kv("cas", key, "1", "\"2\"")).isZero();
    assertThat(kv("cas", key, "1", "3")).isEqualTo(1);
    assertThat(out()).contains("\"actual\":\"\\\"2\\\"\"");
    assertThat(kv("cas", "--absent", key, "3")).isEqualTo(1);
    assertThat(kv("del", key)).isZero();
    assertThat(kv("get", key)).isEqualTo(1);
    assertThat(kv(nodes, "from stdin", "put", key)).isZero();
    assertThat(kv("get", key)).isZero();
    assertThat(out()).isEqualTo("from stdin");
  }

  @Test
  void status_showsEveryNode_andSaysWhichCannotBeReached() throws Exception {
    assertThat(kv("status")).isEqualTo(3);
    assertThat(out()).contains("partition 1: leader", "commit 7");
    assertThat(err()).containsOnlyOnce("cannot be reached");
  }

  @Test
  void exitStatus_tellsRejectedFromUnknown() throws Exception {
    backend.nextProposal =
        CompletableFuture.completedFuture(
            new ProposalResult.Rejected<>(
                RejectReason.UNAVAILABLE, Optional.empty(), Duration.ZERO));
    assertThat(kv("put", "a", "1")).isEqualTo(3);
    backend.nextProposal =
        CompletableFuture.completedFuture(new ProposalResult.Unknown<>(UnknownReason.STOPPED));
    assertThat(kv("put", "a", "1")).isEqualTo(4);
    assertThat(kv(List.of(nodes.get(0)), "", "put", "a", "1")).isEqualTo(3);
    assertThat(err()).contains("no node can be reached");
  }

  @Test
  void badLine_showsUsage() throws Exception {
    assertThat(kv()).isEqualTo(2);
    assertThat(kv("put")).isEqualTo(2);
    assertThat(err()).contains("Usage: kv put KEY");
    assertThat(kv("--help")).isZero();
    assertThat(kv("put", "k".repeat(21), "1")).isEqualTo(2);
    assertThat(err()).contains("at most 20 bytes");
  }

  @Test
  void badNodes_areRefusedAndNoKeyCalledAbsent() throws Exception {
    for (String bad : List.of("", "localhost:8081", "ht tp://x", "http://x/kv", "http://:80")) {
      assertThat(kv(List.of(bad), "", "get", "a")).as(bad).isEqualTo(2);
      assertThat(err()).contains("KV_NODES has '" + bad + "'");
    }
    // The path of this key is /, which is not in the store.
    assertThat(kv("get", "..")).isEqualTo(2);
  }
}
