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
record Reply(int status, String body, HttpHeaders headers) {

  /** The request never left: nobody listens there. */
  static final int NOT_SENT = -1;

  /** The request may have arrived; there was no answer. */
  static final int NO_ANSWER = -2;

  private static final ObjectMapper JSON = new ObjectMapper();

  JsonNode json() {
    try {
      return JSON.readTree(body);
    } catch (IOException e) {
      throw new UncheckedIOException("not JSON: " + this, e);
    }
  }

  String header(String name) {
    return headers.firstValue(name).orElse("");
  }
}
