package org.raftactors.core.write;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.raftactors.core.invariant.Invariant;
import org.raftactors.core.log.LogEntry;
import org.raftactors.core.log.LogPosition;
import org.raftactors.core.log.RaftLog;
import org.raftactors.core.log.SnapshotBase;

/**
 * What gathers to be written, what is being written (at most one event), and what is durable: term
 * and vote, the base of the log, its entries. A crash loses what gathers, and may lose what is in
 * flight; the {@link Outbox} has promised neither to anybody.
 */
public final class WritePipeline {

  private record InFlight(long number, long startedAt) {}

  private HardState durableState;
  private HardState startedState;
  private SnapshotBase durableBase;
  private SnapshotBase startedBase;

  /** Highest index that is durable and still in the log. */
  private long durableIndex;

  /** Highest index that is contained in a started write and still in the log. */
  private long startedIndex;

  private @Nullable InFlight inFlight;

  /** Highest index of the write in flight that was not truncated since it started. */
  private long inFlightIndex;

  private long lastNumber;

  /**
   * The pipeline of a replica that has just recovered: everything is durable.
   *
   * @param recovered what the journal holds
   */
  public WritePipeline(DurableState recovered) {
    this.durableState = recovered.hardState();
    this.startedState = recovered.hardState();
    this.durableBase = recovered.base();
    this.startedBase = recovered.base();
    this.durableIndex = recovered.last().index();
    this.startedIndex = recovered.last().index();
  }

  public HardState durableState() {
    return durableState;
  }

  /** What the durable log stands on. */
  public SnapshotBase durableBase() {
    return durableBase;
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
    return !hardState.equals(startedState)
        || log.lastIndex() > startedIndex
        || !log.base().equals(startedBase);
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
    startedBase = log.base();
    inFlightIndex = startedIndex;
    inFlight = new InFlight(++lastNumber, now);
    long commitHint = Math.min(commitIndex, startedIndex);
    return new PendingWrite(
        lastNumber, new Written(hardState, log.base(), previous, entries, commitHint));
  }

  /**
   * The write is durable.
   *
   * @param number the write's number
   */
  public void completed(long number) {
    InFlight done = inFlight;
    Invariant.check(
        done != null && done.number() == number,
        () -> "write " + number + " completed but " + done + " is in flight");
    durableState = startedState;
    durableBase = startedBase;
    durableIndex = Math.max(durableIndex, inFlightIndex);
    inFlight = null;
  }

  /**
   * A snapshot replaced the log. Nothing of it is durable before the event that names its base.
   *
   * @param baseIndex the index of the new base
   * @param committedIndex up to where the old log equals what the snapshot holds
   */
  public void replaced(long baseIndex, long committedIndex) {
    truncated(committedIndex);
    startedIndex = baseIndex;
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
}
