package org.raftactors.core.apply;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.raftactors.core.invariant.Invariant;
import org.raftactors.core.log.LogEntry;

/**
 * Who waits for which entry of this leader's term. Entries of a leadership follow each other, so
 * the waiters form a queue. A waiter is handed out with the entry that is applied at its index if
 * that entry has its term, and otherwise learns that its outcome is unknown (rule 8).
 */
public final class PendingProposals {

  private final ArrayDeque<Object> waiters = new ArrayDeque<>();
  private long firstIndex;
  private long term;

  /**
   * Adds the waiter of an entry that was just appended.
   *
   * @param index directly above the last one added, or any if none waits
   * @param entryTerm the term of the entry
   * @param waiter the waiter
   */
  public void add(long index, long entryTerm, Object waiter) {
    if (waiters.isEmpty()) {
      firstIndex = index;
      term = entryTerm;
    }
    Invariant.check(
        index == firstIndex + waiters.size() && entryTerm == term,
        () ->
            "waiter for "
                + index
                + "/"
                + entryTerm
                + " does not follow "
                + firstIndex
                + "/"
                + term
                + " + "
                + waiters.size());
    waiters.add(waiter);
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
    long first = entries.get(0).index();
    while (!waiters.isEmpty() && firstIndex < first + taken.length) {
      Object waiter = waiters.removeFirst();
      int position = (int) (firstIndex++ - first);
      if (position >= 0 && entries.get(position).term() == term) {
        taken[position] = waiter;
      } else {
        superseded.add(waiter);
      }
    }
    return taken;
  }

  /**
   * Takes everyone out, after leadership was lost.
   *
   * @return all who waited
   */
  public List<Object> clear() {
    List<Object> all = new ArrayList<>(waiters);
    waiters.clear();
    return all;
  }
}
