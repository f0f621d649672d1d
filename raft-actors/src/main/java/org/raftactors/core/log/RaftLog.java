package org.raftactors.core.log;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.raftactors.core.invariant.Invariant;
import org.raftactors.core.write.Written;

/**
 * The log of one replica: a base, the terms of everything above it, and the entries of a bounded
 * tail. Owned by the core. What is not in memory is durable and is read back from the journal.
 * After a crash it is what replaying the journal's events gives, cut to the tail.
 */
public final class RaftLog {

  private static final int INITIAL_CAPACITY = 64;

  private SnapshotBase base;
  private TermRanges terms;

  /**
   * Ring of the entries from firstInMemory to the last index; the slot of an index is its lowest
   * bits.
   */
  private LogEntry[] ring = new LogEntry[INITIAL_CAPACITY];

  /** Running total of entry sizes, at the end of the entry in the same slot of the ring. */
  private long[] endOffsets = new long[INITIAL_CAPACITY];

  private long firstInMemory;

  /** The running total directly before the first entry in memory. */
  private long startOffset;

  private RaftLog(SnapshotBase base, TermRanges terms) {
    this.base = base;
    this.terms = terms;
    this.firstInMemory = terms.lastIndex() + 1;
  }

  /**
   * A log of a replica without history.
   *
   * @param base what it stands on
   * @return a log without entries
   */
  public static RaftLog empty(SnapshotBase base) {
    return new RaftLog(base, TermRanges.startingAt(base.position()));
  }

  /**
   * A log whose entries are all on disk only.
   *
   * @param base what it stands on
   * @param terms the term of every index
   * @return a log with an empty tail
   */
  public static RaftLog cold(SnapshotBase base, TermRanges terms) {
    return new RaftLog(base, terms);
  }

  /**
   * Takes an event of the journal in recovery, and keeps no more in memory than the budget allows.
   *
   * @param event the next event
   * @param tailBytes the budget
   */
  public void replay(Written event, long tailBytes) {
    standOn(event.base());
    if (event.previous().index() < lastIndex()) {
      truncateAfter(event.previous().index());
    }
    append(event.entries());
    evict(lastIndex(), tailBytes);
  }

  /** What was written counts, whatever this start was told of the configuration at the base. */
  private void standOn(SnapshotBase newBase) {
    if (newBase.equals(base)) {
      return;
    }
    if (contains(newBase.position())) {
      compactTo(newBase);
    } else {
      resetTo(newBase);
    }
  }

  /**
   * Forgets a prefix that a durable snapshot replaces.
   *
   * @param newBase a position in this log, not below the base
   */
  public void compactTo(SnapshotBase newBase) {
    long index = newBase.position().index();
    terms = terms.startingFrom(index);
    base = newBase;
    evict(index, 0);
  }

  /**
   * Forgets everything: a snapshot that was received replaces this log, which does not contain its
   * position and so has nothing committed beyond it.
   *
   * @param newBase what it stands on from now on
   */
  public void resetTo(SnapshotBase newBase) {
    clear(firstInMemory, lastIndex());
    terms = TermRanges.startingAt(newBase.position());
    base = newBase;
    firstInMemory = newBase.position().index() + 1;
    startOffset = 0;
  }

  /** {@return what the log follows} */
  public SnapshotBase base() {
    return base;
  }

  /** {@return the highest index; that of the base if there is no entry} */
  public long lastIndex() {
    return terms.lastIndex();
  }

  /** {@return the last entry, or the base if there is none} */
  public LogPosition last() {
    return terms.last();
  }

  /** {@return the term of each index} */
  public TermRanges terms() {
    return terms;
  }

  /**
   * The term of an entry.
   *
   * @param index of the entry, from the base to the last
   * @return its term
   */
  public long termAt(long index) {
    return terms.termAt(index);
  }

  /**
   * Index and term of an entry.
   *
   * @param index of the entry, from the base to the last
   * @return its place
   */
  public LogPosition positionAt(long index) {
    return new LogPosition(index, terms.termAt(index));
  }

  /** {@return the lowest index that is in memory; one above the last index if none is} */
  public long firstInMemory() {
    return firstInMemory;
  }

  /**
   * Whether the log has an entry (or its base) with that index and term.
   *
   * @param position any position
   * @return true if it is known to be in this log
   */
  public boolean contains(LogPosition position) {
    return terms.contains(position);
  }

