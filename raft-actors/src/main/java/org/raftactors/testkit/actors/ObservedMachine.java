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

  private final String who;
  private final StateMachine<C, Q, R> machine;
  private final KeepingCodec<C> command;
  private final Codec<R> resultCodec;
  private final AppliedLog log;
  private final Trace trace;
  private final Findings findings;
  private long lastIndex;

  ObservedMachine(
      String who,
      StateMachine<C, Q, R> machine,
      KeepingCodec<C> command,
      Codec<R> resultCodec,
      AppliedLog log,
      Trace trace,
      Findings findings) {
    this.who = who;
    this.machine = machine;
    this.command = command;
    this.resultCodec = resultCodec;
    this.log = log;
    this.trace = trace;
    this.findings = findings;
    this.lastIndex = machine.durableIndex();
  }

  @Override
  public R apply(ApplyContext context, C decoded) {
    byte[] bytes = command.last();
    log.applying(who, lastIndex, context, bytes);
    lastIndex = context.index();
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
    log.applied(who, context, bytes, encoded);
    return result;
  }

  @Override
  public R query(Q query) {
    return machine.query(query);
  }

  @Override
  public void endBatch(long index) {
    machine.endBatch(index);
  }

  @Override
  public long durableIndex() {
    return machine.durableIndex();
  }

  @Override
  public SnapshotView snapshot() {
    return machine.snapshot();
  }

  @Override
  public void restore(SnapshotReader in) throws IOException {
    machine.restore(in);
    lastIndex = in.index();
  }
}
