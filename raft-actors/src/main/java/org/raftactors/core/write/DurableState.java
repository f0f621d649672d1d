package org.raftactors.core.write;

import org.raftactors.core.invariant.Invariant;
import org.raftactors.core.log.LogEntry;
import org.raftactors.core.log.LogPosition;
import org.raftactors.core.log.SnapshotBase;
import org.raftactors.core.log.TermRanges;

/**
 * What the events of the journal add up to, without the entries themselves. The event handler
 * advances it, live and in recovery alike; a replica that restarts begins with exactly this.
 *
 * @param hardState term and vote
 * @param base what the log stands on
 * @param terms the term of every index
 * @param sequence where in the journal an index is
 * @param commitHint the highest commit index that any event named
 * @param lastTimestampMillis the timestamp of the last entry that was ever written, 0 before the
 *     first
 * @param writtenBytes payload bytes of all events so far
 */
public record DurableState(
    HardState hardState,
    SnapshotBase base,
    TermRanges terms,
    SequenceIndex sequence,
    long commitHint,
    long lastTimestampMillis,
    long writtenBytes) {

  /**
   * The state before the first event. Of a partition that begins with the state of another one, the
   * term is that of the last entry there, in which nobody has voted: whoever is elected begins a
   * later one.
   *
   * @param base what the log stands on
   * @return a state with an empty log
   */
  public static DurableState initial(SnapshotBase base) {
    return new DurableState(
        new HardState(base.position().term(), null),
        base,
        TermRanges.startingAt(base.position()),
        SequenceIndex.empty(),
        base.position().index(),
        0,
        0);
  }

  /**
   * The same, with a snapshot below it whose last entry may be later than all that was ever written
   * here.
   *
   * @param timestampMillis of the last entry that the snapshot includes
   * @return the state that a start goes on from
   */
  public DurableState withTimestampAtLeast(long timestampMillis) {
    return timestampMillis <= lastTimestampMillis
        ? this
        : new DurableState(
            hardState, base, terms, sequence, commitHint, timestampMillis, writtenBytes);
  }

  public LogPosition last() {
    return terms.last();
  }

  /**
   * The state after one more event. Asserts that the event neither leaves a gap nor cuts below what
   * was known to be committed, and that term and vote only move forward.
   *
   * @param event the event
   * @param sequenceNumber its sequence number in the journal
   * @return the next state
   */
  public DurableState after(Written event, long sequenceNumber) {
    LogPosition previous = event.previous();
    checkSuccession(event);
    DurableState standing = standingOn(event.base());
    standing.checkSpliced(event);
    TermRanges newTerms = standing.terms.keepUpTo(previous.index()).extend(event.entries());
    long timestamp = lastTimestampMillis;
    long bytes = writtenBytes;
    for (LogEntry entry : event.entries()) {
      timestamp = Math.max(timestamp, entry.timestampMillis());
      bytes += entry.sizeBytes();
    }
    return new DurableState(
        event.hardState(),
        event.base(),
        newTerms,
        standing.sequence.after(
            previous.index(), !event.entries().isEmpty(), sequenceNumber, writtenBytes),
        Math.max(standing.commitHint, event.commitHint()),
        timestamp,
        bytes);
  }

  /**
   * The state with the base that an event names: a later one of this log, whose prefix a snapshot
   * taken here replaces; or that of a received snapshot, which replaces the whole log.
   */
  private DurableState standingOn(SnapshotBase newBase) {
    if (newBase.equals(base)) {
      return this;
    }
    long index = newBase.position().index();
    boolean compacted = terms.contains(newBase.position());
    Invariant.check(
        index >= base.position().index() && (compacted || index > commitHint),
        () ->
            "base "
                + newBase.position()
                + " does not follow base "
                + base.position()
                + " of a log that ends at "
                + last()
                + " and is committed up to "
                + commitHint);
    return new DurableState(
        hardState,
        newBase,
        compacted ? terms.startingFrom(index) : TermRanges.startingAt(newBase.position()),
        compacted ? sequence.startingAfter(index) : SequenceIndex.empty(),
        Math.max(commitHint, index),
        lastTimestampMillis,
        writtenBytes);
  }

  private void checkSuccession(Written event) {
    HardState next = event.hardState();
    Invariant.check(
        next.term() > hardState.term()
            || (next.term() == hardState.term()
                && (hardState.votedFor() == null || hardState.votedFor().equals(next.votedFor()))),
        () -> "hard state went from " + hardState + " back to " + next);
  }

  private void checkSpliced(Written event) {
    LogPosition previous = event.previous();
    Invariant.check(
        previous.index() <= last().index() && previous.index() >= base.position().index(),
        () -> "event after " + previous + " leaves a gap behind a log that ends at " + last());
    Invariant.check(
        terms.termAt(previous.index()) == previous.term(),
        () ->
            "event after " + previous + " but the log has term " + terms.termAt(previous.index()));
    Invariant.check(
        previous.index() >= commitHint,
        () ->
            "event after " + previous + " cuts committed entries: " + commitHint + " is committed");
    Invariant.check(
        event.commitHint() <= event.lastIndex(),
        () -> "commit hint " + event.commitHint() + " lies beyond " + event.lastIndex());
  }
}
