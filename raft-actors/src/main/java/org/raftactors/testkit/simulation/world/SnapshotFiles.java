package org.raftactors.testkit.simulation.world;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.raftactors.core.write.DurableState;

/**
 * The snapshots on one replica's disk, each of them complete. They outlive all crashes, but may be
 * damaged, which shows only when one is read, or gone at the next start.
 */
final class SnapshotFiles {

  private final TreeMap<Long, SnapshotFile> files = new TreeMap<>();
  private final Set<Long> damaged = new TreeSet<>();

  void save(SnapshotFile file) {
    files.put(file.index(), file);
    damaged.remove(file.index());
  }

  /** The index of the newest one, 0 if there is none. */
  long newest() {
    return files.isEmpty() ? 0 : files.lastKey();
  }

  /** The index of the newest one up to an index, 0 if there is none. */
  long newestUpTo(long index) {
    Long found = files.floorKey(index);
    return found == null ? 0 : found;
  }

  boolean has(SnapshotFile wanted) {
    SnapshotFile file = read(wanted.index());
    return file != null && file.isSameAs(wanted);
  }

  /** The one with a label, null if it is not there or damaged. */
  @Nullable SnapshotFile read(long index) {
    return damaged.contains(index) ? null : files.get(index);
  }

  /** The newest good one that includes at least so much, null if there is none. */
  @Nullable SnapshotFile newestFrom(long atLeastIndex) {
    for (long index : files.tailMap(atLeastIndex, true).descendingKeySet()) {
      SnapshotFile file = read(index);
      if (file != null) {
        return file;
      }
    }
    return null;
  }

  /** The newest good one that lies within a log, null if there is none: a start begins with it. */
  @Nullable SnapshotFile newestWithin(DurableState log) {
    for (Map.Entry<Long, SnapshotFile> entry : files.descendingMap().entrySet()) {
      if (read(entry.getKey()) != null
          && log.terms().contains(entry.getValue().base().position())) {
        return entry.getValue();
      }
    }
    return null;
  }

  /** The oldest of the newest ones up to an index: the log must reach back to it. */
  long oldestKept(int keep, long upTo) {
    long oldest = upTo;
    int counted = 0;
    for (long index : files.headMap(upTo, true).descendingKeySet()) {
      if (counted++ < keep) {
        oldest = index;
      }
    }
    return oldest;
  }

  /** Deletes what is older than that, if there are that many. */
  void prune(int keep, long upTo) {
    if (files.headMap(upTo, true).size() >= keep) {
      files.headMap(oldestKept(keep, upTo), false).clear();
      damaged.retainAll(files.keySet());
    }
  }

  /** A file is gone, or is not what it was. */
  void spoil(long index, boolean gone) {
    if (gone) {
      files.remove(index);
      damaged.remove(index);
    } else {
      damaged.add(index);
    }
  }

  /** The labels of all, in order: what is drawn for each must not depend on anything else. */
  List<Long> indexes() {
    return List.copyOf(files.keySet());
  }
}
