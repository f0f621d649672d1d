package org.raftactors.core.script;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.raftactors.core.log.LogEntry;
import org.raftactors.core.log.LogPosition;
import org.raftactors.core.log.RaftLog;
import org.raftactors.core.log.SnapshotBase;
import org.raftactors.core.write.DurableState;
import org.raftactors.core.write.HardState;
import org.raftactors.core.write.PendingWrite;
import org.raftactors.core.write.Written;

/**
 * The disk of one replica: the events that are durable, at most one write in flight that a crash
 * loses, and snapshot files. Beside the production's {@link DurableState} it keeps a deliberately
 * dumb image of the durable log, which is the truth that safety is judged by.
 */
final class ScriptDisk {

  /**
   * A snapshot file: it is what it holds, all that was ever applied.
   *
   * @param base its label
   * @param applied in order
   */
  record Snapshot(SnapshotBase base, List<LogEntry> applied) {}

  private final SnapshotBase initialBase;
  private final List<Written> events = new ArrayList<>();
  private final TreeMap<Long, LogEntry> image = new TreeMap<>();
  private final TreeMap<Long, Snapshot> snapshots = new TreeMap<>();
  private SnapshotBase base;
  private DurableState state;
  private @Nullable PendingWrite inFlight;
  private boolean automatic = true;

  ScriptDisk(SnapshotBase base) {
    this.initialBase = base;
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
    stand(event.base());
    image.tailMap(event.previous().index(), false).clear();
    event.entries().forEach(entry -> image.put(entry.index(), entry));
  }

  private void stand(SnapshotBase newBase) {
    LogPosition position = newBase.position();
    if (!holds(position.index(), position.term())) {
      image.clear();
    }
    image.headMap(position.index(), true).clear();
    base = newBase;
  }

  /** A crash: the write in flight never reached the disk. */
  void loseInFlight() {
    inFlight = null;
  }

  void save(Snapshot snapshot) {
    snapshots.put(snapshot.base().position().index(), snapshot);
  }

  /** The newest snapshot file, also one that this log does not reach. */
  @Nullable Snapshot newest() {
    return snapshots.isEmpty() ? null : snapshots.lastEntry().getValue();
  }

  @Nullable Snapshot snapshot(long index) {
    return snapshots.get(index);
  }

  /** The snapshot that a start begins with: the newest one that lies in the log. */
  @Nullable Snapshot usable() {
    for (Snapshot snapshot : snapshots.descendingMap().values()) {
      LogPosition position = snapshot.base().position();
      if (state.terms().contains(position)) {
        return snapshot;
      }
    }
    return null;
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
    return image.isEmpty() ? base.position().index() : image.lastKey();
  }

  /** The durable entry at an index, null if there is none above the base. */
  @Nullable LogEntry entry(long index) {
    return image.get(index);
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
    RaftLog log = RaftLog.empty(initialBase);
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