  /**
   * Appends entries. The next index is the last index + 1 and nothing else (rule 7).
   *
   * @param entries contiguous, terms ascending
   */
  public void append(List<LogEntry> entries) {
    if (entries.isEmpty()) {
      return;
    }
    Invariant.check(
        entries.get(0).index() == lastIndex() + 1,
        () ->
            "entry " + entries.get(0).position() + " does not follow the end of the log " + last());
    ensureCapacity(entries.size());
    long offset = offsetAt(lastIndex());
    for (LogEntry entry : entries) {
      offset += entry.sizeBytes();
      int slot = slot(entry.index());
      ring[slot] = entry;
      endOffsets[slot] = offset;
    }
    terms = terms.extend(entries);
  }

  /**
   * Removes a conflicting suffix. The caller vouches that nothing of it is committed.
   *
   * @param index the last index that is kept
   */
  public void truncateAfter(long index) {
    long oldLast = lastIndex();
    terms = terms.keepUpTo(index);
    if (index < firstInMemory - 1) {
      clear(firstInMemory, oldLast);
      firstInMemory = index + 1;
      startOffset = 0;
    } else {
      clear(index + 1, oldLast);
    }
  }

  /**
   * Drops entries from memory, oldest first, until the tail fits its budget.
   *
   * @param upTo the highest index that may go; everything up to it is durable
   * @param budgetBytes what may stay
   */
  public void evict(long upTo, long budgetBytes) {
    long end = offsetAt(lastIndex());
    while (end - startOffset > budgetBytes && firstInMemory <= Math.min(upTo, lastIndex())) {
      int slot = slot(firstInMemory);
      startOffset = endOffsets[slot];
      clearSlot(slot);
      firstInMemory++;
    }
  }

  /**
   * Entries in memory.
   *
   * @param from the first index, from firstInMemory to the last index
   * @param to the last index wanted, at least from
   * @param maxBytes stop before this size is exceeded, but return at least one
   * @return contiguous entries
   */
  public List<LogEntry> slice(long from, long to, long maxBytes) {
    Invariant.check(
        from >= firstInMemory && from <= to && to <= lastIndex(),
        () ->
            "no entries "
                + from
                + " to "
                + to
                + " in memory from "
                + firstInMemory
                + " to "
                + last());
    long start = offsetAt(from - 1);
    long end = from;
    while (end < to && endOffsets[slot(end + 1)] - start <= maxBytes) {
      end++;
    }
    LogEntry[] entries = new LogEntry[(int) (end - from + 1)];
    for (int i = 0; i < entries.length; i++) {
      entries[i] = ring[slot(from + i)];
    }
    return Collections.unmodifiableList(Arrays.asList(entries));
  }

  /**
   * The size of entries in memory.
   *
   * @param after counted are the indexes above this one
   * @param to up to and including this one
   * @return bytes; what is not in memory counts nothing
   */
  public long bytesBetween(long after, long to) {
    return after >= to ? 0 : offsetAt(to) - offsetAt(after);
  }

  /** {@return the size of all entries in memory} */
  public long bytesInMemory() {
    return offsetAt(lastIndex()) - startOffset;
  }

  private long offsetAt(long index) {
    return index < firstInMemory ? startOffset : endOffsets[slot(index)];
  }

  private int slot(long index) {
    return (int) index & (ring.length - 1);
  }

  private void clear(long from, long to) {
    for (long index = from; index <= to; index++) {
      clearSlot(slot(index));
    }
  }

  @SuppressWarnings("NullAway") // a free slot is null, and no index maps to it
  private void clearSlot(int slot) {
    ring[slot] = null;
  }

  private void ensureCapacity(int more) {
    long needed = lastIndex() - firstInMemory + 1 + more;
    if (needed <= ring.length) {
      return;
    }
    LogEntry[] oldRing = ring;
    long[] oldOffsets = endOffsets;
    int oldMask = oldRing.length - 1;
    int capacity = Math.toIntExact(Long.highestOneBit(needed - 1) << 1);
    ring = new LogEntry[capacity];
    endOffsets = new long[capacity];
    for (long index = firstInMemory; index <= lastIndex(); index++) {
      ring[slot(index)] = oldRing[(int) index & oldMask];
      endOffsets[slot(index)] = oldOffsets[(int) index & oldMask];
    }
  }
}
