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
 * ranges until their estimated size is worth it, drops files that hold nothing else, and compacts
 * the others.
 *
 * <p>One background thread; what it has gathered is not durable, so after an opening it looks
 * through all persistence ids for what is deleted and still there. A crash between any two steps
 * leaves records that nobody reads: the position of the persistence id, durable before this begins,
 * says that they are deleted.
 */
final class SpaceReclaimer {

  private static final Logger LOG = LoggerFactory.getLogger(SpaceReclaimer.class);

  /** Beyond this, one compaction of all in between costs less than one for each. */
  private static final int MAX_RANGES = 32;

  /** In place of the number of a persistence id; no such number. */
  private static final long COVERING = 0;

  private final StoreSettings settings;
  private final StoreCounters counters;
  private final ExecutorService thread;
  private volatile @Nullable Database database;

  /** Per column family and persistence id, so that repeated deletions are one range. */
  private final Map<RangeKey, RangeReader.Range> pending = new LinkedHashMap<>();

  private long pendingBytes;

  /** Not by the column family's handle: comparing those calls into the database. */
  private record RangeKey(boolean journal, long id) {}

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
    thread.execute(
        () -> {
          dropPending();
          gatherLeftovers(opened);
        });
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
      for (RangeReader.Range deleted : ranges) {
        pendingBytes += current.read("sizes of deleted ranges", db -> size(db, deleted));
        RangeReader.Range range = fromTheBeginning(current, deleted);
        add(isJournal(current, range), StoreKeys.id(range.from()), range);
      }
      if (pending.size() > MAX_RANGES) {
        joinAll();
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

  /** What a crash left is before it, and costs nothing to look for. */
  private static RangeReader.Range fromTheBeginning(Database database, RangeReader.Range range) {
    return isJournal(database, range)
        ? new RangeReader.Range(
            range.columnFamily(), StoreKeys.of(StoreKeys.id(range.from()), 0), range.until())
        : range;
  }

  /** What was deleted before this opening and whose space was not returned. */
  private void gatherLeftovers(Database opened) {
    byte[] next = StoreKeys.FIRST_PERSISTENCE_ID;
    boolean last = false;
    try {
      while (!last && opened == database) {
        byte[] from = next;
        PersistenceIdChunk chunk =
            opened.read(
                "the persistence ids",
                db -> PersistenceIdChunk.read(db, from, settings.readChunkRecords(), true));
        List<RangeReader.Range> ranges = new ArrayList<>();
        for (String persistenceId : chunk.persistenceIds()) {
          opened.read("a position", db -> addDeleted(db, persistenceId, ranges));
        }
        gather(opened, ranges);
        next = chunk.next();
        last = chunk.last();
      }
    } catch (RuntimeException e) {
      LOG.warn("Space of records deleted before in {} not reclaimed.", settings.directory(), e);
    }
  }

  private static boolean addDeleted(
      Database database, String persistenceId, List<RangeReader.Range> ranges)
      throws RocksDBException, DamagedRecordException {
    IdEntry entry = MetaTable.entry(database, persistenceId);
    if (entry != null && entry.deletedTo() > 0) {
      ranges.add(
          new RangeReader.Range(
              database.journal(),
              StoreKeys.of(entry.id(), 0),
              StoreKeys.after(entry.id(), entry.deletedTo())));
    }
    return true;
  }

  @SuppressWarnings("ReferenceEquality") // Comparing the names would call into the database.
  private static boolean isJournal(Database database, RangeReader.Range range) {
    return range.columnFamily() == database.journal();
  }

  private void add(boolean journal, long id, RangeReader.Range range) {
    pending.merge(new RangeKey(journal, id), range, SpaceReclaimer::join);
  }

  /** Many small ones become one that covers them, per column family. */
  private void joinAll() {
    Map<RangeKey, RangeReader.Range> separate = new LinkedHashMap<>(pending);
    pending.clear();
    separate.forEach((key, range) -> add(key.journal(), COVERING, range));
  }

  private static RangeReader.Range join(RangeReader.Range a, RangeReader.Range b) {
    return new RangeReader.Range(
        a.columnFamily(),
        Arrays.compareUnsigned(a.from(), b.from()) <= 0 ? a.from() : b.from(),
        Arrays.compareUnsigned(a.until(), b.until()) >= 0 ? a.until() : b.until());
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
      current.read("deleted ranges", db -> dropFiles(db, range));
      current.read("deleted ranges", db -> compact(db, range));
    }
    current.read("obsolete files", SpaceReclaimer::deleteObsolete);
  }

  /**
   * A file that a compaction has emptied while another job was at work is only looked for again
   * when the next one ends, and on an idle store there is none. To allow deletions looks for all of
   * them.
   */
  private static boolean deleteObsolete(Database db) throws RocksDBException {
    db.rocks().disableFileDeletions();
    db.rocks().enableFileDeletions();
    return true;
  }

  /**
   * Files with nothing but deleted events of one persistence id. With such a file may go the marker
   * that hides older records in another one: they are deleted events as well, which nobody reads,
   * and they go with the compaction. Snapshots are looked for by their keys alone, so that does not
   * hold for them.
   */
  private static boolean dropFiles(Database db, RangeReader.Range range) throws RocksDBException {
    boolean oneJournal = StoreKeys.id(range.from()) == StoreKeys.id(range.until());
    if (oneJournal && isJournal(db, range)) {
      db.rocks()
          .deleteFilesInRanges(range.columnFamily(), List.of(range.from(), range.until()), false);
    }
    return true;
  }

  /** All of them, because the log can only be cut where no write buffer needs it any more. */
  private boolean flushAll(Database db) throws RocksDBException {
    try (FlushOptions options = new FlushOptions().setWaitForFlush(true)) {
      db.rocks().flush(options, new ArrayList<>(db.all()));
    }
    return true;
  }

  private boolean compact(Database db, RangeReader.Range range) throws RocksDBException {
    try (CompactRangeOptions options =
        new CompactRangeOptions().setExclusiveManualCompaction(false).setAllowWriteStall(false)) {
      db.rocks().compactRange(range.columnFamily(), range.from(), range.until(), options);
    }
    return true;
  }
}
