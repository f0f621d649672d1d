package org.raftactors.core.write;

import java.util.List;
import org.raftactors.core.log.LogEntry;
import org.raftactors.core.log.LogPosition;
import org.raftactors.core.log.SnapshotBase;

/**
 * The one event of the journal. It is complete in itself: after it, the hard state is what it says
 * and the log is what the log was up to {@code previous}, followed by {@code entries}. An event
 * without entries names the end of the log as previous and so cuts nothing.
 *
 * @param hardState term and vote
 * @param base what the log stands on
 * @param previous the position directly before the first of the entries
 * @param entries only those that the log lacked
 * @param commitHint a commit index known when this was written, at most the last index after it
 */
public record Written(
    HardState hardState,
    SnapshotBase base,
    LogPosition previous,
    List<LogEntry> entries,
    long commitHint) {

  public long lastIndex() {
    return previous.index() + entries.size();
  }
}
