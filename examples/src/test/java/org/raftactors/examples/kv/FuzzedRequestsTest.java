package org.raftactors.examples.kv;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.typesafe.config.ConfigFactory;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Requests that nobody should send, over a real socket: each gets an answer of the form of all
 * others that says what is wrong, or is obeyed if there is nothing wrong with it, and the next one
 * is served. {@code -Dfuzz.seed=N -Dfuzz.requests=N} for others and more.
 */
class FuzzedRequestsTest {

  private static final long SEED = Long.getLong("fuzz.seed", 20261121);
  private static final int REQUESTS = Integer.getInteger("fuzz.requests", 500);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int TIMEOUT_MILLIS = 60_000;
  private static final int MAX_KEY_BYTES = FakeBackend.limits().maxKeyBytes();

  private static final List<String> METHODS =
      List.of(
          "GET",
          "PUT",
          "POST",
          "DELETE",
          "HEAD",
          "PATCH",
          "OPTIONS",
          "TRACE",
          "CONNECT",
          "BREW",
          "get",
          "P@T",
          "X".repeat(100));
  private static final List<String> ODD =
      List.of(
          "%",
          "%zz",
          "%2",
          "%00",
          "%FF",
          "%C3",
          "%ED%A0%80",
          "%F4%90%80%80",
          "%C0%AF",
          "%2F",
          "%E2%82%AC",
          "\u0000",
          "\u00ff",
          " ",
          "\t",
          "..",
          ";",
          "+",
          "&",
          "=",
          "#",
          "?",
          "\\",
          "%EF%BF%BD",
          "%u20AC",
          "k".repeat(21),
          "%41".repeat(3_000));
  private static final List<String> BODIES =
      List.of(
          "",
          "v",
          "{\"expect\":null,\"update\":\"x\"}",
          "{\"expect\":\"\\ud800\",\"update\":\"x\"}",
          "{\"expect\":null,\"update\":\"\u00ff\u00c3\"}",
          "{\"expect\":null,\"update\":\"" + "v".repeat(101) + "\"}",
          "[".repeat(2_000),
          "{\"a\":".repeat(2_000),
          "1e999999999",
          "v".repeat(101),
          "v".repeat(200_000));

  private static ActorSystem<Void> system;
  private static int port;

  @BeforeAll
  static void start() throws Exception {
    system =
        ActorSystem.create(
            Behaviors.empty(),
            "fuzzed",
            ConfigFactory.parseString("pekko { loglevel = OFF, stdout-loglevel = OFF }")
                .withFallback(ConfigFactory.load()));
    port =
        Http.get(system)
            .newServerAt("127.0.0.1", 0)
            .bind(new KvRoutes(new FakeBackend(), FakeBackend.limits()).create())
            .toCompletableFuture()
            .get(TIMEOUT_MILLIS, TimeUnit.MILLISECONDS)
            .localAddress()
            .getPort();
  }

