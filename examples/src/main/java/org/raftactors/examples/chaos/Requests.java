package org.raftactors.examples.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import org.jspecify.annotations.Nullable;
import org.raftactors.Token;
import org.raftactors.examples.process.NodeClient;
import org.raftactors.examples.process.NodeProcess;
import org.raftactors.examples.process.Reply;
import org.raftactors.testkit.linearizability.RegisterInput;
import org.raftactors.testkit.linearizability.RegisterOutput;

/** Operations as requests, replies as outcomes. */
final class Requests {

  /**
   * What a reply means.
   *
   * @param outcome what came of the request
   * @param output the result, if there is one
   * @param place where in the log it stands, if there is a result
   */
  record Answer(
      Sample.Outcome outcome, @Nullable RegisterOutput output, Placed.@Nullable Place place) {}

  private static final int MAX_LAG_MILLIS = 1_000;

  /** How far behind its leader a replica may be that serves a stale read. */
  static final long MAX_LAG_NANOS = MAX_LAG_MILLIS * 1_000_000L;

  private Requests() {}

  static Reply sendStale(NodeClient client, NodeProcess node, String key) {
    return client.get(node, "/kv/" + key + "?level=stale&maxLagMs=" + MAX_LAG_MILLIS);
  }

  static Reply send(NodeClient client, NodeProcess node, RegisterInput input) {
    if (input instanceof RegisterInput.Put put) {
      return client.put(node, put.key(), put.value());
    }
    if (input instanceof RegisterInput.Get get) {
      return client.get(node, "/kv/" + get.key());
    }
    if (input instanceof RegisterInput.Delete delete) {
      return client.delete(node, delete.key());
    }
    RegisterInput.CompareAndSwap swap = (RegisterInput.CompareAndSwap) input;
    return client.compareAndSet(
        node,
        swap.key(),
        JsonNodeFactory.instance
            .objectNode()
            .put("expect", swap.expect())
            .put("update", swap.update())
            .toString());
  }

  static Answer answer(RegisterInput input, Reply reply) {
    return switch (reply.status()) {
      case 200 -> succeeded(input, reply);
      case 404 ->
          input instanceof RegisterInput.Get
              ? placed(reply, new RegisterOutput.Value(null), 0)
              : without(Sample.Outcome.WRONG);
      case 503 -> without(Sample.Outcome.REFUSED);
      case 504 -> without(Sample.Outcome.UNKNOWN);
      case Reply.NO_ANSWER -> without(Sample.Outcome.LOST);
      case Reply.NOT_SENT -> without(Sample.Outcome.NOT_SENT);
      default -> without(Sample.Outcome.WRONG);
    };
  }

  private static Answer without(Sample.Outcome outcome) {
    return new Answer(outcome, null, null);
  }

  /** A result without a place, or with two different ones, may not be. */
  private static Answer placed(Reply reply, RegisterOutput output, long shown) {
    Token token;
    try {
      token = Token.parse(reply.header("Raft-Token"));
    } catch (IllegalArgumentException e) {
      return without(Sample.Outcome.WRONG);
    }
    return new Answer(
        Sample.Outcome.SUCCEEDED,
        output,
        new Placed.Place(token.partition().value(), token.term(), token.index(), shown));
  }

  private static Answer succeeded(RegisterInput input, Reply reply) {
    if (input instanceof RegisterInput.Get) {
      String shown = reply.header("Kv-Index");
      return shown.matches("[0-9]{1,18}")
          ? placed(reply, new RegisterOutput.Value(reply.body()), Long.parseLong(shown))
          : without(Sample.Outcome.WRONG);
    }
    JsonNode json = reply.json();
    RegisterOutput output;
    if (input instanceof RegisterInput.Put) {
      output = new RegisterOutput.Written();
    } else if (input instanceof RegisterInput.Delete) {
      output = new RegisterOutput.Deleted(json.get("deleted").asBoolean());
    } else {
      JsonNode actual = json.get("actual");
      output =
          new RegisterOutput.Compared(
              json.get("swapped").asBoolean(), actual.isNull() ? null : actual.asText());
    }
    Answer answer = placed(reply, output, 0);
    Placed.Place inBody =
        new Placed.Place(
            json.get("partition").asLong(),
            json.get("term").asLong(),
            json.get("index").asLong(),
            0);
    return inBody.equals(answer.place()) ? answer : without(Sample.Outcome.WRONG);
  }

  /** What the key held when this was done; empty if it was absent. */
  static String seen(RegisterInput input, RegisterOutput output) {
    if (input instanceof RegisterInput.Put put) {
      return put.value();
    }
    if (output instanceof RegisterOutput.Value read) {
      return read.value() == null ? "" : read.value();
    }
    if (input instanceof RegisterInput.CompareAndSwap swap
        && output instanceof RegisterOutput.Compared compared) {
      return compared.swapped()
          ? swap.update()
          : compared.actual() == null ? "" : compared.actual();
    }
    return "";
  }
}
