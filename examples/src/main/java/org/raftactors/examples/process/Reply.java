package org.raftactors.examples.process;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpHeaders;

/**
 * What a node answered.
 *
 * @param status the HTTP status, or one of the two below
 * @param body the body, or what went wrong
 * @param headers the headers, empty without an answer
 */
public record Reply(int status, String body, HttpHeaders headers) {

  /** The request never left: nobody listens there. */
  public static final int NOT_SENT = -1;

  /** The request may have arrived; there was no answer. */
  public static final int NO_ANSWER = -2;

  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * The body as JSON.
   *
   * @return its root
   */
  public JsonNode json() {
    try {
      return JSON.readTree(body);
    } catch (IOException e) {
      throw new UncheckedIOException("not JSON: " + this, e);
    }
  }

  /**
   * A header.
   *
   * @param name its name
   * @return empty if it is not there
   */
  public String header(String name) {
    return headers.firstValue(name).orElse("");
  }
}
