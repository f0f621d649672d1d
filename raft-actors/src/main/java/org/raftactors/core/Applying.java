package org.raftactors.core;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.raftactors.core.apply.PendingProposals;
import org.raftactors.core.invariant.Invariant;
import org.raftactors.core.log.LogEntry;
import org.raftactors.core.log.LogPosition;

/**
 * Hands committed entries to the state machine: level-triggered, in index order, each once (rule
 * 9), never beyond what is committed and durable here, and no more at a time than the backlog
 * allows. Answers those whose proposals cannot be answered by applying them, and releases reads
 * once all that they must see was handed over.
 */
final class Applying {

  /**
   * Batches that are read back at once: around each reading, some of the journal is read in vain.
   */
  private static final int BATCHES_PER_FETCH = 8;

  private record Handed(long lastIndex, long bytes) {}

  private record ReadyRead(Object waiter, long readIndex) {}

  private final ReplicaState state;
  private final PendingProposals pending = new PendingProposals();
  private final ArrayDeque<Handed> handed = new ArrayDeque<>();
  private final ArrayDeque<ReadyRead> reads = new ArrayDeque<>();
  private long handedIndex;
  private long handedBytes;
  private long appliedIndex;
  private boolean fetching;
  private boolean installing;

  /** When a read-back that failed is tried again: also if nothing else ever happens (rule 9). */
  private long retryAt = ReplicaState.NEVER;

  /** When this replica was last known to have applied all that its leader had committed. */
  private long freshAt = -1;

  /** A commit index that was heard and is not applied yet: its position, and when that was. */
  private LogPosition heardCommit = LogPosition.ZERO;

  /** The highest commit index that a leader has told, and its term. */
  private LogPosition highestHeard = LogPosition.ZERO;

  private long highestRound;

  private long heardAt = -1;

  Applying(ReplicaState state, long stateMachineIndex) {
    this.state = state;
    this.installing = state.isStateMissing();
    this.handedIndex = stateMachineIndex;
    this.appliedIndex = stateMachineIndex;
  }

  long appliedIndex() {
    return appliedIndex;
  }

  long handedIndex() {
    return handedIndex;
  }

  int waitingReads() {
    return reads.size();
  }

  /** Whether it has once, since its start, had all that its leader had committed. */
  boolean isCaughtUp() {
    return freshAt >= 0;
  }

  /** Committed bytes in memory that the state machine has not applied. */
  long backlogBytes() {
    return state.log.bytesBetween(appliedIndex, state.commitIndex());
  }

  void await(LogEntry entry, Object waiter) {
    pending.add(entry.index(), entry.term(), waiter);
  }

  /**
   * Leadership is lost: what is committed will be applied and answered here all the same, nobody
   * here can promise anything about the rest.
   */
  void leadershipLost() {
    abandonProposals(state.commitIndex(), Uncertainty.LEADERSHIP_LOST);
  }

  /** The replica stops: nobody here will learn what becomes of the entries. */
  void abandonProposals() {
    abandonProposals(0, Uncertainty.STOPPED);
  }

  private void abandonProposals(long above, Uncertainty uncertainty) {
    for (Object waiter : pending.clearAbove(above)) {
      state.effect(new Effect.ProposalUnknown(waiter, uncertainty));
    }
  }

  /**
   * A snapshot takes the place of entries that were not handed over: who waits for them, from an
   * earlier leadership, will not see what came out of them. They are committed, so they are in it.
   */
  void installationBegins() {
    installing = true;
    abandonProposals(handedIndex, Uncertainty.APPLIED_BY_SNAPSHOT);
  }

  /** The state machine, which had applied all that it was handed, holds a snapshot now. */
  void installed(long index) {
    Invariant.check(
        installing && handed.isEmpty() && index > handedIndex,
        () -> "snapshot " + index + " installed over " + appliedIndex + " of " + handedIndex);
    installing = false;
    retryAt = ReplicaState.NEVER;
    handedIndex = index;
    appliedIndex = index;
    noteFreshness();
    advance();
  }

  void serveWhenApplied(Object waiter, long readIndex) {
    reads.add(new ReadyRead(waiter, readIndex));
    releaseReads();
  }

  /** Takes out the reads that were confirmed, but wait for more than what is up to an index. */
  List<Object> clearReadsAbove(long index) {
    List<Object> cleared = new ArrayList<>();
    for (Iterator<ReadyRead> each = reads.iterator(); each.hasNext(); ) {
      ReadyRead read = each.next();
      if (read.readIndex() > index) {
        cleared.add(read.waiter());
        each.remove();
      }
    }
    return cleared;
  }

