package org.raftactors.examples.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
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
   * @param place partition and index of the log where a write stands, if it was acknowledged
   */
  record Answer(Sample.Outcome outcome, @Nullable RegisterOutput output, Optional<String> place) {}

  private Requests() {}

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
              ? new Answer(
                  Sample.Outcome.SUCCEEDED, new RegisterOutput.Value(null), Optional.empty())
              : without(Sample.Outcome.WRONG);
      case 503 -> without(Sample.Outcome.REFUSED);
      case 504 -> without(Sample.Outcome.UNKNOWN);
      case Reply.NO_ANSWER -> without(Sample.Outcome.LOST);
      case Reply.NOT_SENT -> without(Sample.Outcome.NOT_SENT);
      default -> without(Sample.Outcome.WRONG);
    };
  }

  private static Answer without(Sample.Outcome outcome) {
    return new Answer(outcome, null, Optional.empty());
  }

  private static Answer succeeded(RegisterInput input, Reply reply) {
    if (input instanceof RegisterInput.Get) {
      return new Answer(
          Sample.Outcome.SUCCEEDED, new RegisterOutput.Value(reply.body()), Optional.empty());
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
    return new Answer(
        Sample.Outcome.SUCCEEDED,
        output,
        Optional.of(json.get("partition").asLong() + "." + json.get("index").asLong()));
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
