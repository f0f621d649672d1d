package org.raftactors.actor;

import java.util.ArrayList;
import java.util.List;
import org.raftactors.core.Effect;
import org.raftactors.core.log.LogEntry;
import org.raftactors.core.log.TermRanges;
import org.raftactors.core.write.Written;

/**
 * Picks the entries of a range out of journal events. The journal also holds entries that were
 * replaced later: one counts only if its term is what the log says.
 */
final class EntryCollector {

  private final Effect.Fetch fetch;
  private final TermRanges terms;
  private final List<LogEntry> found = new ArrayList<>();
  private long bytes;
  private boolean full;

  EntryCollector(Effect.Fetch fetch, TermRanges terms) {
    this.fetch = fetch;
    this.terms = terms;
  }

  /**
   * Takes what fits.
   *
   * @param event the next event of the journal
   * @return whether more is wanted
   */
  boolean add(Written event) {
    for (LogEntry entry : event.entries()) {
      if (isComplete()) {
        return false;
      }
      // Entries come in order, repeated ones are equal: so the next one, and nothing else.
      if (entry.index() == nextIndex() && isOfTheLog(entry)) {
        take(entry);
      }
    }
    return !isComplete();
  }

  /** One at least; and no more than fit, since a message that is too large never arrives. */
  private void take(LogEntry entry) {
    if (!found.isEmpty() && bytes + entry.sizeBytes() > fetch.maxBytes()) {
      full = true;
    } else {
      found.add(entry);
      bytes += entry.sizeBytes();
    }
  }

  List<LogEntry> entries() {
    return found;
  }

  /** The index after the last entry that was found. */
  long nextIndex() {
    return fetch.firstIndex() + found.size();
  }

  private boolean isComplete() {
    return full || nextIndex() > fetch.lastIndex();
  }

  private boolean isOfTheLog(LogEntry entry) {
    return entry.index() > terms.baseIndex()
        && entry.index() <= terms.lastIndex()
        && terms.termAt(entry.index()) == entry.term();
  }
}
