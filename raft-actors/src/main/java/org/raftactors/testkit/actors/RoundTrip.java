package org.raftactors.testkit.actors;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.raftactors.SnapshotReader;
import org.raftactors.SnapshotView;
import org.raftactors.StateMachine;

/**
 * Takes a state by a snapshot from one fresh instance into another, in the middle of the log. The
 * first goes on applying before its view is written: what the view then shows of that is found,
 * since the second applies it once more.
 */
final class RoundTrip<M extends StateMachine<?, ?, ?>> {

  /** A snapshot in memory. */
  private record Kept(long index, long term, InputStream state) implements SnapshotReader {}

  private final Supplier<M> machines;
  private final List<AppliedLog.Entry> log;

  RoundTrip(Supplier<M> machines, List<AppliedLog.Entry> log) {
    this.machines = machines;
    this.log = log;
  }

  /**
   * Goes the way.
   *
   * @param cut how many entries the snapshot includes
   * @param apply applies an entry
   * @return an instance that has the state of the snapshot
   * @throws IOException if the state machine throws it
   */
  M restoredAfter(int cut, BiConsumer<M, AppliedLog.Entry> apply) throws IOException {
    M first = machines.get();
    log.subList(0, cut).forEach(entry -> apply.accept(first, entry));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (SnapshotView view = first.snapshot()) {
      log.subList(cut, log.size()).forEach(entry -> apply.accept(first, entry));
      view.writeTo(bytes);
    }
    AppliedLog.Entry last = log.get(cut - 1);
    M second = machines.get();
    second.restore(
        new Kept(last.index(), last.term(), new ByteArrayInputStream(bytes.toByteArray())));
    return second;
  }
}
