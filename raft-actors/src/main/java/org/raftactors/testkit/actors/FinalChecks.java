package org.raftactors.testkit.actors;

import java.io.IOException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.raftactors.StateMachine;
import org.raftactors.testkit.Operation;
import org.raftactors.testkit.linearizability.LinearizabilityChecker;
import org.raftactors.testkit.linearizability.SequentialModel;
import org.raftactors.testkit.linearizability.Verdict;

/** What is compared once all replicas have applied everything. */
final class FinalChecks<C, Q, R, M extends StateMachine<C, Q, R>> {

  private final Plan<C, Q, R, M> plan;
  private final Cluster<C, Q, R, M> cluster;
  private final History<C, Q, R> history;
  private final States<C, Q, R, M> states;
  private final Findings findings;

  FinalChecks(
      Plan<C, Q, R, M> plan,
      Cluster<C, Q, R, M> cluster,
      History<C, Q, R> history,
      Findings findings) {
    this.plan = plan;
    this.cluster = cluster;
    this.history = history;
    this.states = cluster.states();
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
    states.compare(check, machine, "r" + node.id(), other, name);
  }

  /**
   * Applies the whole log in a fresh instance, at a later time of day, and asks it along the way
   * what the clients asked.
   */
  private void applyAgain() {
    awaitNextMillisecond();
    M fresh = states.fresh();
    Iterator<History.Recorded<C, Q>> reads = readsByIndex().iterator();
    History.Recorded<C, Q> read = reads.hasNext() ? reads.next() : null;
    for (AppliedLog.Entry entry : cluster.log().entries()) {
      while (read != null && indexOf(read) < entry.index()) {
        askAgain(fresh, read);
        read = reads.hasNext() ? reads.next() : null;
      }
      states.apply(Checks.DETERMINISTIC_APPLY, fresh, entry);
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
    RoundTrip<M> roundTrip = new RoundTrip<>(states::fresh, log);
    String check = Checks.SNAPSHOT_ROUND_TRIP;
    for (int cut : new int[] {(log.size() + 2) / 3, log.size()}) {
      if (cut == 0) {
        return; // there is no state to be restored
      }
      M restored;
      try {
        restored =
            roundTrip.restoredAfter(cut, (machine, entry) -> states.apply(check, machine, entry));
      } catch (IOException | RuntimeException e) {
        findings.violated(
            check, "no snapshot at index %d: %s".formatted(log.get(cut - 1).index(), e));
        return;
      }
      for (AppliedLog.Entry entry : log.subList(cut, log.size())) {
        states.apply(check, restored, entry);
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

  private void askAgain(M fresh, History.Recorded<C, Q> record) {
    History.Answer answer = record.answer();
    if (answer != null && record.operation() instanceof Operation.Query<C, Q> query) {
      byte[] again = states.answer(fresh, query.query());
      if (!Arrays.equals(again, answer.result())) {
        findings.violated(
            Checks.DETERMINISTIC_APPLY,
            "%s was answered %s, and a fresh instance with the same commands says %s"
                .formatted(record, answer, AppliedLog.text(again)));
      }
    }
  }
}
