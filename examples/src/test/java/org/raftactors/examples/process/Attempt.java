package org.raftactors.examples.process;

/**
 * One write of the workload. Its key and value are used by no other write, and it is sent only
 * once: so what the store holds under the key tells how often the write was applied.
 *
 * @param key the key
 * @param value the value
 * @param outcome what the node said
 * @param partition where it was applied, if acknowledged
 * @param index where in that partition's log, if acknowledged
 * @param said what the node said, or what went wrong
 */
record Attempt(String key, String value, Outcome outcome, long partition, long index, String said) {

  enum Outcome {
    /** 200. */
    ACKNOWLEDGED,
    /** 503: never happened, never will. */
    REJECTED,
    /** 504, or the node died: nobody knows. */
    UNKNOWN,
    /** Nobody listened. */
    NOT_SENT
  }

  static Attempt of(String key, String value, Reply reply) {
    String said = reply.status() + " " + reply.body().strip();
    return switch (reply.status()) {
      case 200 ->
          new Attempt(
              key,
              value,
              Outcome.ACKNOWLEDGED,
              reply.json().get("partition").asLong(),
              reply.json().get("index").asLong(),
              said);
      case 503 -> new Attempt(key, value, Outcome.REJECTED, 0, 0, said);
      case 504, Reply.NO_ANSWER -> new Attempt(key, value, Outcome.UNKNOWN, 0, 0, said);
      case Reply.NOT_SENT -> new Attempt(key, value, Outcome.NOT_SENT, 0, 0, said);
      default -> throw new IllegalStateException("an answer that no write may get: " + reply);
    };
  }
}
