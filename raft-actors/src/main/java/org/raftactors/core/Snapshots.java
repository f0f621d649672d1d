package org.raftactors.core;

import org.jspecify.annotations.Nullable;
import org.raftactors.core.invariant.Invariant;
import org.raftactors.core.log.LogPosition;
import org.raftactors.core.log.SnapshotBase;
import org.raftactors.core.write.WritePipeline;

/**
 * What snapshots do to the log: one that was taken here lets its prefix go, one that was received
 * replaces it (Raft 7, thesis 5).
 *
 * <p>A snapshot file is durable before anything here hears of it, and true whatever this log says,
 * since it holds committed entries only. Compacting: the base moves in memory, then the event that
 * names it is written; a crash before leaves the longer log. Installing: log and commit index move
 * in memory, the event that names the base becomes durable, the state machine is replaced, and only
 * then the leader is told. A crash before the event leaves the old log and a file that is not used
 * yet; a crash after it leaves the new log, whose restart begins with the file.
 */
final class Snapshots {

  private final ReplicaState state;
  private final Applying applying;

  /** The newest one that was saved here, if any. */
  private @Nullable SavedSnapshot newest;

  /** What is being installed: in the log in memory, perhaps not yet in the durable one. */
  private @Nullable SnapshotBase installing;

  private boolean swapping;

  Snapshots(ReplicaState state, Applying applying) {
    this.state = state;
    this.applying = applying;
  }

  /** The index below which a follower is better served with the newest snapshot than with log. */
  long cheaperBelow() {
    SavedSnapshot snapshot = newest;
    return snapshot == null ? 0 : snapshot.cheaperBelow();
  }

  /**
   * Lets go what the snapshot and the kept tail make superfluous. The base never passes the oldest
   * retained snapshot, nor what a follower that answers still needs, within bounds.
   */
  void saved(SavedSnapshot snapshot, @Nullable Replication leading) {
    newest = snapshot;
    long neededFrom = Math.min(snapshot.oldestRetainedIndex() + 1, snapshot.tailFrom());
    if (leading != null) {
      long wanted = Math.max(leading.neededByFollowers(), snapshot.followersFrom());
      neededFrom = Math.min(neededFrom, wanted);
    }
    long index = Math.min(neededFrom - 1, applying.appliedIndex());
    if (installing == null && index > state.log.terms().baseIndex()) {
      LogPosition position = state.log.positionAt(index);
      state.log.compactTo(new SnapshotBase(position, state.configuration()));
    }
  }

  /**
   * A snapshot of another replica is durable here. It is of use if the log does not reach it:
   * otherwise what it holds is in the log already, and committed.
   */
  void received(SnapshotBase base) {
    long index = base.position().index();
    boolean useful =
        state.role() == Role.FOLLOWER && installing == null && index > state.commitIndex();
    if (!useful) {
      return;
    }
    if (state.log.contains(base.position())) {
      committedUpTo(index); // the same entry at the same index: the same log up to there
      applying.advance();
      return;
    }
    // Nothing behind the snapshot can stay: if this log has an entry there it is another one than
    // the committed one, and so nothing of what follows it is committed (Raft figure 13, rule 7).
    installing = base;
    applying.installationBegins();
    state.pipeline.replaced(index, state.commitIndex());
    state.log.resetTo(base);
    state.configure(base.configuration());
    committedUpTo(index);
  }

  private void committedUpTo(long index) {
    state.commitTo(index);
    state.verifiedTo(index);
  }

  /** Something became durable: perhaps the base that the state machine may now be given. */
  void onDurable() {
    SnapshotBase base = installing;
    WritePipeline pipeline = state.pipeline;
    if (base != null && !swapping && pipeline.durableBase().equals(base)) {
      swapping = true;
      state.effect(new Effect.InstallSnapshot(base));
    }
  }

  /** The state machine holds the snapshot: from here on it is as if it had applied the entries. */
  void installed(long index) {
    SnapshotBase base = installing;
    Invariant.check(
        swapping && base != null && base.position().index() == index,
        () -> "snapshot " + index + " was installed, but " + base + " is awaited");
    installing = null;
    swapping = false;
    applying.installed(index);
    if (state.leader() != null && !state.isLeader()) {
      state.outbox.acknowledgeWhenDurable(state.leader(), state.term(), index);
    }
  }

  boolean isInstalling() {
    return installing != null;
  }
}