  /**
   * Hands over what can be: call whenever the commit index, the durable index or the applied index
   * moved.
   */
  void advance() {
    long limit = Math.min(state.commitIndex(), state.pipeline.durableIndex());
    while (handedIndex < limit
        && !fetching
        && !installing
        && retryAt == ReplicaState.NEVER
        && handedBytes < state.settings.maxApplyBacklogBytes()) {
      long from = handedIndex + 1;
      if (from < state.log.firstInMemory()) {
        long to = Math.min(limit, state.log.firstInMemory() - 1);
        fetching = true;
        state.effect(new Effect.Fetch(null, from, to, fetchBytes()));
      } else {
        hand(state.log.slice(from, limit, state.settings.maxApplyBatchBytes()));
      }
    }
    releaseReads();
  }

  /** As much as the backlog has room for, within bounds; nothing is handed over meanwhile. */
  private int fetchBytes() {
    long batch = state.settings.maxApplyBatchBytes();
    long room = state.settings.maxApplyBacklogBytes() - handedBytes;
    long wanted = Math.max(batch, Math.min(BATCHES_PER_FETCH * batch, room));
    return (int) Math.min(wanted, Integer.MAX_VALUE);
  }

  void fetched(List<LogEntry> entries) {
    fetching = false;
    if (!entries.isEmpty() && entries.get(0).index() == handedIndex + 1) {
      handInBatches(entries);
      advance();
    } else {
      retryAt = state.now() + state.settings.heartbeatInterval();
    }
  }

  /** When {@link #retry} is due. */
  long nextDeadline() {
    return retryAt;
  }

  /** Tries a read-back again that failed. */
  void retry() {
    if (retryAt <= state.now()) {
      retryAt = ReplicaState.NEVER;
      advance();
    }
  }

  private void handInBatches(List<LogEntry> entries) {
    long most = state.settings.maxApplyBatchBytes();
    int from = 0;
    long bytes = 0;
    for (int i = 0; i < entries.size(); i++) {
      long size = entries.get(i).sizeBytes();
      if (i > from && bytes + size > most) {
        hand(entries.subList(from, i));
        from = i;
        bytes = 0;
      }
      bytes += size;
    }
    hand(entries.subList(from, entries.size()));
  }

  private void hand(List<LogEntry> entries) {
    long bytes = 0;
    for (LogEntry entry : entries) {
      bytes += entry.sizeBytes();
    }
    List<Object> superseded = new ArrayList<>(0);
    @Nullable Object[] waiters = pending.take(entries, superseded);
    for (Object waiter : superseded) {
      state.effect(new Effect.ProposalUnknown(waiter, Uncertainty.SUPERSEDED));
    }
    ApplyBatch batch = new ApplyBatch(entries, waiters, bytes);
    handedIndex = batch.lastIndex();
    handedBytes += bytes;
    handed.add(new Handed(handedIndex, bytes));
    state.effect(new Effect.Apply(batch));
  }

  void applied(long index) {
    Invariant.check(
        index > appliedIndex && index <= handedIndex,
        () -> "applied " + index + " after " + appliedIndex + ", handed over up to " + handedIndex);
    appliedIndex = index;
    while (!handed.isEmpty() && handed.getFirst().lastIndex() <= index) {
      handedBytes -= handed.removeFirst().bytes();
    }
    noteFreshness();
    advance();
  }

  /**
   * A leader was heard and told how far it has committed. Messages overtake each other, since they
   * have several ways: only what cannot be older than what was heard before makes anything fresh.
   *
   * @param leaderCommit what it told
   * @param round of its heartbeat; 0 for an append, which has none
   */
  void leaderCommitHeard(long leaderCommit, long round) {
    if (highestHeard.term() != state.term()) {
      highestRound = 0;
    } else if (leaderCommit < highestHeard.index()
        || (leaderCommit == highestHeard.index() && round <= highestRound)) {
      return;
    }
    highestRound = Math.max(highestRound, round);
    highestHeard = new LogPosition(leaderCommit, state.term());
    if (heardAt < 0 || appliedIndex >= leaderCommit) {
      heardCommit = new LogPosition(leaderCommit, state.term());
      heardAt = state.now();
      noteFreshness();
    }
  }

  /**
   * A leader that has not committed an entry of its own term does not know what is committed
   * (thesis 6.4): only a commit index that lies in the term of the leader who names it counts.
   */
  private void noteFreshness() {
    if (heardAt >= 0 && appliedIndex >= heardCommit.index()) {
      if (state.log.contains(heardCommit)) {
        freshAsOf(heardAt);
      }
      heardAt = -1;
    }
  }

  /** Whatever was committed before the given time is applied here. */
  void freshAsOf(long time) {
    freshAt = Math.max(freshAt, time);
  }

  long stalenessNanos() {
    return freshAt < 0 ? Long.MAX_VALUE : state.now() - freshAt;
  }

  private void releaseReads() {
    while (!reads.isEmpty() && reads.getFirst().readIndex() <= handedIndex) {
      ReadyRead read = reads.removeFirst();
      state.effect(new Effect.ServeRead(read.waiter(), read.readIndex()));
    }
  }
}
