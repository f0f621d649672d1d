package org.raftactors.core;

import org.raftactors.core.invariant.Invariant;
import org.raftactors.core.write.HardState;

/**
 * The shape of a legal state, checked after every step, also in production: a few comparisons of
 * numbers. One method for each property, named as in the paper where it has a name there.
 */
final class RaftStateChecker {

  private final ReplicaState state;
  private final Applying applying;
  private final Snapshots snapshots;

  private HardState previousHardState;
  private long previousCommitIndex;
  private long previousLastIndex;
  private boolean previouslyLeader;

  RaftStateChecker(ReplicaState state, Applying applying, Snapshots snapshots) {
    this.state = state;
    this.applying = applying;
    this.snapshots = snapshots;
    this.previousHardState = state.hardState();
  }

  void check() {
    termIsMonotonicAndVoteIsGivenOnce();
    leaderIsAppendOnly();
    commitIsMonotonic();
    positionsAreOrdered();
    nothingIsAheadOfMemory();
    previousHardState = state.hardState();
    previousCommitIndex = state.commitIndex();
    previousLastIndex = state.log.lastIndex();
    previouslyLeader = state.isLeader();
  }

  @SuppressWarnings("ReferenceEquality")
  private void termIsMonotonicAndVoteIsGivenOnce() {
    HardState before = previousHardState;
    HardState after = state.hardState();
    if (before == after) {
      return;
    }
    boolean legal =
        after.term() > before.term()
            || (after.term() == before.term()
                && (before.votedFor() == null || before.votedFor().equals(after.votedFor())));
    Invariant.check(legal, () -> "hard state went from " + before + " to " + after);
  }

  private void leaderIsAppendOnly() {
    boolean stillLeader =
        previouslyLeader && state.isLeader() && previousHardState.term() == state.term();
    Invariant.check(
        !stillLeader || state.log.lastIndex() >= previousLastIndex,
        () -> "leader cut its log from " + previousLastIndex + " to " + state.log.lastIndex());
    Invariant.check(
        !state.isLeader() || state.self.equals(state.hardState().votedFor()),
        () -> "leads term " + state.term() + " without its own vote");
  }

  private void commitIsMonotonic() {
    Invariant.check(
        state.commitIndex() >= previousCommitIndex,
        () -> "commit index went from " + previousCommitIndex + " to " + state.commitIndex());
  }

  private void positionsAreOrdered() {
    long base = state.log.terms().baseIndex();
    long applied = applying.appliedIndex();
    long handed = applying.handedIndex();
    long commit = state.commitIndex();
    long last = state.log.lastIndex();
    Invariant.check(
        (base <= applied || snapshots.isInstalling() || state.isStateMissing())
            && applied <= handed
            && handed <= Math.min(commit, state.pipeline.durableIndex())
            && commit <= last,
        () ->
            "out of order: base "
                + base
                + ", applied "
                + applied
                + ", handed over "
                + handed
                + ", committed "
                + commit
                + ", durable "
                + state.pipeline.durableIndex()
                + ", last "
                + last);
  }

  private void nothingIsAheadOfMemory() {
    long durable = state.pipeline.durableIndex();
    long started = state.pipeline.startedIndex();
    long last = state.log.lastIndex();
    Invariant.check(
        durable <= started && started <= last,
        () -> "durable " + durable + ", started " + started + ", last " + last);
    Invariant.check(
        state.log.firstInMemory() <= Math.max(durable, state.log.terms().baseIndex()) + 1,
        () -> "entries from " + (durable + 1) + " are neither durable nor in memory");
    Invariant.check(
        state.log.last().term() <= state.term()
            && state.pipeline.durableState().term() <= state.term(),
        () -> "term " + state.term() + " is behind the log " + state.log.last());
  }
}
