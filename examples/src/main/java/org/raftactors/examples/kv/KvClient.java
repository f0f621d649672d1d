package org.raftactors.examples.kv;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import org.apache.pekko.util.ByteString;

/**
 * The command {@code kv}: one request to the service. Asks the nodes in turn until one accepts the
 * connection; a request that was sent is never sent again.
 */
final class KvClient {

  private static final String USAGE =
      """
      Usage: kv put KEY [VALUE]             stores VALUE, or what stdin has
             kv get [--stale] KEY           writes the value to stdout
             kv del KEY                     removes the key
             kv cas KEY EXPECT UPDATE       stores UPDATE if the key holds EXPECT
             kv cas --absent KEY UPDATE     stores UPDATE if the key is absent
             kv status                      shows the partitions of every node

      Asks the first node that can be reached of those in KV_NODES
      (default: http://127.0.0.1:8081,http://127.0.0.1:8082,http://127.0.0.1:8083).

      Exit status: 0 done, 1 absent or not swapped, 2 bad command line or refused input,
      3 it did not happen and never will (status: not every node answered),
      4 nobody knows whether it happened.
      """;

  private static final int DONE = 0;
  private static final int NOT_SO = 1;
  private static final int BAD = 2;
  private static final int REJECTED = 3;
  private static final int UNKNOWN = 4;

  private static final Reply NOBODY = Reply.of(503, "rejected", "no node can be reached");

  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
  private final ObjectMapper json = new ObjectMapper();
  private final List<String> nodes;
  private final InputStream in;
  private final PrintStream out;
  private final PrintStream err;

  KvClient(List<String> nodes, InputStream in, PrintStream out, PrintStream err) {
    this.nodes = List.copyOf(nodes);
    this.in = in;
    this.out = out;
    this.err = err;
  }

  /** Runs one command and exits with its status. */
  public static void main(String[] arguments) throws Exception {
    String nodes =
        System.getenv()
            .getOrDefault(
                "KV_NODES", "http://127.0.0.1:8081,http://127.0.0.1:8082,http://127.0.0.1:8083");
    int status =
        new KvClient(List.of(nodes.split(",")), System.in, System.out, System.err)
            .run(List.of(arguments));
    System.out.flush();
    System.exit(status);
  }

  private static boolean isAddress(String node) {
    return node.matches("https?://[^/?#\\s]+") && URI.create(node).getHost() != null;
  }

  int run(List<String> arguments) throws IOException, InterruptedException {
    String command = arguments.isEmpty() ? "" : arguments.get(0);
    List<String> rest = arguments.isEmpty() ? List.of() : arguments.subList(1, arguments.size());
    boolean stale = command.equals("get") && rest.size() == 2 && rest.get(0).equals("--stale");
    boolean absent = command.equals("cas") && rest.size() == 3 && rest.get(0).equals("--absent");
    String shape = command + " " + rest.size();
    if (command.equals("--help")) {
      out.print(USAGE);
      return DONE;
    }
    for (String node : nodes) {
      if (!isAddress(node)) {
        err.println("KV_NODES has '" + node + "', but a node is written http://HOST:PORT");
        return BAD;
      }
    }
    if (stale) {
      return get(rest.get(1), "?level=stale");
    }
    if (absent) {
      return compareAndSet(rest.get(1), json.createObjectNode().putNull("expect"), rest.get(2));
    }
    return switch (shape) {
      case "put 1" -> put(rest.get(0), in.readAllBytes());
      case "put 2" -> put(rest.get(0), rest.get(1).getBytes(StandardCharsets.UTF_8));
      case "get 1" -> get(rest.get(0), "");
      case "del 1" -> print(send(key(rest.get(0)), HttpRequest.Builder::DELETE));
      case "cas 3" ->
          compareAndSet(
              rest.get(0), json.createObjectNode().put("expect", rest.get(1)), rest.get(2));
      case "status 0" -> status();
      default -> {
        err.print(USAGE);
        yield BAD;
      }
    };
  }

