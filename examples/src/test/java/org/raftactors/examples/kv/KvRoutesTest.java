package org.raftactors.examples.kv;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.typesafe.config.ConfigFactory;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.ServerBinding;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.raftactors.PartitionId;
import org.raftactors.ProposalResult;
import org.raftactors.ReadLevel;
import org.raftactors.ReadResult;
import org.raftactors.RejectReason;
import org.raftactors.SnapshotResult;
import org.raftactors.Token;
import org.raftactors.UnknownReason;

/** The routes over a real socket, with a store of one replica behind them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KvRoutesTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient http = HttpClient.newHttpClient();
  private ActorSystem<Void> system = startSystem();
  private FakeBackend backend = new FakeBackend();
  private String base = "";

  private static ActorSystem<Void> startSystem() {
    return ActorSystem.create(
        Behaviors.empty(),
        "routes",
        ConfigFactory.parseString("pekko.http.server.request-timeout = 2s")
            .withFallback(ConfigFactory.load()));
  }

  @BeforeEach
  void bind() throws Exception {
    backend = new FakeBackend();
    ServerBinding binding =
        Http.get(system)
            .newServerAt("127.0.0.1", 0)
            .bind(new KvRoutes(backend, FakeBackend.limits()).create())
            .toCompletableFuture()
            .get(60, TimeUnit.SECONDS);
    base = "http://127.0.0.1:" + binding.localAddress().getPort();
  }

  @AfterAll
  void stop() throws Exception {
    system.terminate();
    system.getWhenTerminated().toCompletableFuture().get(60, TimeUnit.SECONDS);
  }

  @Test
  void put_get_delete() throws Exception {
    HttpResponse<byte[]> put = put("/kv/a", "value");
    assertThat(put.statusCode()).isEqualTo(200);
    assertThat(json(put).get("index").asLong()).isEqualTo(1);
    assertThat(json(put).get("term").asLong()).isEqualTo(5);
    assertThat(json(put).get("partition").asLong()).isEqualTo(1);

    HttpResponse<byte[]> got = get("/kv/a");
    assertThat(got.statusCode()).isEqualTo(200);
    assertThat(got.body()).asString(StandardCharsets.UTF_8).isEqualTo("value");
    assertThat(Token.parse(header(got, "Raft-Token")))
        .isEqualTo(new Token(new PartitionId(1), 1, 5, 1));
    assertThat(header(got, "Kv-Index")).isEqualTo("1");
    assertThat(header(got, "Kv-Version")).isEqualTo("1");

    HttpResponse<byte[]> deleted = send("DELETE", "/kv/a", "");
    assertThat(deleted.statusCode()).isEqualTo(200);
    assertThat(json(deleted).get("deleted").asBoolean()).isTrue();
    HttpResponse<byte[]> absent = get("/kv/a");
    assertThat(absent.statusCode()).isEqualTo(404);
    assertThat(header(absent, "Raft-Token")).isEqualTo("1.1.5.2");
  }

  @Test
  void get_level() throws Exception {
    assertThat(get("/kv/a").statusCode()).isEqualTo(404);
    assertThat(get("/kv/a?level=linearizable").statusCode()).isEqualTo(404);
    assertThat(get("/kv/a?level=stale").statusCode()).isEqualTo(404);
    assertThat(get("/kv/a?level=stale&maxLagMs=250").statusCode()).isEqualTo(404);
    assertThat(backend.levels)
        .containsExactly(
            ReadLevel.LINEARIZABLE,
            ReadLevel.LINEARIZABLE,
            ReadLevel.stale(Duration.ofSeconds(10)),
            ReadLevel.stale(Duration.ofMillis(250)));
    badRequest(get("/kv/a?level=fresh"), "'fresh'");
    badRequest(get("/kv/a?maxLagMs=1"), "maxLagMs");
    badRequest(get("/kv/a?level=stale&maxLagMs=soon"), "'soon'");
  }

  @Test
  void keys_keepWhatIsEncodedApart() throws Exception {
    put("/kv/a%2Fcas", "slash");
    put("/kv/gr%C3%BCn", "umlaut");
    assertThat(backend.machine.query(new KvQuery.Get("a/cas"))).isInstanceOf(KvResult.Found.class);
    assertThat(backend.machine.query(new KvQuery.Get("grün"))).isInstanceOf(KvResult.Found.class);
    badRequest(put("/kv/%FF", "x"), "UTF-8");
    badRequest(put("/kv/", "x"), "missing");
  }

  @Test
  void tooLarge_is413_atExactlyOneByteTooMuch() throws Exception {
    assertThat(put("/kv/" + "k".repeat(20), "v".repeat(100)).statusCode()).isEqualTo(200);
    assertThat(put("/kv/" + "k".repeat(21), "v").statusCode()).isEqualTo(413);
    assertThat(get("/kv/" + "%C3%BC".repeat(11)).statusCode()).isEqualTo(413);
    HttpResponse<byte[]> value = put("/kv/a", "v".repeat(101));
    assertThat(value.statusCode()).isEqualTo(413);
    assertThat(json(value).get("message").asText()).contains("at most 100 bytes");
    assertThat(cas("a", "{\"expect\":null,\"update\":\"" + "ü".repeat(51) + "\"}").statusCode())
        .isEqualTo(413);
    assertThat(get("/kv/a").statusCode()).isEqualTo(404);
  }

  @Test
  void tooLarge_chunkedBody_is413() throws Exception {
    HttpRequest chunked =
        HttpRequest.newBuilder(URI.create(base + "/kv/a"))
            .PUT(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(new byte[101])))
            .build();
    assertThat(http.send(chunked, HttpResponse.BodyHandlers.ofByteArray()).statusCode())
        .isEqualTo(413);
  }

  /** Pekko has a limit of its own for bodies that are read as a whole. */
  @Test
  void tooLarge_beyondPekkosOwnLimit_is413() throws Exception {
    HttpResponse<byte[]> huge = put("/kv/a", "v".repeat(9 << 20));
    assertThat(huge.statusCode()).isEqualTo(413);
    assertThat(json(huge).get("message").asText()).contains("at most 100 bytes");
  }

  @Test
  void addressesThatNoServerReads_areAnsweredAsJsonToo() throws Exception {
    HttpResponse<byte[]> endless = get("/kv/" + "a".repeat(9_000));
    assertThat(endless.statusCode()).isEqualTo(413);
    assertThat(json(endless).get("error").asText()).isEqualTo("too-large");
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), URI.create(base).getPort())) {
      socket.getOutputStream().write("GET /kv/%zz HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(UTF_8));
      assertThat(
              new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8)).readLine())
          .isEqualTo("HTTP/1.1 400 Bad Request");
    }
  }

  @Test
  void whatNoRouteTakes_isAnsweredAsJsonToo() throws Exception {
    badRequest(put("/kv/a/b", "x"), "%2F");
    badRequest(get("/kv/a/b/cas"), "%2F");
    badRequest(get("/kv-digest"), "[1]");
    HttpResponse<byte[]> nothing = put("/nothing", "x");
    assertThat(nothing.statusCode()).isEqualTo(404);
    assertThat(json(nothing).get("error").asText()).isEqualTo("no-such-path");
    for (String path : new String[] {"/kv/a", "/health/live", "/raft/partitions"}) {
      HttpResponse<byte[]> posted = send("POST", path, "x");
      assertThat(posted.statusCode()).isEqualTo(405);
      assertThat(header(posted, "Allow")).startsWith("GET");
      assertThat(header(posted, "Content-Type")).isEqualTo("application/json");
      assertThat(json(posted).get("error").asText()).isEqualTo("method-not-allowed");
    }
    assertThat(get("/kv/a/cas").statusCode()).isEqualTo(405);
    HttpResponse<byte[]> head = send("HEAD", "/health/ready", "");
    assertThat(head.statusCode()).isEqualTo(200);
    assertThat(head.body()).isEmpty();
  }

  @Test
  void cas_swapsOrTellsWhatIsThere() throws Exception {
    JsonNode created = json(cas("a", "{\"expect\":null,\"update\":\"1\"}"));
    assertThat(created.get("swapped").asBoolean()).isTrue();
    assertThat(created.get("actual").isNull()).isTrue();
    JsonNode refused = json(cas("a", "{\"expect\":\"0\",\"update\":\"2\"}"));
    assertThat(refused.get("swapped").asBoolean()).isFalse();
    assertThat(refused.get("actual").asText()).isEqualTo("1");
    JsonNode swapped = json(cas("a", "{\"expect\":\"1\",\"update\":\"2\"}"));
    assertThat(swapped.get("swapped").asBoolean()).isTrue();
    assertThat(get("/kv/a").body()).asString(StandardCharsets.UTF_8).isEqualTo("2");
  }

  @Test
  void cas_onBytesThatAreNoText_is409() throws Exception {
    http.send(
        HttpRequest.newBuilder(URI.create(base + "/kv/a"))
            .PUT(BodyPublishers.ofByteArray(new byte[] {(byte) 0xFF}))
            .build(),
        HttpResponse.BodyHandlers.ofByteArray());
    assertThat(cas("a", "{\"expect\":null,\"update\":\"1\"}").statusCode()).isEqualTo(409);
  }

  @Test
  void cas_badBodies_are400_sayingWhatIsWrong() throws Exception {
    badRequest(cas("a", ""), "object");
    badRequest(cas("a", "{"), "not JSON");
    badRequest(cas("a", "[]"), "object");
    badRequest(cas("a", "{\"update\":\"1\"}"), "'expect'");
    badRequest(cas("a", "{\"expect\":1,\"update\":\"1\"}"), "'expect'");
    badRequest(cas("a", "{\"expect\":null}"), "'update'");
    badRequest(cas("a", "{\"expect\":null,\"update\":null}"), "'update'");
    badRequest(cas("a", "{\"expect\":null,\"update\":\"1\",\"ttl\":1}"), "'ttl'");
    badRequest(cas("a", "{\"expect\":null,\"update\":\"1\"} x"), "not JSON");
    badRequest(cas("a", "{\"expect\":null,\"update\":\"1\",\"update\":\"2\"}"), "not JSON");
    badRequest(cas("a", "{\"expect\":null,\"update\":\"\\ud800\"}"), "surrogate");
    assertThat(get("/kv/a").statusCode()).isEqualTo(404);
  }

  @Test
  void rejected_is503_unknown_is504() throws Exception {
    backend.nextProposal =
        CompletableFuture.completedFuture(
            new ProposalResult.Rejected<>(
                RejectReason.NOT_LEADER, Optional.empty(), Duration.ofMillis(150)));
    HttpResponse<byte[]> rejected = put("/kv/a", "x");
    assertThat(rejected.statusCode()).isEqualTo(503);
    assertThat(json(rejected).toString())
        .isEqualTo("{\"error\":\"rejected\",\"reason\":\"not-leader\",\"retryAfterMs\":150}");

    backend.nextProposal =
        CompletableFuture.completedFuture(
            new ProposalResult.Unknown<>(UnknownReason.LEADERSHIP_LOST));
    HttpResponse<byte[]> unknown = put("/kv/a", "x");
    assertThat(unknown.statusCode()).isEqualTo(504);
    assertThat(json(unknown).toString())
        .isEqualTo("{\"error\":\"unknown\",\"reason\":\"leadership-lost\"}");

    backend.nextProposal =
        CompletableFuture.completedFuture(
            new ProposalResult.Rejected<>(RejectReason.TOO_LARGE, Optional.empty(), Duration.ZERO));
    assertThat(put("/kv/a", "x").statusCode()).isEqualTo(413);

    backend.nextProposal = CompletableFuture.failedFuture(new IllegalStateException("broken"));
    assertThat(put("/kv/a", "x").statusCode()).isEqualTo(504);
  }

  @Test
  void writeWithoutAnswer_is504_readWithoutAnswer_is503() throws Exception {
    backend.nextProposal = new CompletableFuture<>();
    HttpResponse<byte[]> write = put("/kv/a", "x");
    assertThat(write.statusCode()).isEqualTo(504);
    assertThat(json(write).get("error").asText()).isEqualTo("unknown");
    backend.nextRead = new CompletableFuture<>();
    HttpResponse<byte[]> read = get("/kv/a");
    assertThat(read.statusCode()).isEqualTo(503);
    assertThat(json(read).get("error").asText()).isEqualTo("rejected");
    backend.nextRead =
        CompletableFuture.completedFuture(
            new ReadResult.Rejected<>(
                RejectReason.RESTORING, Optional.empty(), Duration.ofMillis(9)));
    assertThat(json(get("/kv/a")).toString())
        .isEqualTo("{\"error\":\"rejected\",\"reason\":\"restoring\",\"retryAfterMs\":9}");
  }

  @Test
  void partitions_healthAndDigest() throws Exception {
    JsonNode partition = json(get("/raft/partitions")).get("partitions").get(0);
    assertThat(partition.get("id").asLong()).isEqualTo(1);
    assertThat(partition.get("role").asText()).isEqualTo("leader");
    assertThat(partition.get("term").asLong()).isEqualTo(5);
    assertThat(partition.get("leader").asText()).isEqualTo("n1");
    assertThat(partition.get("commitIndex").asLong()).isEqualTo(7);
    assertThat(partition.get("appliedIndex").asLong()).isEqualTo(6);
    assertThat(partition.get("lastIndex").asLong()).isEqualTo(9);
    assertThat(partition.get("voters").toString()).isEqualTo("[\"n1\",\"n2\",\"n3\"]");
    assertThat(json(get("/cluster/members")).get("members").get(0).get("status").asText())
        .isEqualTo("up");
    assertThat(get("/health/live").statusCode()).isEqualTo(200);
    assertThat(get("/health/ready").statusCode()).isEqualTo(200);
    backend.ready = false;
    assertThat(get("/health/ready").statusCode()).isEqualTo(503);
    put("/kv/a", "x");
    JsonNode digest = json(get("/kv-digest?partition=1"));
    assertThat(digest.get("keys").asLong()).isEqualTo(1);
    assertThat(digest.get("lastCommandIndex").asLong()).isEqualTo(1);
    badRequest(get("/kv-digest?partition=2"), "[1]");
  }

  @Test
  void snapshots_areTakenOnRequest() throws Exception {
    HttpResponse<byte[]> taken = send("POST", "/raft/snapshot?partition=1", "");
    assertThat(taken.statusCode()).isEqualTo(200);
    assertThat(json(taken).get("taken").asBoolean()).isTrue();
    assertThat(json(taken).get("index").asLong()).isEqualTo(7);
    badRequest(send("POST", "/raft/snapshot?partition=2", ""), "[1]");
    for (SnapshotResult.Reason reason : SnapshotResult.Reason.values()) {
      backend.nextSnapshot =
          CompletableFuture.completedFuture(new SnapshotResult.NotTaken(reason, "because"));
      HttpResponse<byte[]> none = send("POST", "/raft/snapshot?partition=1", "");
      boolean never =
          reason == SnapshotResult.Reason.UNSUPPORTED || reason == SnapshotResult.Reason.FAILED;
      assertThat(none.statusCode()).as("%s", reason).isEqualTo(never ? 500 : 503);
      assertThat(json(none).get("message").asText()).isEqualTo("because");
    }
    backend.nextSnapshot = CompletableFuture.failedFuture(new TimeoutException());
    assertThat(send("POST", "/raft/snapshot?partition=1", "").statusCode()).isEqualTo(504);
  }

  @Test
  void aBackup_isStreamed() throws Exception {
    assertThat(get("/raft/backup").statusCode()).isEqualTo(503);
    byte[] bytes = "x".repeat(1_000_000).getBytes(UTF_8);
    backend.nextBackup = new ByteArrayInputStream(bytes);
    HttpResponse<byte[]> streamed = get("/raft/backup");
    assertThat(streamed.statusCode()).isEqualTo(200);
    assertThat(streamed.body()).isEqualTo(bytes);
  }

  @Test
  void storage_tellsDamage_andIsScrubbedOnRequest() throws Exception {
    JsonNode storage = json(get("/raft/storage"));
    assertThat(storage.get("verdict").asText()).isEqualTo("sound");
    assertThat(storage.get("damages").get(0).get("sequenceNr").asLong()).isEqualTo(7);
    assertThat(storage.get("scrub").get("complete").asBoolean()).isTrue();
    assertThat(send("POST", "/raft/scrub", "").statusCode()).isEqualTo(202);
    assertThat(get("/raft/scrub").statusCode()).isEqualTo(405);
    backend.started = false;
    assertThat(get("/raft/storage").statusCode()).isEqualTo(503);
    assertThat(send("POST", "/raft/scrub", "").statusCode()).isEqualTo(503);
  }

  private void badRequest(HttpResponse<byte[]> response, String inMessage) throws Exception {
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(json(response).get("error").asText()).isEqualTo("bad-request");
    assertThat(json(response).get("message").asText()).contains(inMessage);
  }

  private HttpResponse<byte[]> put(String path, String body) throws Exception {
    return send("PUT", path, body);
  }

  private HttpResponse<byte[]> get(String path) throws Exception {
    return send("GET", path, "");
  }

  private HttpResponse<byte[]> cas(String key, String body) throws Exception {
    return send("POST", "/kv/" + key + "/cas", body);
  }

  private HttpResponse<byte[]> send(String method, String path, String body) throws Exception {
    return http.send(
        HttpRequest.newBuilder(URI.create(base + path))
            .timeout(Duration.ofSeconds(60))
            .method(
                method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
            .build(),
        HttpResponse.BodyHandlers.ofByteArray());
  }

  private static JsonNode json(HttpResponse<byte[]> response) throws Exception {
    return JSON.readTree(response.body());
  }

  private static String header(HttpResponse<byte[]> response, String name) {
    return response.headers().firstValue(name).orElse("");
  }
}
