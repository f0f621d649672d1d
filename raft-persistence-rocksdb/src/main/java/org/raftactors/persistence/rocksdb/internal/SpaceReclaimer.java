package org.raftactors.persistence.rocksdb.internal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.CompactRangeOptions;
import org.rocksdb.FlushOptions;
import org.rocksdb.Range;
import org.rocksdb.RocksDBException;
import org.rocksdb.SizeApproximationFlag;
import org.rocksdb.Slice;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Returns the disk space of deleted records. A deletion writes a marker only; the records go when
 * the files they are in are compacted, which for cold ranges may be never. So this gathers deleted
 * ranges until their estimated size is worth it, then compacts them.
 *
 * <p>One background thread; what it has gathered is not durable. After a restart such ranges wait
 * for RocksDB's own compaction or the next deletion of the same persistence id.
 */
final class SpaceReclaimer {

  private static final Logger LOG = LoggerFactory.getLogger(SpaceReclaimer.class);

  private final StoreSettings settings;
  private final StoreCounters counters;
  private final ExecutorService thread;
  private volatile @Nullable Database database;

  /** Per column family and persistence id, so that repeated deletions are one range. */
  private final Map<RangeKey, RangeReader.Range> pending = new LinkedHashMap<>();

  private long pendingBytes;

  private record RangeKey(ColumnFamilyHandle columnFamily, long id) {}

  SpaceReclaimer(StoreSettings settings, StoreCounters counters) {
    this.settings = settings;
    this.counters = counters;
    this.thread =
        Executors.newSingleThreadExecutor(
            task -> {
              Thread daemon = new Thread(task, "rocksdb-reclaim-" + settings.directory());
              daemon.setDaemon(true);
              return daemon;
            });
  }

  /** Handles of column families belong to one opening: what was gathered before is dropped. */
  void use(Database opened) {
    database = opened;
    thread.execute(this::dropPending);
  }

  void deleted(List<RangeReader.Range> ranges) {
    Database current = database;
    if (current == null || ranges.isEmpty()) {
      return;
    }
    try {
      thread.execute(() -> gather(current, ranges));
    } catch (RejectedExecutionException e) {
      LOG.debug("Closing; the space is reclaimed after the next deletion.", e);
    }
  }

  void close() {
    thread.shutdown();
  }

  private void dropPending() {
    pending.clear();
    pendingBytes = 0;
  }

  private void gather(Database current, List<RangeReader.Range> ranges) {
    if (current != database) {
      return;
    }
    try {
      for (RangeReader.Range range : ranges) {
        pendingBytes += current.read("sizes of deleted ranges", db -> size(db, range));
        pending.merge(
            new RangeKey(range.columnFamily(), StoreKeys.id(range.from())),
            range,
            SpaceReclaimer::join);
      }
      if (pendingBytes >= settings.reclaimAfter()) {
        reclaim(current, List.copyOf(pending.values()));
        dropPending();
        counters.reclaimed();
      }
    } catch (RuntimeException e) {
      // Space only: the records stay deleted. A damaged file shows itself to its readers as well.
      dropPending();
      LOG.warn("Space of deleted records in {} not reclaimed.", settings.directory(), e);
    }
  }

  private static RangeReader.Range join(RangeReader.Range earlier, RangeReader.Range later) {
    return new RangeReader.Range(
        earlier.columnFamily(), min(earlier.from(), later.from()), later.until());
  }

  private static byte[] min(byte[] a, byte[] b) {
    return Arrays.compareUnsigned(a, b) <= 0 ? a : b;
  }

  private static long size(Database db, RangeReader.Range range) {
    try (Slice from = new Slice(range.from());
        Slice until = new Slice(range.until())) {
      long[] sizes =
          db.rocks()
              .getApproximateSizes(
                  range.columnFamily(),
                  List.of(new Range(from, until)),
                  SizeApproximationFlag.INCLUDE_FILES,
                  SizeApproximationFlag.INCLUDE_MEMTABLES);
      return sizes[0];
    }
  }

  private void reclaim(Database current, List<RangeReader.Range> ranges) {
    current.read("write buffers", this::flushAll);
    for (RangeReader.Range range : ranges) {
      current.read("deleted ranges", db -> compact(db, range));
    }
  }

  /** All of them, because the log can only be cut where no write buffer needs it any more. */
  private boolean flushAll(Database db) throws RocksDBException {
    try (FlushOptions options = new FlushOptions().setWaitForFlush(true)) {
      db.rocks().flush(options, new ArrayList<>(db.all()));
    }
    return true;
  }

  /**
   * By compaction and not by dropping whole files: a dropped file may contain the marker that hides
   * older records in another file.
   */
  private boolean compact(Database db, RangeReader.Range range) throws RocksDBException {
    try (CompactRangeOptions options =
        new CompactRangeOptions().setExclusiveManualCompaction(false).setAllowWriteStall(false)) {
      db.rocks().compactRange(range.columnFamily(), range.from(), range.until(), options);
    }
    return true;
  }
}
