package org.raftactors.core;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.raftactors.core.log.LogEntry;

/**
 * Committed entries that are durable here, in index order, with those who wait for them.
 *
 * @param entries contiguous, not empty
 * @param waiters one for each entry: the waiter of the proposal that became exactly this (index,
 *     term), or null
 * @param sizeBytes what the batch counts in the apply backlog
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, one per batch on the hot path
public record ApplyBatch(List<LogEntry> entries, @Nullable Object[] waiters, long sizeBytes) {

  /** {@return the index of the first entry} */
  public long firstIndex() {
    return entries.get(0).index();
  }

  /** {@return the index of the last entry} */
  public long lastIndex() {
    return entries.get(entries.size() - 1).index();
  }
}
