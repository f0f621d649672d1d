package org.raftactors.core.script;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.raftactors.core.log.LogEntry;
import org.raftactors.core.log.RaftLog;
import org.raftactors.core.log.SnapshotBase;
import org.raftactors.core.write.DurableState;
import org.raftactors.core.write.HardState;
import org.raftactors.core.write.PendingWrite;
import org.raftactors.core.write.Written;

/**
 * The journal of one replica: the events that are durable, and at most one write in flight that a
 * crash loses. Beside the production's {@link DurableState} it keeps a deliberately dumb image of
 * the durable log, which is the truth that safety is judged by.
 */
final class ScriptDisk {

  private final SnapshotBase base;
  private final List<Written> events = new ArrayList<>();
  private final List<LogEntry> image = new ArrayList<>();
  private DurableState state;
  private @Nullable PendingWrite inFlight;
  private boolean automatic = true;

  ScriptDisk(SnapshotBase base) {
    this.base = base;
    this.state = DurableState.initial(base);
  }

  void automatic(boolean on) {
    automatic = on;
  }

  boolean isAutomatic() {
    return automatic;
  }

  void start(PendingWrite write) {
    Require.that(inFlight == null, "a second write while one is in flight");
    inFlight = write;
  }

  @Nullable PendingWrite inFlight() {
    return inFlight;
  }

  /** The write in flight is durable from now on. */
  void complete() {
    PendingWrite write = inFlight;
    if (write == null) {
      throw new IllegalStateException("no write is in flight");
    }
    inFlight = null;
    append(write.event());
  }

  void append(Written event) {
    state = state.after(event, events.size() + 1L);
    events.add(event);
    int keep = (int) (event.previous().index() - base.position().index());
    image.subList(keep, image.size()).clear();
    image.addAll(event.entries());
  }

  /** A crash: the write in flight never reached the disk. */
  void loseInFlight() {
    inFlight = null;
  }

  DurableState state() {
    return state;
  }

  HardState hardState() {
    return state.hardState();
  }

  SnapshotBase base() {
    return base;
  }

  long lastIndex() {
    return base.position().index() + image.size();
  }

  /** The durable entry at an index, null if there is none above the base. */
  @Nullable LogEntry entry(long index) {
    long at = index - base.position().index() - 1;
    return at < 0 || at >= image.size() ? null : image.get((int) at);
  }

  /** Whether this very entry is durable here, or lies below the base. */
  boolean holds(long index, long term) {
    if (index <= base.position().index()) {
      return index < base.position().index() || term == base.position().term();
    }
    LogEntry entry = entry(index);
    return entry != null && entry.term() == term;
  }

  /** The log as a restart finds it. */
  RaftLog replay(long tailBytes) {
    RaftLog log = RaftLog.empty(base);
    events.forEach(event -> log.replay(event, tailBytes));
    return log;
  }

  /** The log as a restart finds it that has a saved {@link DurableState} and reads no event. */
  RaftLog cold() {
    return RaftLog.cold(base, state.terms());
  }

  /** The durable entries of a range, as a read journal gives them. */
  List<LogEntry> read(long firstIndex, long lastIndex, int maxBytes) {
    List<LogEntry> found = new ArrayList<>();
    long bytes = 0;
    for (long index = firstIndex; index <= lastIndex && bytes < maxBytes; index++) {
      LogEntry entry = entry(index);
      if (entry == null) {
        break;
      }
      found.add(entry);
      bytes += entry.sizeBytes();
    }
    return found;
  }
}
