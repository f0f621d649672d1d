package org.raftactors.testkit.actors;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.raftactors.Codecs;
import org.raftactors.ProposalResult;
import org.raftactors.ReadResult;
import org.raftactors.Token;
import org.raftactors.testkit.Operation;

/**
 * What the clients did and heard. The log is a witness of the one order that must explain it all:
 * an operation that began after another one had ended must stand behind it.
 */
final class History<C, Q, R> {

  /** How an operation ended. */
  enum Outcome {
    OPEN,
    DONE,
    REFUSED,
    UNKNOWN
  }

  /** A result, as bytes, and where in the log it stands. */
  @SuppressWarnings("ArrayRecordComponent") // compared by hand
  record Answer(byte[] result, Token token) {
    @Override
    public String toString() {
      return AppliedLog.text(result) + " at " + token.index();
    }
  }

  /** One operation of one client. */
  static final class Recorded<C, Q> {
    private final int number;
    private final int client;
    private final Operation<C, Q> operation;
    private final @Nullable Duration maxLag;
    private final byte[] bytes;
    private final long invoked;
    private final long floor;
    private Outcome outcome = Outcome.OPEN;
    private long completed = Long.MAX_VALUE;
    private @Nullable Answer answer;

    private Recorded(
        int number,
        int client,
        Operation<C, Q> operation,
        @Nullable Duration maxLag,
        byte[] bytes,
        long invoked,
        long floor) {
      this.number = number;
      this.client = client;
      this.operation = operation;
      this.maxLag = maxLag;
      this.bytes = bytes;
      this.invoked = invoked;
      this.floor = floor;
    }

    Operation<C, Q> operation() {
      return operation;
    }

    /** The bound of a stale read, null for everything else. */
    @Nullable Duration maxLag() {
      return maxLag;
    }

    long invoked() {
      return invoked;
    }

    Outcome outcome() {
      return outcome;
    }

    boolean isCommand() {
      return operation instanceof Operation.Command;
    }

    byte[] bytes() {
      return bytes;
    }

    /** What came back, null if nothing definite did. */
    @Nullable Answer answer() {
      return answer;
    }

    @Override
    public String toString() {
      String kind = isCommand() ? "command" : maxLag != null ? "query stale by " + maxLag : "query";
      return "#" + number + " " + kind + " " + AppliedLog.text(bytes);
    }
  }

  private final Codecs<C, Q, R> codecs;
  private final AppliedLog log;
  private final Findings findings;
  private final boolean compareResults;
  private final List<Recorded<C, Q>> records = new ArrayList<>();
  private final Map<Long, Recorded<C, Q>> byIndex = new HashMap<>();
  private long highestSeen;

  History(Codecs<C, Q, R> codecs, AppliedLog log, Findings findings, boolean compareResults) {
    this.codecs = codecs;
    this.log = log;
    this.findings = findings;
    this.compareResults = compareResults;
  }

  List<Recorded<C, Q>> records() {
    return records;
  }

  /** A client begins an operation. */
  Recorded<C, Q> begin(int client, Operation<C, Q> operation, @Nullable Duration maxLag, long now) {
    byte[] bytes =
        operation instanceof Operation.Command<C, Q> command
            ? codecs.command().encode(command.command())
            : codecs.query().encode(((Operation.Query<C, Q>) operation).query());
    Recorded<C, Q> begun =
        new Recorded<>(records.size(), client, operation, maxLag, bytes, now, highestSeen);
    records.add(begun);
    return begun;
  }

  /**
   * A replica says something about an operation: what it calls done must be applied by then.
   *
   * @param encoded whether the result is there as bytes
   * @return the definite answer, null if it is none
   */
  @Nullable Answer answered(Recorded<C, Q> record, Object message, boolean encoded) {
    if (message instanceof ProposalResult.Committed<?> committed) {
      Answer answer = new Answer(bytes(committed.result(), encoded), committed.token());
      committed(record, answer);
      return answer;
    } else if (message instanceof ReadResult.Answered<?> read) {
      return new Answer(bytes(read.result(), encoded), read.token());
    }
    return null;
  }

