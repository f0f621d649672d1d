package org.raftactors.testkit.actors;

import java.io.IOException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.raftactors.PartitionId;
import org.raftactors.StateMachine;
import org.raftactors.actor.EntryContext;
import org.raftactors.core.log.EntryKind;
import org.raftactors.core.log.LogEntry;
import org.raftactors.core.log.Payload;
import org.raftactors.testkit.Operation;
import org.raftactors.testkit.linearizability.LinearizabilityChecker;
import org.raftactors.testkit.linearizability.SequentialModel;
import org.raftactors.testkit.linearizability.Verdict;

/** What is compared once all replicas have applied everything. */
final class FinalChecks<C, Q, R, M extends StateMachine<C, Q, R>> {

  private static final PartitionId PARTITION = new PartitionId(1);

  private final Plan<C, Q, R, M> plan;
  private final Cluster<C, Q, R, M> cluster;
  private final History<C, Q, R> history;
  private final Findings findings;

  FinalChecks(
      Plan<C, Q, R, M> plan,
      Cluster<C, Q, R, M> cluster,
      History<C, Q, R> history,
      Findings findings) {
    this.plan = plan;
    this.cluster = cluster;
    this.history = history;
    this.findings = findings;
  }

  void check() {
    if (plan.replicasAgree()) {
      Node<C, Q, R, M> first = cluster.nodes().get(0);
      for (Node<C, Q, R, M> node : cluster.nodes()) {
        if (node != first) {
          compare(Checks.REPLICAS_AGREE, first, "r" + node.id(), node.machine());
        }
      }
    }
    if (plan.deterministicApply()) {
      applyAgain();
    }
    if (plan.snapshotRoundTrip()) {
      restoreInTheMiddle();
    }
    SequentialModel<?, Operation<C, Q>, R> model = plan.model();
    if (model != null) {
      Verdict linearizable = LinearizabilityChecker.check(model, history.operations());
      if (!linearizable.passed()) {
        findings.violated(Checks.LINEARIZABLE, linearizable.toString());
      }
    }
  }

  private void compare(String check, Node<C, Q, R, M> node, String name, @Nullable M other) {
    M machine = node.machine();
    if (machine == null || other == null) {
      throw new IllegalStateException("a replica without a state machine has come to rest");
    }
    String replica = "r" + node.id();
    questions()
        .forEach(
            (question, query) -> {
              byte[] one = answer(machine, query);
              byte[] two = answer(other, query);
              if (!Arrays.equals(one, two)) {
                findings.violated(
                    check,
                    "the query %s has the answer %s at %s, and %s at %s: after the same commands"
                        .formatted(
                            question, AppliedLog.text(one), replica, AppliedLog.text(two), name));
              }
            });
    Function<? super M, ?> digest = plan.digest();
    if (digest != null) {
      Object one = digest.apply(machine);
      Object two = digest.apply(other);
      if (!Objects.equals(one, two)) {
        findings.violated(
            check, "the digest is " + one + " at " + replica + ", and " + two + " at " + name);
      }
    }
  }

  private byte[] answer(M machine, Q query) {
    return plan.codecs().result().encode(machine.query(query));
  }

  /** Every query of the load, once. */
  private Map<Bytes, Q> questions() {
    Map<Bytes, Q> questions = new LinkedHashMap<>();
    for (History.Recorded<C, Q> record : history.records()) {
      if (record.operation() instanceof Operation.Query<C, Q> query) {
        questions.putIfAbsent(new Bytes(record.bytes()), query.query());
      }
    }
    return questions;
  }

  /**
   * Applies the whole log in a fresh instance, at a later time of day, and asks it along the way
   * what the clients asked.
   */
  private void applyAgain() {
    awaitNextMillisecond();
    M fresh = plan.machines().get().get();
    Iterator<History.Recorded<C, Q>> reads = readsByIndex().iterator();
    History.Recorded<C, Q> read = reads.hasNext() ? reads.next() : null;
    for (AppliedLog.Entry entry : cluster.log().entries()) {
      while (read != null && indexOf(read) < entry.index()) {
        askAgain(fresh, read);
        read = reads.hasNext() ? reads.next() : null;
      }
      applyAgain(Checks.DETERMINISTIC_APPLY, fresh, entry);
    }
    while (read != null) {
      askAgain(fresh, read);
      read = reads.hasNext() ? reads.next() : null;
    }
    compare(Checks.DETERMINISTIC_APPLY, cluster.nodes().get(0), "a fresh instance", fresh);
  }

  /** Applies a part of the log, takes the state over by a snapshot, and applies the rest. */
  private void restoreInTheMiddle() {
    List<AppliedLog.Entry> log = List.copyOf(cluster.log().entries());
    RoundTrip<M> roundTrip = new RoundTrip<>(() -> plan.machines().get().get(), log);
    String check = Checks.SNAPSHOT_ROUND_TRIP;
    for (int cut : new int[] {(log.size() + 2) / 3, log.size()}) {
      if (cut == 0) {
        return; // there is no state to be restored
      }
      M restored;
      try {
        restored =
            roundTrip.restoredAfter(cut, (machine, entry) -> applyAgain(check, machine, entry));
      } catch (IOException | RuntimeException e) {
        findings.violated(
            check, "no snapshot at index %d: %s".formatted(log.get(cut - 1).index(), e));
        return;
      }
      for (AppliedLog.Entry entry : log.subList(cut, log.size())) {
        applyAgain(check, restored, entry);
      }
      compare(check, cluster.nodes().get(0), "a restored instance", restored);
    }
  }

  /** What came out of the machine's clock must not come out again. */
  private static void awaitNextMillisecond() {
    long now = System.currentTimeMillis();
    while (System.currentTimeMillis() == now) {
      Thread.onSpinWait();
    }
  }

  private List<History.Recorded<C, Q>> readsByIndex() {
    return history.records().stream()
        .filter(record -> !record.isCommand() && record.answer() != null)
        .sorted(Comparator.comparingLong(FinalChecks::indexOf))
        .toList();
  }

  private static long indexOf(History.Recorded<?, ?> record) {
    History.Answer answer = record.answer();
    return answer == null ? Long.MAX_VALUE : answer.token().index();
  }

  private void applyAgain(String check, M fresh, AppliedLog.Entry entry) {
    byte[] bytes = entry.command();
    LogEntry logEntry =
        new LogEntry(
            entry.index(),
            entry.term(),
            entry.timestampMillis(),
            EntryKind.COMMAND,
            Payload.of(bytes));
    C command = plan.codecs().command().decode(bytes, 0, bytes.length);
    R result = fresh.apply(new EntryContext(PARTITION, logEntry), command);
    byte[] encoded = plan.codecs().result().encode(result);
    if (!Arrays.equals(encoded, entry.result())) {
      findings.violated(
          check,
          "the command %s at index %d had the result %s at %s, and has %s in a fresh instance"
              .formatted(
                  AppliedLog.text(bytes),
                  entry.index(),
                  AppliedLog.text(entry.result()),
                  entry.by(),
                  AppliedLog.text(encoded)));
    }
  }

  private void askAgain(M fresh, History.Recorded<C, Q> record) {
    History.Answer answer = record.answer();
    if (answer != null && record.operation() instanceof Operation.Query<C, Q> query) {
      byte[] again = answer(fresh, query.query());
      if (!Arrays.equals(again, answer.result())) {
        findings.violated(
            Checks.DETERMINISTIC_APPLY,
            "%s was answered %s, and a fresh instance with the same commands says %s"
                .formatted(record, answer, AppliedLog.text(again)));
      }
    }
  }
}