  @AfterAll
  static void stop() throws Exception {
    system.terminate();
    system.getWhenTerminated().toCompletableFuture().get(TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** An answer as it came over the wire. */
  private record Answer(int status, String body) {}

  private final SplittableRandom random = new SplittableRandom(SEED);

  private <T> T any(List<T> of) {
    return of.get(random.nextInt(of.size()));
  }

  private boolean oneIn(int number) {
    return random.nextInt(number) == 0;
  }

  private String key() {
    StringBuilder key = new StringBuilder();
    for (int parts = random.nextInt(4); parts > 0; parts--) {
      key.append(oneIn(2) ? any(ODD) : Character.toString('a' + random.nextInt(3)));
    }
    return key.toString();
  }

  private String query() {
    return any(
        List.of(
            "",
            "",
            "?",
            "?level=stale",
            "?level=fresh",
            "?level=stale&maxLagMs=-1",
            "?level=stale&maxLagMs=999999999999",
            "?level=stale&maxLagMs=99999999999999999999",
            "?maxLagMs=1",
            "?level",
            "?level=%FF",
            "?level=%zz",
            "?" + "a=b&".repeat(500)));
  }

  private void headers(StringBuilder head) {
    for (int extra = oneIn(2) ? 0 : random.nextInt(4); extra > 0; extra--) {
      head.append(
              any(
                  List.of(
                      "X-Long: " + "x".repeat(20_000),
                      "X".repeat(2_000) + ": v",
                      "X-Many: v\r\n".repeat(200) + "X-Last: v",
                      "X-Bytes: \u00ff\u00fe",
                      "No colon",
                      "Bad name: v",
                      ": v",
                      "Content-Type: text/\u00e9; ;;",
                      "Accept: */*;q=nonsense",
                      "Expect: 200-maybe",
                      "Range: bytes=9-1",
                      "Host: other:99999",
                      "Content-Length: 7",
                      "Content-Length: -1",
                      "Content-Length: 99999999999999999999",
                      "Transfer-Encoding: chunked",
                      "Transfer-Encoding: gzip, nonsense",
                      "Upgrade: websocket")))
          .append("\r\n");
    }
  }

  @Test
  void everyRequest_getsATypedAnswer_andTheNodeGoesOn() throws Exception {
    int refused = 0;
    int obeyed = 0;
    for (int i = 0; i < REQUESTS; i++) {
      String method = any(METHODS);
      String key = key();
      String suffix = oneIn(3) ? any(List.of("/cas", "/", "//", "/x", "/%63as")) : "";
      String body = any(BODIES);
      StringBuilder head = new StringBuilder();
      head.append(method).append(' ').append(oneIn(20) ? "kv" : "/kv/" + key).append(suffix);
      head.append(query()).append(oneIn(20) ? " HTTP/9.9" : " HTTP/1.1").append("\r\n");
      if (!oneIn(20)) {
        head.append("Host: x\r\n");
      }
      head.append("Connection: close\r\n");
      headers(head);
      head.append("Content-Length: ").append(body.length()).append("\r\n\r\n").append(body);
      String request = head.toString();

      String what = "seed " + SEED + ", request " + i + ": " + shown(request);
      Answer answer = answer(send(request), method.equals("HEAD"), what);
      // What is cut off in the middle cannot always be answered.
      if (answer != null) {
        refused += answer.status() >= 400 ? 1 : 0;
        obeyed += answer.status() == 200 ? 1 : 0;
        if (answer.status() == 200 && method.equals("PUT")) {
          assertThat(isKey(key)).as(what).isTrue();
        }
      }
      if (i % 25 == 0) {
        assertServes(what);
      }
    }
    assertServes("the last");
    assertThat(refused).isGreaterThan(REQUESTS / 2);
    assertThat(obeyed).isPositive();
  }

  @Test
  void damagedBytes_getATypedAnswerOrNone_andTheNodeGoesOn() throws Exception {
    String close = "Connection: close";
    List<String> samples =
        List.of(
            lines("PUT /kv/key HTTP/1.1", "Host: x", close, "Content-Length: 5", "", "value"),
            lines("GET /kv/key?level=stale&maxLagMs=250 HTTP/1.1", "Host: x", close, "", ""),
            lines(
                "PUT /kv/key HTTP/1.1",
                "Host: x",
                close,
                "Transfer-Encoding: chunked",
                "",
                "5",
                "value",
                "0",
                "",
                ""));
    for (int i = 0; i < REQUESTS; i++) {
      byte[] request = any(samples).getBytes(ISO_8859_1);
      for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
        request[random.nextInt(request.length)] = (byte) random.nextInt(256);
      }
      int length = oneIn(3) ? random.nextInt(request.length) : request.length;
      String text = new String(request, 0, length, ISO_8859_1);
      String what = "seed " + SEED + ", bytes " + i + ": " + shown(text);
      answer(send(text), text.startsWith("HEAD"), what);
      if (i % 25 == 0) {
        assertServes(what);
      }
    }
    assertServes("the last");
  }

  private static String lines(String... lines) {
    return String.join("\r\n", lines);
  }

  private static void assertServes(String after) throws IOException {
    String good =
        lines(
            "PUT /kv/well HTTP/1.1", "Host: x", "Connection: close", "Content-Length: 1", "", "1");
    Answer written = answer(send(good), false, after);
    if (written == null) {
      throw new AssertionError("a good request got no answer after " + after);
    }
    assertThat(written.status()).as("a good request after %s", after).isEqualTo(200);
  }

  /** Sends all of it, as far as the server listens, and reads all that it says. */
  private static byte[] send(String request) throws IOException {
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(TIMEOUT_MILLIS);
      try {
        socket.getOutputStream().write(request.getBytes(ISO_8859_1));
        socket.shutdownOutput();
      } catch (IOException refusedBeforeItsEnd) {
        // The answer may be there.
      }
      try {
        socket.getInputStream().transferTo(said);
      } catch (java.net.SocketTimeoutException e) {
        throw new AssertionError("no answer and no end: " + shown(request), e);
      } catch (IOException reset) {
        // What was read before counts.
      }
    }
    return said.toByteArray();
  }

  /** Checks the form; null if nothing was said. */
  private static @Nullable Answer answer(byte[] said, boolean head, String what)
      throws IOException {
    String text = new String(said, ISO_8859_1);
    if (text.startsWith("HTTP/1.1 100 ")) {
      text = text.substring(text.indexOf("\r\n\r\n") + 4);
    }
    int end = text.indexOf("\r\n\r\n");
    if (end < 0) {
      assertThat(text).as(what).isEmpty();
      return null;
    }
    assertThat(text).as(what).startsWith("HTTP/1.1 ");
    int status = Integer.parseInt(text.substring(9, 12));
    String body = text.substring(end + 4);
    assertThat(status == 200 || status / 100 == 4 || status == 501 || status == 505)
        .as(what + "\n" + text)
        .isTrue();
    if (status != 200 && !head) {
      assertThat(text.substring(0, end)).as(what).contains("Content-Type: application/json");
      JsonNode json = JSON.readTree(body.getBytes(ISO_8859_1));
      assertThat(json.path("error").asText()).as(what + "\n" + text).isNotEmpty();
      assertThat(json.path("message").asText()).as(what + "\n" + text).isNotEmpty();
    }
    return new Answer(status, body);
  }

  /** Whether the bytes between the slashes are UTF-8, not too long, and no more than one key. */
  private static boolean isKey(String segment) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int i = 0; i < segment.length(); i++) {
      char c = segment.charAt(i);
      if (c == '?' || c == '#') {
        break; // the key ends here
      }
      if (c == '%') {
        bytes.write(Integer.parseInt(segment.substring(i + 1, i + 3), 16));
        i += 2;
      } else {
        bytes.write(c);
      }
    }
    return bytes.size() <= MAX_KEY_BYTES
        && Utf8.decode(ByteString.fromArray(bytes.toByteArray())) != null;
  }

  private static String shown(String request) {
    String escaped =
        new String(request.getBytes(UTF_8), UTF_8)
            .replace("\r\n", "\\r\\n")
            .replace("\u0000", "\\0");
    return escaped.length() > 400 ? escaped.substring(0, 400) + "..." : escaped;
  }
}
