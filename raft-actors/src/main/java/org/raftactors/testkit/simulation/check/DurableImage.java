package org.raftactors.testkit.simulation.check;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.raftactors.core.log.LogEntry;
import org.raftactors.core.log.LogPosition;
import org.raftactors.core.write.HardState;
import org.raftactors.core.write.Written;

/**
 * A deliberately dumb image of what a replica's journal holds: the truth that safety is judged by.
 * Advanced by every event at the moment it is durable; survives all crashes.
 */
public final class DurableImage {

  private @Nullable LogEntry[] entries = new @Nullable LogEntry[64];
  private final Map<Long, LogEntry> overwritten = new TreeMap<>();
  private int size;
  private LogPosition base = LogPosition.ZERO;
  private HardState hardState = HardState.INITIAL;

  /**
   * An event has become durable.
   *
   * @param event stands somewhere within the image or directly behind it
   */
  public void append(Written event) {
    stand(event.base().position());
    int previous = (int) event.previous().index();
    if (previous > size
        || previous < base.index()
        || !holds(event.previous().index(), event.previous().term())) {
      throw new Violation(
          Property.REPLAY, "an event after " + event.previous() + " leaves a gap behind " + last());
    }
    int count = event.entries().size();
    if (previous + count > entries.length) {
      entries = Arrays.copyOf(entries, Math.max(entries.length * 2, previous + count));
    }
    for (int i = previous; i < size; i++) {
      overwrite(i);
    }
    for (int i = 0; i < count; i++) {
      entries[previous + i] = event.entries().get(i);
    }
    size = previous + count;
    hardState = event.hardState();
  }

  /** What a snapshot holds leaves the log; all of it, if the snapshot is not of this log. */
  private void stand(LogPosition newBase) {
    if (newBase.equals(base)) {
      return;
    }
    if (newBase.index() < base.index()) {
      throw new Violation(Property.REPLAY, "base " + newBase + " comes after base " + base);
    }
    if (!holds(newBase.index(), newBase.term())) {
      for (int i = (int) newBase.index(); i < size; i++) {
        overwrite(i);
      }
      size = (int) newBase.index();
      entries = Arrays.copyOf(entries, Math.max(entries.length, size));
    }
    for (int i = (int) base.index(); i < newBase.index(); i++) {
      entries[i] = null;
      overwritten.remove(i + 1L);
    }
    base = newBase;
  }

  private void overwrite(int at) {
    LogEntry entry = entries[at];
    if (entry != null) {
      overwritten.put(at + 1L, entry);
    }
  }

  /** Nothing is durable any more. */
  public void clear() {
    size = 0;
    base = LogPosition.ZERO;
    hardState = HardState.INITIAL;
  }

  /** The vote is gone: what no honest disk does. */
  public void forgetVote() {
    hardState = new HardState(hardState.term(), null);
  }

  /**
   * Whether this very entry is durable.
   *
   * @param index of the entry, 0 for the position before the first
   * @param term of the entry
   * @return true if it is, or lies below the base: what that must be, the committed history says
   */
  public boolean holds(long index, long term) {
    if (index <= base.index()) {
      return index < base.index() || term == base.term();
    }
    LogEntry entry = entry(index);
    return entry != null && entry.term() == term;
  }

  /** {@return what the durable log stands on} */
  public LogPosition base() {
    return base;
  }

  /**
   * A durable entry.
   *
   * @param index of the entry
   * @return null if there is none
   */
  public @Nullable LogEntry entry(long index) {
    return index > base.index() && index <= size ? entries[(int) index - 1] : null;
  }

  /**
   * What was durable at an index before something else was.
   *
   * @param index of the entry
   * @return null if there never was anything else
   */
  public @Nullable LogEntry overwritten(long index) {
    return overwritten.isEmpty() ? null : overwritten.get(index);
  }

  /** {@return the highest durable index} */
  public long lastIndex() {
    return size;
  }

  /** {@return the durable term and vote} */
  public HardState hardState() {
    return hardState;
  }

  private String last() {
    LogEntry entry = entry(size);
    return entry == null ? base.toString() : entry.position().toString();
  }
}