  private int put(String key, byte[] value) throws IOException, InterruptedException {
    return print(send(key(key), request -> request.PUT(BodyPublishers.ofByteArray(value))));
  }

  private int get(String key, String parameters) throws IOException, InterruptedException {
    Reply reply = send(key(key) + parameters, HttpRequest.Builder::GET);
    if (reply.status() == 200) {
      out.write(reply.body());
      return DONE;
    }
    return print(reply);
  }

  private int compareAndSet(String key, ObjectNode body, String update)
      throws IOException, InterruptedException {
    String text = body.put("update", update).toString();
    Reply reply =
        send(
            key(key) + "/cas",
            request ->
                request
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofString(text)));
    int status = print(reply);
    boolean swapped = status == DONE && json.readTree(reply.body()).path("swapped").asBoolean();
    return status == DONE && !swapped ? NOT_SO : status;
  }

  private int status() throws IOException, InterruptedException {
    int status = DONE;
    for (String node : nodes) {
      Reply reply = send(List.of(node), "/raft/partitions", HttpRequest.Builder::GET);
      if (reply.status() != 200) {
        if (!reply.equals(NOBODY)) { // of that one, send has told already
          err.println(node + ": " + reply.text());
        }
        status = REJECTED;
        continue;
      }
      JsonNode report = json.readTree(reply.body());
      out.println(report.path("node").asText() + " at " + node);
      for (JsonNode partition : report.path("partitions")) {
        out.printf(
            "  partition %d: %-9s term %d, leader %s, commit %d, applied %d, last %d, voters %s%n",
            partition.path("id").asLong(),
            partition.path("role").asText(),
            partition.path("term").asLong(),
            partition.path("leader").asText("none"),
            partition.path("commitIndex").asLong(),
            partition.path("appliedIndex").asLong(),
            partition.path("lastIndex").asLong(),
            partition.path("voters"));
      }
    }
    return status;
  }

  /** Prints an answer that is text: to stdout if it is a good one, else to stderr. */
  private int print(Reply reply) {
    int status =
        switch (reply.status()) {
          case 200 -> DONE;
          case 404 -> reply.text().startsWith("{\"error\":\"absent\"") ? NOT_SO : BAD;
          case 503 -> REJECTED;
          case 400, 405, 409, 413 -> BAD;
          default -> UNKNOWN;
        };
    (status == DONE ? out : err).println(reply.text());
    return status;
  }

  private Reply send(String path, UnaryOperator<HttpRequest.Builder> method)
      throws InterruptedException {
    return send(nodes, path, method);
  }

  private Reply send(List<String> nodes, String path, UnaryOperator<HttpRequest.Builder> method)
      throws InterruptedException {
    for (String node : nodes) {
      HttpRequest.Builder request =
          HttpRequest.newBuilder(URI.create(node + path)).timeout(Duration.ofSeconds(60));
      try {
        HttpResponse<byte[]> response =
            http.send(method.apply(request).build(), HttpResponse.BodyHandlers.ofByteArray());
        return new Reply(response.statusCode(), response.body());
      } catch (ConnectException | HttpConnectTimeoutException e) {
        err.println(node + " cannot be reached");
      } catch (IOException e) {
        return Reply.of(504, "unknown", node + ": " + e);
      }
    }
    return NOBODY;
  }

  private static String key(String key) {
    return "/kv/" + URLEncoder.encode(key, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private record Reply(int status, ByteString content) {
    Reply(int status, byte[] body) {
      this(status, ByteString.fromArrayUnsafe(body));
    }

    static Reply of(int status, String error, String reason) {
      ObjectNode body = JsonNodeFactory.instance.objectNode();
      return new Reply(
          status,
          body.put("error", error)
              .put("reason", reason)
              .toString()
              .getBytes(StandardCharsets.UTF_8));
    }

    byte[] body() {
      return content.toArrayUnsafe();
    }

    String text() {
      return content.utf8String().strip();
    }
  }
}