  @SuppressWarnings("unchecked") // the request says what the answer is
  private byte[] bytes(Object result, boolean encoded) {
    return encoded ? (byte[]) result : codecs.result().encode((R) result);
  }

  private void committed(Recorded<C, Q> record, Answer answer) {
    long index = answer.token().index();
    AppliedLog.Entry entry = log.at(index);
    Recorded<C, Q> other = byIndex.putIfAbsent(index, record);
    if (other != null && other != record) {
      findings.violated(
          Checks.TRUE_ANSWERS, record + " and " + other + " both have index " + index);
    } else if (entry == null) {
      findings.violated(
          Checks.TRUE_ANSWERS,
          record + " is answered as committed at " + index + ", where nothing has been applied");
    } else if (entry.term() != answer.token().term()
        || !Arrays.equals(entry.command(), record.bytes)) {
      findings.violated(
          Checks.TRUE_ANSWERS,
          record + " is answered as committed at " + answer.token().asText() + ", where " + entry);
    } else if (compareResults && !Arrays.equals(entry.result(), answer.result())) {
      findings.violated(
          Checks.TRUE_ANSWERS,
          record + " is answered " + answer + ", but " + AppliedLog.text(entry.result()) + " was");
    }
  }

  /** An operation has ended for its client. */
  void end(Recorded<C, Q> record, Outcome outcome, @Nullable Answer answer, long now) {
    boolean harmless = outcome == Outcome.UNKNOWN && !record.isCommand();
    record.outcome = harmless ? Outcome.REFUSED : outcome;
    record.answer = answer;
    if (answer != null) {
      record.completed = now;
      inOrder(record, answer.token().index());
    }
  }

  private void inOrder(Recorded<C, Q> record, long index) {
    if (record.maxLag != null) {
      return;
    }
    boolean behind = record.isCommand() ? index > record.floor : index >= record.floor;
    if (!behind) {
      findings.violated(
          Checks.LINEARIZABLE,
          "%s stands at index %d, although its client began after another one had seen index %d"
              .formatted(record, index, record.floor));
    }
    highestSeen = Math.max(highestSeen, index);
  }

  /** At the end: what was answered as rejected must not be in the log, nor anything twice. */
  void checkOccurrences() {
    Map<Bytes, long[]> counts = new HashMap<>();
    for (Recorded<C, Q> record : records) {
      if (record.isCommand()) {
        long[] bounds = counts.computeIfAbsent(new Bytes(record.bytes), b -> new long[2]);
        bounds[0] += record.outcome == Outcome.DONE ? 1 : 0;
        bounds[1] += record.outcome == Outcome.REFUSED ? 0 : 1;
      }
    }
    Map<Bytes, Long> applied = new HashMap<>();
    for (AppliedLog.Entry entry : log.entries()) {
      applied.merge(new Bytes(entry.command()), 1L, Long::sum);
    }
    applied.forEach(
        (command, times) -> {
          long[] bounds = counts.getOrDefault(command, new long[2]);
          if (times > bounds[1] || times < bounds[0]) {
            findings.violated(
                Checks.TRUE_ANSWERS,
                "%s was applied %d times, but its clients heard of %d, and do not know of %d"
                    .formatted(command, times, bounds[0], bounds[1] - bounds[0]));
          }
        });
  }

  /** What the clients saw: all but stale reads and what had no effect. */
  List<org.raftactors.testkit.linearizability.Operation<Operation<C, Q>, R>> operations() {
    List<org.raftactors.testkit.linearizability.Operation<Operation<C, Q>, R>> seen =
        new ArrayList<>();
    for (Recorded<C, Q> record : records) {
      Answer answer = record.answer;
      if (record.maxLag == null && record.outcome != Outcome.REFUSED) {
        seen.add(
            new org.raftactors.testkit.linearizability.Operation<>(
                record.client,
                record.invoked,
                record.completed,
                record.operation,
                answer == null
                    ? null
                    : codecs.result().decode(answer.result(), 0, answer.result().length)));
      }
    }
    return seen;
  }
}
