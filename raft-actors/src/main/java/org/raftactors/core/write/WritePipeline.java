package org.raftactors.core.write;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.raftactors.core.invariant.Invariant;
import org.raftactors.core.log.LogEntry;
import org.raftactors.core.log.LogPosition;
import org.raftactors.core.log.RaftLog;
import org.raftactors.core.membership.ReplicaId;
import org.raftactors.core.message.AppendAccepted;
import org.raftactors.core.message.RaftMessage;

/**
 * What gathers to be written, what is being written (at most one event), and the messages that wait
 * for it (rule 1). A message is released when the hard state or the entries that it promises are
 * durable; when the term moves on, what an older term promised is dropped, because dropping is
 * always safe and sending it late is not. A crash loses what is in flight and what waits; neither
 * had been promised to anybody.
 */
public final class WritePipeline {

  private record InFlight(long number, HardState hardState, long startedAt) {}

  private record Gated(ReplicaId to, RaftMessage message, boolean needsVote) {}

  private final BiConsumer<ReplicaId, RaftMessage> release;
  private final List<Gated> gated = new ArrayList<>();

  private HardState durableState;
  private HardState startedState;

  /** Highest index that is durable and still in the log. */
  private long durableIndex;

  /** Highest index that is contained in a started write and still in the log. */
  private long startedIndex;

  private @Nullable InFlight inFlight;

  /** Highest index of the write in flight that was not truncated since it started. */
  private long inFlightIndex;

  private long lastNumber;

  private @Nullable ReplicaId acknowledgeTo;
  private long acknowledgeTerm;
  private long acknowledgeIndex;
  private long acknowledgedIndex;

  /**
   * The pipeline of a replica that has just recovered: everything is durable.
   *
   * @param recovered what the journal holds
   * @param release takes messages that may leave now
   */
  public WritePipeline(DurableState recovered, BiConsumer<ReplicaId, RaftMessage> release) {
    this.release = release;
    this.durableState = recovered.hardState();
    this.startedState = recovered.hardState();
    this.durableIndex = recovered.last().index();
    this.startedIndex = recovered.last().index();
  }

  public HardState durableState() {
    return durableState;
  }

  public long durableIndex() {
    return durableIndex;
  }

  public long startedIndex() {
    return startedIndex;
  }

  public boolean isWriting() {
    return inFlight != null;
  }

  /**
   * How long the write in flight has taken.
   *
   * @param now the current time
   * @return nanoseconds, 0 if nothing is being written
   */
  public long writeAge(long now) {
    return inFlight == null ? 0 : now - inFlight.startedAt();
  }

  /** When the write in flight started, or -1. */
  public long writeStartedAt() {
    return inFlight == null ? -1 : inFlight.startedAt();
  }

  /**
   * Whether there is anything to write.
   *
   * @param hardState as in memory
   * @param log as in memory
   * @return true if memory is ahead of what was started
   */
  public boolean hasWork(HardState hardState, RaftLog log) {
    return !hardState.equals(startedState) || log.lastIndex() > startedIndex;
  }

  /**
   * Starts to write everything that gathered, as one event.
   *
   * @param hardState as in memory
   * @param log as in memory
   * @param commitIndex as in memory
   * @param maxBytes the most entries in one event; the rest gathers on
   * @param now the current time
   * @return the write, or null if one is in flight or there is nothing to write
   */
  public @Nullable PendingWrite start(
      HardState hardState, RaftLog log, long commitIndex, int maxBytes, long now) {
    if (inFlight != null || !hasWork(hardState, log)) {
      return null;
    }
    LogPosition previous = log.positionAt(startedIndex);
    List<LogEntry> entries =
        log.lastIndex() > startedIndex
            ? log.slice(startedIndex + 1, log.lastIndex(), maxBytes)
            : List.of();
    startedIndex += entries.size();
    startedState = hardState;
    inFlightIndex = startedIndex;
    inFlight = new InFlight(++lastNumber, hardState, now);
    long commitHint = Math.min(commitIndex, startedIndex);
    return new PendingWrite(
        lastNumber, new Written(hardState, log.base(), previous, entries, commitHint));
  }

  /**
   * The write is durable: releases what waited for it.
   *
   * @param number the write's number
   * @param currentTerm as in memory
   */
  public void completed(long number, long currentTerm) {
    InFlight done = inFlight;
    Invariant.check(
        done != null && done.number() == number,
        () -> "write " + number + " completed but " + done + " is in flight");
    durableState = startedState;
    durableIndex = Math.max(durableIndex, inFlightIndex);
    inFlight = null;
    releaseGated(currentTerm);
    acknowledge(currentTerm);
  }

  /**
   * A suffix was cut off the log: whatever of it is being written counts for nothing any more
   * (scenario 48).
   *
   * @param keptIndex the last index that was kept
   */
  public void truncated(long keptIndex) {
    startedIndex = Math.min(startedIndex, keptIndex);
    inFlightIndex = Math.min(inFlightIndex, keptIndex);
    durableIndex = Math.min(durableIndex, keptIndex);
  }

  /** The term moved on: nothing that an older term promised will leave any more. */
  public void termChanged() {
    gated.clear();
    acknowledgeTo = null;
  }

  /**
   * Sends a message once its term is durable.
   *
   * @param to the receiver
   * @param message of the current term
   */
  public void sendAfterTerm(ReplicaId to, RaftMessage message) {
    if (durableState.term() >= message.term()) {
      release.accept(to, message);
    } else {
      gated.add(new Gated(to, message, false));
    }
  }

  /**
   * Sends a message once the current term and vote are durable.
   *
   * @param to the receiver
   * @param message of the current term
   * @param hardState term and vote that it promises
   */
  public void sendAfterVote(ReplicaId to, RaftMessage message, HardState hardState) {
    if (durableState.equals(hardState)) {
      release.accept(to, message);
    } else {
      gated.add(new Gated(to, message, true));
    }
  }

  /**
   * Acknowledges entries to the leader, as far as they are durable and again when more of them are.
   *
   * @param leader of the current term
   * @param term the current term
   * @param index everything up to here equals the leader's log
   */
  public void acknowledgeWhenDurable(ReplicaId leader, long term, long index) {
    if (!leader.equals(acknowledgeTo) || acknowledgeTerm != term) {
      acknowledgeTo = leader;
      acknowledgeTerm = term;
      acknowledgeIndex = 0;
      acknowledgedIndex = -1;
    }
    acknowledgeIndex = Math.max(acknowledgeIndex, index);
    if (index <= durableIndex) {
      acknowledgedIndex = -1; // a duplicate: its first acknowledgement may have been lost
      acknowledge(term);
    }
  }

  private void acknowledge(long currentTerm) {
    if (acknowledgeTo == null
        || acknowledgeTerm != currentTerm
        || durableState.term() < currentTerm) {
      return;
    }
    long index = Math.min(acknowledgeIndex, durableIndex);
    if (index > acknowledgedIndex) {
      acknowledgedIndex = index;
      release.accept(acknowledgeTo, new AppendAccepted(currentTerm, index));
    }
  }

  private void releaseGated(long currentTerm) {
    if (gated.isEmpty()) {
      return;
    }
    List<Gated> waiting = List.copyOf(gated);
    gated.clear();
    for (Gated one : waiting) {
      boolean durable =
          durableState.term() >= currentTerm
              && (!one.needsVote() || durableState.votedFor() != null);
      if (durable) {
        release.accept(one.to(), one.message());
      } else {
        gated.add(one);
      }
    }
  }
}
