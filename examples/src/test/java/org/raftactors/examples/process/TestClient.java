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
final class TestClient {

  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();

  Reply put(NodeProcess node, String key, String value) {
    return send(node, "/kv/" + key, HttpRequest.newBuilder().PUT(BodyPublishers.ofString(value)));
  }

  Reply get(NodeProcess node, String pathAndParameters) {
    return send(node, pathAndParameters, HttpRequest.newBuilder().GET());
  }

  Reply compareAndSet(NodeProcess node, String key, String body) {
    return send(
        node, "/kv/" + key + "/cas", HttpRequest.newBuilder().POST(BodyPublishers.ofString(body)));
  }

  private Reply send(NodeProcess node, String path, HttpRequest.Builder request) {
    URI uri = URI.create("http://" + TestCluster.HOST + ":" + node.httpPort + path);
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
