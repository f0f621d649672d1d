package org.raftactors.core;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.raftactors.core.log.EntryKind;
import org.raftactors.core.log.LogEntry;
import org.raftactors.core.log.Payload;

/**
 * The leader's intake: admits or refuses, gathers, and turns what gathered into one batch of
 * entries. Adaptive: a batch is formed at the end of a drain of the mailbox while fewer than so
 * many are uncommitted, one by default, so that a lone request never waits; else what comes gathers
 * until one of them commits or there is enough for another, which leaves with the next write.
 * Whatever was refused has left no trace.
 */
final class Proposals {

  /** So much is a batch of its own, even if an earlier one is not committed. */
  static final int FULL_BATCH_BYTES = 64 << 10;

  private final ReplicaState state;
  private final Applying applying;

  private List<Proposal> gathered = new ArrayList<>();
  private long gatheredBytes;

  /** Last indexes of batches that are not committed. */
  private final ArrayDeque<Long> openBatches = new ArrayDeque<>();

  Proposals(ReplicaState state, Applying applying) {
    this.state = state;
    this.applying = applying;
  }

  boolean hasGathered() {
    return !gathered.isEmpty();
  }

  /** Whether what gathered should leave now rather than with the next write. */
  boolean mayFormEarly() {
    return hasGathered() && openBatches.size() < state.settings.maxUncommittedBatches();
  }

  /** Whether what gathered should leave with the next write. */
  boolean mayForm() {
    return mayFormEarly() || gatheredBytes >= FULL_BATCH_BYTES;
  }

  void propose(Proposal proposal, boolean transferring) {
    take(proposal, refusal(proposal, transferring));
  }

  /** What follows one that may be proposed again must not overtake it. */
  void proposeAll(List<Proposal> together, boolean transferring) {
    Refusal mayPass = null;
    for (Proposal proposal : together) {
      Refusal refusal = mayPass != null ? mayPass : refusal(proposal, transferring);
      take(proposal, refusal);
      if (refusal != Refusal.TOO_LARGE) {
        mayPass = refusal;
      }
    }
  }

  private void take(Proposal proposal, @Nullable Refusal refusal) {
    if (refusal != null) {
      reject(proposal, refusal);
    } else {
      gathered.add(proposal);
      gatheredBytes += size(proposal);
    }
  }

  private @Nullable Refusal refusal(Proposal proposal, boolean transferring) {
    if (proposal.payload().length() > state.settings.maxEntryBytes()) {
      return Refusal.TOO_LARGE;
    }
    if (!state.isLeader()) {
      return Refusal.NOT_LEADER;
    }
    if (state.isStorageSlow()) {
      return Refusal.STORAGE_STALLED;
    }
    if (transferring) {
      return Refusal.TRANSFERRING;
    }
    long underWay =
        gatheredBytes + state.log.bytesBetween(state.commitIndex(), state.log.lastIndex());
    boolean overloaded =
        (underWay > 0 && underWay + size(proposal) > state.settings.maxUncommittedBytes())
            || applying.backlogBytes() > state.settings.maxApplyBacklogBytes();
    return overloaded ? Refusal.OVERLOADED : null;
  }

  /** Turns everything that gathered into entries. Returns false if nothing had. */
  boolean formBatch(long wallClockMillis) {
    if (gathered.isEmpty()) {
      return false;
    }
    long timestamp = state.nextTimestamp(wallClockMillis);
    long index = state.log.lastIndex();
    List<LogEntry> entries = new ArrayList<>(gathered.size());
    for (Proposal proposal : gathered) {
      LogEntry entry =
          new LogEntry(++index, state.term(), timestamp, EntryKind.COMMAND, proposal.payload());
      entries.add(entry);
      applying.await(entry, proposal.waiter());
    }
    state.log.append(entries);
    openBatches.add(index);
    gathered = new ArrayList<>();
    gatheredBytes = 0;
    return true;
  }

  /** The first entry of a term, through which everything before it commits (Raft 8). */
  LogEntry appendNoOp(long wallClockMillis) {
    LogEntry entry =
        new LogEntry(
            state.log.lastIndex() + 1,
            state.term(),
            state.nextTimestamp(wallClockMillis),
            EntryKind.NO_OP,
            Payload.EMPTY);
    state.log.append(List.of(entry));
    openBatches.add(entry.index());
    return entry;
  }

  void committed(long index) {
    while (!openBatches.isEmpty() && openBatches.getFirst() <= index) {
      openBatches.removeFirst();
    }
  }

  /** Leadership is lost or the replica stops: what was not appended yet never will be. */
  void abandon(Refusal refusal) {
    List<Proposal> refused = gathered;
    gathered = new ArrayList<>();
    gatheredBytes = 0;
    openBatches.clear();
    refused.forEach(proposal -> reject(proposal, refusal));
  }

  private void reject(Proposal proposal, Refusal refusal) {
    state.effect(new Effect.RejectProposal(proposal.waiter(), refusal, state.leader()));
  }

  private static long size(Proposal proposal) {
    return proposal.payload().length() + (long) LogEntry.OVERHEAD_BYTES;
  }
}
