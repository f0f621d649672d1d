package org.raftactors.testkit.simulation.check;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.raftactors.core.log.LogEntry;
import org.raftactors.core.write.HardState;
import org.raftactors.core.write.Written;

/**
 * A deliberately dumb image of what a replica's journal holds: the truth that safety is judged by.
 * Advanced by every event at the moment it is durable; survives all crashes.
 */
public final class DurableImage {

  private LogEntry[] entries = new LogEntry[64];
  private final Map<Long, LogEntry> overwritten = new TreeMap<>();
  private int size;
  private HardState hardState = HardState.INITIAL;

  /**
   * An event has become durable.
   *
   * @param event stands somewhere within the image or directly behind it
   */
  public void append(Written event) {
    int previous = (int) event.previous().index();
    if (previous > size || (previous > 0 && termAt(previous) != event.previous().term())) {
      throw new Violation(
          Property.REPLAY, "an event after " + event.previous() + " leaves a gap behind " + last());
    }
    int count = event.entries().size();
    if (previous + count > entries.length) {
      entries = Arrays.copyOf(entries, Math.max(entries.length * 2, previous + count));
    }
    for (int i = previous; i < size; i++) {
      overwritten.put(i + 1L, entries[i]);
    }
    for (int i = 0; i < count; i++) {
      entries[previous + i] = event.entries().get(i);
    }
    size = previous + count;
    hardState = event.hardState();
  }

  /** Nothing is durable any more. */
  public void clear() {
    size = 0;
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
   * @return true if it is
   */
  public boolean holds(long index, long term) {
    return index == 0 ? term == 0 : index <= size && termAt(index) == term;
  }

  /**
   * A durable entry.
   *
   * @param index of the entry
   * @return null if there is none
   */
  public @Nullable LogEntry entry(long index) {
    return index >= 1 && index <= size ? entries[(int) index - 1] : null;
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

  private long termAt(long index) {
    return entries[(int) index - 1].term();
  }

  private String last() {
    return size == 0 ? "0/0" : entries[size - 1].position().toString();
  }
}
