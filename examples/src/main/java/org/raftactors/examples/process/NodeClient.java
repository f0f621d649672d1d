package org.raftactors.examples.process;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;

/** Sends each request once, whatever comes of it. */
public final class NodeClient {

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(10))
          .build();

  /** Makes a client with connections of its own. */
  public NodeClient() {}

  /**
   * Stores a value.
   *
   * @param node whom to ask
   * @param key the key
   * @param value the value
   * @return what came of it
   */
  public Reply put(NodeProcess node, String key, String value) {
    return send(node, "/kv/" + key, HttpRequest.newBuilder().PUT(BodyPublishers.ofString(value)));
  }

  /**
   * Removes a key.
   *
   * @param node whom to ask
   * @param key the key
   * @return what came of it
   */
  public Reply delete(NodeProcess node, String key) {
    return send(node, "/kv/" + key, HttpRequest.newBuilder().DELETE());
  }

  /**
   * Asks for something.
   *
   * @param node whom to ask
   * @param pathAndParameters what to ask for
   * @return what came of it
   */
  public Reply get(NodeProcess node, String pathAndParameters) {
    return send(node, pathAndParameters, HttpRequest.newBuilder().GET());
  }

  /**
   * Compares and sets.
   *
   * @param node whom to ask
   * @param key the key
   * @param body what is expected, and the update
   * @return what came of it
   */
  public Reply compareAndSet(NodeProcess node, String key, String body) {
    return send(
        node, "/kv/" + key + "/cas", HttpRequest.newBuilder().POST(BodyPublishers.ofString(body)));
  }

  private Reply send(NodeProcess node, String path, HttpRequest.Builder request) {
    URI uri = URI.create("http://" + node.host() + ":" + node.httpPort() + path);
    HttpHeaders none = HttpHeaders.of(Map.of(), (name, value) -> true);
    try {
      HttpResponse<String> response =
          http.send(
              request.uri(uri).timeout(Duration.ofSeconds(40)).build(),
              HttpResponse.BodyHandlers.ofString());
      return new Reply(response.statusCode(), response.body(), response.headers());
    } catch (ConnectException | HttpConnectTimeoutException e) {
      return new Reply(Reply.NOT_SENT, e.toString(), none);
    } catch (IOException e) {
      return new Reply(Reply.NO_ANSWER, e.toString(), none);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Reply(Reply.NO_ANSWER, e.toString(), none);
    }
  }
}
