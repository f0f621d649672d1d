package org.raftactors.core;

import org.jspecify.annotations.Nullable;
import org.raftactors.core.invariant.Invariant;
import org.raftactors.core.log.LogPosition;
import org.raftactors.core.log.SnapshotBase;
import org.raftactors.core.membership.ReplicaId;
import org.raftactors.core.message.SnapshotRequest;
import org.raftactors.core.write.WritePipeline;

/**
 * What snapshots do to the log: one that was taken here lets its prefix go, one that was received
 * replaces it (Raft 7, thesis 5).
 *
 * <p>A snapshot file is durable before anything here hears of it, and true whatever this log says,
 * since it holds committed entries only. Compacting: the base moves in memory, then the event that
 * names it is written; a crash before leaves the longer log. Installing: log and commit index move
 * in memory, the event that names the base becomes durable, the state machine is replaced, and then
 * the leader is told; entries behind the snapshot are acknowledged when they are durable, as
 * always. A crash before the event leaves the old log and a file that is not used yet; a crash
 * after it leaves the new log, whose restart begins with the file.
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

  /** What the newest snapshot here includes, 0 if none is known. */
  long newestIndex() {
    SavedSnapshot snapshot = newest;
    return snapshot == null ? 0 : snapshot.base().position().index();
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
      // There is one configuration so far: that at an older position is the present one.
      state.log.compactTo(new SnapshotBase(position, state.configuration()));
    }
  }

  /** The state is lost: the leader is asked for one until it comes. */
  void askFor(ReplicaId leader) {
    if (state.isStateMissing() && installing == null) {
      state.outbox.sendAfterTerm(
          leader, new SnapshotRequest(state.term(), state.log.terms().baseIndex()));
    }
  }

  /**
   * A snapshot of the leader is durable here. It is of use if the log does not reach it: otherwise
   * what it holds is in the log already, and committed. What the leader of another term sent may be
   * committed in a term that this replica has not seen: the present leader will offer it again.
   */
  void received(long term, SnapshotBase base, long timestampMillis) {
    if (term != state.term() || state.role() != Role.FOLLOWER || installing != null) {
      return;
    }
    long index = base.position().index();
    if (state.isStateMissing()) {
      replaceMissing(base);
    } else if (index > state.commitIndex() && state.log.contains(base.position())) {
      committedUpTo(index); // the same entry at the same index: the same log up to there
      applying.advance();
    } else if (index > state.commitIndex()) {
      replaceLog(base);
    }
    if (installing != null) {
      state.sawTimestamp(timestampMillis);
      onDurable();
    }
  }

  private void replaceMissing(SnapshotBase base) {
    long index = base.position().index();
    if (!state.log.contains(base.position()) && index > state.commitIndex()) {
      replaceLog(base);
    } else if (index >= state.log.terms().baseIndex() && index <= state.pipeline.durableIndex()) {
      begin(base);
      state.log.compactTo(base);
      committedUpTo(index);
    }
  }

  /**
   * Nothing behind the snapshot can stay: if this log has an entry there it is another one than the
   * committed one, and so nothing of what follows it is committed (Raft figure 13, rule 7).
   */
  private void replaceLog(SnapshotBase base) {
    long index = base.position().index();
    begin(base);
    state.pipeline.replaced(index, state.commitIndex());
    state.log.resetTo(base);
    committedUpTo(index);
  }

  private void begin(SnapshotBase base) {
    installing = base;
    applying.installationBegins();
    state.configure(base.configuration());
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
    state.stateMissing(false);
    applying.installed(index);
    if (state.leader() != null && !state.isLeader()) {
      state.outbox.acknowledgeWhenDurable(state.leader(), state.term(), index);
    }
  }

  boolean isInstalling() {
    return installing != null;
  }
}
