package org.raftactors.core.apply;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.raftactors.core.invariant.Invariant;
import org.raftactors.core.log.LogEntry;

/**
 * Who waits for which entry that this replica appended as leader. Entries of a leadership follow
 * each other, so its waiters form a queue. A waiter is handed out with the entry that is applied at
 * its index if that entry has its term, and otherwise learns that its outcome is unknown (rule 8).
 *
 * <p>When leadership is lost, those whose entries are committed wait on: their entries will be
 * applied here too. All others are answered at once. So there is more than one queue only while
 * entries of an earlier leadership are still to be applied.
 */
public final class PendingProposals {

  private static final class Leadership {
    final long term;
    final ArrayDeque<Object> waiters = new ArrayDeque<>();
    long firstIndex;

    Leadership(long term, long firstIndex) {
      this.term = term;
      this.firstIndex = firstIndex;
    }

    long nextIndex() {
      return firstIndex + waiters.size();
    }
  }

  private final ArrayDeque<Leadership> leaderships = new ArrayDeque<>();

  /**
   * Adds the waiter of an entry that was just appended.
   *
   * @param index directly above the last one added in this term
   * @param term the term of the entry, never lower than before
   * @param waiter the waiter
   */
  public void add(long index, long term, Object waiter) {
    Leadership latest = leaderships.peekLast();
    if (latest == null || latest.term < term) {
      latest = new Leadership(term, index);
      leaderships.add(latest);
    }
    long expectedTerm = latest.term;
    long expectedIndex = latest.nextIndex();
    Invariant.check(
        index == expectedIndex && term == expectedTerm,
        () -> "waiter for " + index + "/" + term + ", not " + expectedIndex + "/" + expectedTerm);
    latest.waiters.add(waiter);
  }

  /**
   * The waiters of entries that are about to be applied.
   *
   * @param entries contiguous
   * @param superseded gets those whose index holds an entry of another term
   * @return one for each entry, or null
   */
  public @Nullable Object[] take(List<LogEntry> entries, List<Object> superseded) {
    @Nullable Object[] taken = new @Nullable Object[entries.size()];
    for (Leadership leadership : leaderships) {
      take(leadership, entries, taken, superseded);
    }
    leaderships.removeIf(leadership -> leadership.waiters.isEmpty());
    return taken;
  }

  private static void take(
      Leadership from, List<LogEntry> entries, @Nullable Object[] taken, List<Object> superseded) {
    long first = entries.get(0).index();
    Deque<Object> waiters = from.waiters;
    while (!waiters.isEmpty() && from.firstIndex < first + taken.length) {
      Object waiter = waiters.removeFirst();
      int position = (int) (from.firstIndex++ - first);
      if (position >= 0 && entries.get(position).term() == from.term) {
        taken[position] = waiter;
      } else {
        superseded.add(waiter);
      }
    }
  }

  /**
   * Takes out everyone who waits for an entry above an index.
   *
   * @param index the last one whose waiter stays
   * @return all others
   */
  public List<Object> clearAbove(long index) {
    List<Object> cleared = new ArrayList<>();
    for (Leadership leadership : leaderships) {
      while (!leadership.waiters.isEmpty() && leadership.nextIndex() - 1 > index) {
        cleared.add(leadership.waiters.removeLast());
      }
    }
    leaderships.removeIf(leadership -> leadership.waiters.isEmpty());
    Collections.reverse(cleared);
    return cleared;
  }
}
