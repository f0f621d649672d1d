package org.raftactors.testkit.simulation.world;

import org.jspecify.annotations.Nullable;
import org.raftactors.core.log.LogPosition;
import org.raftactors.core.write.DurableState;

/**
 * What a state machine starts with, chosen as in production: from storage of its own if that is as
 * far as the log's base, else from the newest good snapshot within the log, else from nothing; if
 * the log does not reach back to the beginning then, its state is missing.
 *
 * @param registers its state
 * @param position what it has applied already
 * @param file what it was restored from, null if from nothing or storage of its own
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Start(long[] registers, LogPosition position, @Nullable SnapshotFile file) {

  static Start of(Node node, DurableState log) {
    long base = log.base().position().index();
    long claimed = node.keptIndex();
    if (claimed > 0 && claimed >= base) {
      return new Start(node.kept(), new LogPosition(claimed, log.terms().termAt(claimed)), null);
    }
    SnapshotFile file = node.files().newestWithin(log);
    return file != null
        ? new Start(file.registers().clone(), file.base().position(), file)
        : new Start(new long[node.kept().length], LogPosition.ZERO, null);
  }

  /** Whether the state is lost that the log stands on. */
  static boolean isMissing(Node node) {
    DurableState log = node.disk().state();
    return of(node, log).position().index() < log.base().position().index();
  }
}
