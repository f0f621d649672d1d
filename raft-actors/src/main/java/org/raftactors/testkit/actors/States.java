package org.raftactors.testkit.actors;

import java.util.Arrays;
import java.util.Collection;
import java.util.Objects;
import java.util.function.Function;
import org.raftactors.PartitionId;
import org.raftactors.StateMachine;
import org.raftactors.actor.EntryContext;
import org.raftactors.core.log.EntryKind;
import org.raftactors.core.log.LogEntry;
import org.raftactors.core.log.Payload;

/** Applies what the replicas have applied in other instances, and compares instances. */
final class States<C, Q, R, M extends StateMachine<C, Q, R>> {

  private static final PartitionId PARTITION = new PartitionId(1);

  private final Plan<C, Q, R, M> plan;
  private final Collection<Q> questions;
  private final AppliedLog log;
  private final Findings findings;

  /**
   * Of a run.
   *
   * @param questions every query of its load, once
   */
  States(Plan<C, Q, R, M> plan, Collection<Q> questions, AppliedLog log, Findings findings) {
    this.plan = plan;
    this.questions = questions;
    this.log = log;
    this.findings = findings;
  }

  /** An instance that has nothing, and shares nothing with those of the replicas. */
  M fresh() {
    return plan.machines().get().get();
  }

  byte[] answer(M machine, Q query) {
    return plan.codecs().result().encode(machine.query(query));
  }

  /** Two instances have applied the same commands. */
  void compare(String check, M machine, String name, M other, String otherName) {
    for (Q query : questions) {
      byte[] one = answer(machine, query);
      byte[] two = answer(other, query);
      if (!Arrays.equals(one, two)) {
        byte[] question = plan.codecs().query().encode(query);
        findings.violated(
            check,
            "the query %s has the answer %s at %s, and %s at %s: after the same commands"
                .formatted(
                    AppliedLog.text(question),
                    AppliedLog.text(one),
                    name,
                    AppliedLog.text(two),
                    otherName));
      }
    }
    Function<? super M, ?> digest = plan.digest();
    if (digest != null) {
      Object one = digest.apply(machine);
      Object two = digest.apply(other);
      if (!Objects.equals(one, two)) {
        findings.violated(
            check, "the digest is " + one + " at " + name + ", and " + two + " at " + otherName);
      }
    }
  }

  /** Applies an entry, whose result must be what it was. */
  void apply(String check, M machine, AppliedLog.Entry entry) {
    byte[] bytes = entry.command();
    LogEntry logEntry =
        new LogEntry(
            entry.index(),
            entry.term(),
            entry.timestampMillis(),
            EntryKind.COMMAND,
            Payload.of(bytes));
    C command = plan.codecs().command().decode(bytes, 0, bytes.length);
    R result = machine.apply(new EntryContext(PARTITION, logEntry), command);
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

  /**
   * A replica has taken over a state: it must be the one that the commands up to there make.
   *
   * @param who the replica
   * @param machine has the state
   * @param index of the last command in it, or a later one
   */
  void restored(String who, M machine, long index) {
    if (plan.snapshotRoundTrip()) {
      M fresh = fresh();
      for (AppliedLog.Entry entry : log.upToIndex(index)) {
        apply(Checks.SNAPSHOT_ROUND_TRIP, fresh, entry);
      }
      compare(
          Checks.SNAPSHOT_ROUND_TRIP,
          fresh,
          "an instance that has applied everything up to index " + index,
          machine,
          who + ", which restored the snapshot of that index");
    }
  }
}
