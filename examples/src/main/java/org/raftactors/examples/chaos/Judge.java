package org.raftactors.examples.chaos;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.raftactors.examples.process.NodeProcess;
import org.raftactors.testkit.linearizability.LinearizabilityChecker;
import org.raftactors.testkit.linearizability.Operation;
import org.raftactors.testkit.linearizability.RegisterInput;
import org.raftactors.testkit.linearizability.RegisterModel;
import org.raftactors.testkit.linearizability.RegisterOutput;
import org.raftactors.testkit.linearizability.Verdict;

/** Compares what was recorded with what was promised. */
final class Judge {

  /** Between a request's deadline and its answer on a machine with more processes than cores. */
  static final long GRACE_NANOS = TimeUnit.SECONDS.toNanos(10);

  /** A run with less success than this for each second of load shows nothing. */
  static final int SUCCESSES_PER_SECOND = 5;

  private static final int SHOWN = 10;

  private Judge() {}

  static void judge(Recording run, Findings findings) {
    linearizability(run.history(), findings);
    LogOrder.judge(run, findings);
    commands(run, findings);
    findings.violations(LeaderWatch.twice(run.claims()));
    run.ended().stream()
        .filter(text -> !text.contains(" with 75 ")) // the one that asks to be started again
        .forEach(findings::violation);
    inTime(run, findings);
    long succeeded = run.count(Sample.Outcome.SUCCEEDED);
    long needed = (long) SUCCESSES_PER_SECOND * run.options().seconds();
    if (succeeded < needed) {
      findings.doubt("only %d operations succeeded, fewer than %d".formatted(succeeded, needed));
    }
    for (Fault.Kind kind : run.options().faults()) {
      if (run.strikes().stream().noneMatch(s -> s.fault().kind() == kind && s.effect().took())) {
        findings.doubt("no fault of the kind " + kind + " took effect");
      }
    }
  }

  static void linearizability(
      List<Operation<RegisterInput, RegisterOutput>> history, Findings findings) {
    Map<String, List<Operation<RegisterInput, RegisterOutput>>> keys = new TreeMap<>();
    history.forEach(
        operation ->
            keys.computeIfAbsent(operation.input().key(), key -> new ArrayList<>()).add(operation));
    for (List<Operation<RegisterInput, RegisterOutput>> operations : keys.values()) {
      Verdict verdict = LinearizabilityChecker.check(new RegisterModel(), operations);
      if (verdict instanceof Verdict.Violated) {
        findings.violation(verdict.toString());
      } else if (!verdict.passed()) {
        findings.doubt(verdict.toString());
      }
    }
  }

  /**
   * Every request is sent once, so nothing may have been applied more often than it was sent. An
   * unknown write whose value somebody saw was applied.
   */
  private static void commands(Recording run, Findings findings) {
    Set<String> seen = new HashSet<>();
    for (Placed placed : run.placed()) {
      String value =
          placed.output() instanceof RegisterOutput.Value read
              ? read.value()
              : placed.output() instanceof RegisterOutput.Compared compared
                  ? compared.actual()
                  : null;
      if (value != null) {
        seen.add(value);
      }
    }
    long applied = 0;
    long unknown = 0;
    for (Operation<RegisterInput, RegisterOutput> operation : run.history()) {
      RegisterInput input = operation.input();
      if (!(input instanceof RegisterInput.Get)) {
        boolean certain =
            !operation.open()
                || (input instanceof RegisterInput.Put put && seen.contains(put.value()))
                || (input instanceof RegisterInput.CompareAndSwap swap
                    && seen.contains(swap.update()));
        applied += certain ? 1 : 0;
        unknown += certain ? 0 : 1;
      }
    }
    if (run.commands() < applied || run.commands() > applied + unknown) {
      findings.violation(
          "%d commands were applied, but %d were acknowledged or seen, and %d are unknown"
              .formatted(run.commands(), applied, unknown));
    }
  }

  /** The time in which its node stood still does not count against a request. */
  private static void inTime(Recording run, Findings findings) {
    long allowed = NodeProcess.REQUEST_TIMEOUT.toNanos() + GRACE_NANOS;
    List<Sample> late =
        run.samples().stream()
            .filter(
                sample -> {
                  long still =
                      Strike.stoodStill(
                          run.strikes(), sample.node(), sample.began(), sample.ended());
                  return sample.nanos() - still > allowed;
                })
            .sorted(Comparator.comparingLong(Sample::nanos).reversed())
            .toList();
    if (!late.isEmpty()) {
      findings.violation(
          "%d requests were not answered in time, for instance %s"
              .formatted(late.size(), late.subList(0, Math.min(SHOWN, late.size()))));
    }
  }
}
