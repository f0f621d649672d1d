package org.raftactors.testkit.actors;

import java.io.IOException;
import org.raftactors.ApplyContext;
import org.raftactors.Codec;
import org.raftactors.SnapshotReader;
import org.raftactors.SnapshotView;
import org.raftactors.StateMachine;

/**
 * The state machine of one incarnation of a replica, with everything that goes in and out noted and
 * compared.
 *
 * @param <C> commands
 * @param <Q> queries
 * @param <R> results
 */
final class ObservedMachine<C, Q, R> implements StateMachine<C, Q, R> {

  /** Becomes text only if somebody reads it. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Applied(long index, byte[] command, byte[] result) {
    @Override
    public String toString() {
      return "applies %d %s -> %s"
          .formatted(index, AppliedLog.text(command), AppliedLog.text(result));
    }
  }

  /** Told what becomes of it. */
  interface Use {

    /** The replica uses it. */
    void used();

    /**
     * It has taken over a state.
     *
     * @param index of that state
     */
    void restored(long index);
  }

  private final String who;
  private final StateMachine<C, Q, R> machine;
  private final KeepingCodec<C> command;
  private final Codec<R> resultCodec;
  private final AppliedLog log;
  private final Trace trace;
  private final Findings findings;
  private final Use use;
  private Progress progress;

  ObservedMachine(
      String who,
      StateMachine<C, Q, R> machine,
      KeepingCodec<C> command,
      Codec<R> resultCodec,
      AppliedLog log,
      Trace trace,
      Findings findings,
      Use use) {
    this.who = who;
    this.machine = machine;
    this.command = command;
    this.resultCodec = resultCodec;
    this.log = log;
    this.trace = trace;
    this.findings = findings;
    this.use = use;
    this.progress = log.upTo(machine.durableIndex());
  }

  @Override
  public R apply(ApplyContext context, C decoded) {
    byte[] bytes = command.last();
    use.used();
    log.applying(who, progress, context, bytes);
    progress = progress.after(context, bytes);
    R result;
    byte[] encoded;
    try {
      result = machine.apply(context, decoded);
      encoded = resultCodec.encode(result);
    } catch (RuntimeException | Error e) {
      findings.violated(
          Checks.NO_REPLICA_FAILS,
          "the state machine of " + who + " threw " + e + " at index " + context.index());
      throw e;
    }
    trace.add(who, new Applied(context.index(), bytes, encoded));
    log.applied(who, progress, context, bytes, encoded);
    return result;
  }

  @Override
  public R query(Q query) {
    use.used();
    return machine.query(query);
  }

  @Override
  public void endBatch(long index) {
    use.used();
    machine.endBatch(index);
  }

  @Override
  public long durableIndex() {
    return machine.durableIndex();
  }

  @Override
  public SnapshotView snapshot() {
    try {
      SnapshotView view = new ObservedView(who, machine.snapshot(), progress, findings);
      trace.add(who, "takes a view at index " + progress.index());
      return view;
    } catch (UnsupportedOperationException e) {
      throw e; // it has none, which is allowed
    } catch (RuntimeException | Error e) {
      findings.violated(
          Checks.NO_REPLICA_FAILS,
          "the state machine of " + who + " has no view at index " + progress.index() + ": " + e);
      throw e;
    }
  }

  @Override
  public void restore(SnapshotReader in) throws IOException {
    ObservedState state = new ObservedState(in);
    try {
      machine.restore(state);
    } catch (IOException | RuntimeException | Error e) {
      if (!state.isDiskFailure()) {
        findings.violated(
            Checks.NO_REPLICA_FAILS,
            "the state machine of %s cannot restore its snapshot at index %d: %s"
                .formatted(who, in.index(), e));
      }
      throw e;
    }
    trace.add(who, "restores the state at index " + in.index());
    log.restored(who, state.inside(), in.index());
    progress = state.inside().asOf(in.index());
    use.restored(in.index());
  }
}
