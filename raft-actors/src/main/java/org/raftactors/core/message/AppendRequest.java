package org.raftactors.core.message;

import java.util.List;
import org.raftactors.core.log.LogEntry;
import org.raftactors.core.log.LogPosition;

/**
 * Replicates entries, anchored at the one before them (Raft 5.3).
 *
 * @param term the leader's term
 * @param previous the position directly before the first entry
 * @param entries contiguous, may be empty
 * @param leaderCommit the leader's commit index
 */
public record AppendRequest(
    long term, LogPosition previous, List<LogEntry> entries, long leaderCommit)
    implements RaftMessage {

  /**
   * Refuses entries that do not follow each other, or that are from a later term than the leader.
   */
  public AppendRequest {
    long expectedIndex = previous.index() + 1;
    long lowestTerm = previous.term();
    for (LogEntry entry : entries) {
      if (entry.index() != expectedIndex++ || entry.term() < lowestTerm || entry.term() > term) {
        throw new IllegalArgumentException(
            "entry "
                + entry.position()
                + " does not belong into an append of term "
                + term
                + " after "
                + previous);
      }
      lowestTerm = entry.term();
    }
  }

  /**
   * The last index that a receiver holds after it accepted this append.
   *
   * @return the index of the last entry, or of the anchor if there are none
   */
  public long lastIndex() {
    return previous.index() + entries.size();
  }
}
