package org.raftactors.persistence.rocksdb.internal;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.raftactors.persistence.rocksdb.JournalDamage;
import org.raftactors.persistence.rocksdb.RocksDbStoreException;
import org.raftactors.persistence.rocksdb.RocksDbStoreException.Reason;
import org.raftactors.persistence.rocksdb.ScrubReport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads what is stored, to find damage before someone needs the data: checksums, chains, gaps.
 * Bounded pieces on the read dispatcher, with pauses that keep to a number of bytes per second.
 *
 * <p>Of each persistence id the first damage counts; then the next one is read. What it finds is
 * remembered by the store. It ends early, and says so, when the store closes. It sees what the
 * operating system gives it, which may come from memory rather than from the disk.
 */
final class Scrub implements Runnable {

  private static final Logger LOG = LoggerFactory.getLogger(Scrub.class);

  private static final long LOG_INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final StoreEngine engine;
  private final long bytesPerSecond;
  private final long startedAt = System.nanoTime();
  private final CompletableFuture<ScrubReport> result = new CompletableFuture<>();
  private final Deque<String> ids = new ArrayDeque<>();

  // One piece runs at a time, and the dispatcher orders them: no further synchronization.
  private final Map<String, JournalDamage> damages = new TreeMap<>();
  private byte @Nullable [] nextIds;
  private JournalChunk.@Nullable Request journal;
  private @Nullable SnapshotPlace snapshots;
  private long persistenceIds;
  private long records;
  private long bytes;
  private long expectedBytes;
  private long loggedAt = startedAt;

  private volatile ScrubReport progress =
      new ScrubReport(false, 0, 0, 0, 0, Duration.ZERO, Map.of());

  private record SnapshotPlace(String persistenceId, long id, long from) {}

  /** Of everything, or of one persistence id. */
  Scrub(StoreEngine engine, @Nullable String persistenceId) {
    this.engine = engine;
    this.bytesPerSecond = engine.settings().scrubBytesPerSecond();
    if (persistenceId == null) {
      this.nextIds = StoreKeys.FIRST_PERSISTENCE_ID;
    } else {
      ids.add(persistenceId);
    }
  }

  CompletableFuture<ScrubReport> start() {
    engine.readDispatcher().execute(this);
    return result;
  }

  void fail(RuntimeException cause) {
    result.completeExceptionally(cause);
  }

  ScrubReport progress() {
    return progress;
  }

  @Override
  public void run() {
    if (result.isDone()) {
      return;
    }
    try {
      boolean more = readPiece();
      progress = report(!more);
      if (more) {
        logSometimes();
        engine.scheduleRead(pause(), this);
      } else {
        end();
      }
    } catch (RuntimeException | Error e) {
      LOG.warn("The scrub of the RocksDB store at {} ended early.", engine.directory(), e);
      result.completeExceptionally(e);
    }
  }

  /** Reads a bounded piece; tells whether there is more. */
  private boolean readPiece() {
    try {
      if (journal != null && !journal.isDone()) {
        readEvents(journal);
      } else if (snapshots != null) {
        journal = null;
        readSnapshots(snapshots);
      } else if (!ids.isEmpty()) {
        begin(ids.remove(), Long.MAX_VALUE);
      } else if (nextIds != null) {
        nextIds = readIds(nextIds);
      } else {
        return false;
      }
    } catch (RocksDbStoreException e) {
      goOnAfter(e);
    }
    return true;
  }

  private void goOnAfter(RocksDbStoreException failure) {
    JournalDamage damage = failure.damage().orElse(null);
    SnapshotPlace place = snapshots;
    if (damage != null) {
      nextPersistenceId(damage);
    } else if (failure.reason() == Reason.DELETED && journal != null) {
      // Goes on behind what was deleted, so in the end it reaches its end.
      begin(journal.persistenceId(), journal.to());
    } else if (failure.reason() == Reason.CORRUPTED && place != null) {
      damage =
          new JournalDamage(
              place.persistenceId(),
              place.from(),
              String.valueOf(failure.getMessage()),
              Instant.now());
      engine.damageFound(damage);
      nextPersistenceId(damage);
    } else {
      throw failure;
    }
  }

  private byte @Nullable [] readIds(byte[] from) {
    if (expectedBytes == 0) {
      expectedBytes = engine.read("sizes", Database::size);
    }
    PersistenceIdChunk chunk =
        engine.read(
            "the persistence ids",
            db -> PersistenceIdChunk.read(db, from, engine.settings().readChunkRecords(), true));
    ids.addAll(chunk.persistenceIds());
    for (JournalDamage damage : chunk.damages()) {
      engine.damageFound(damage);
      nextPersistenceId(damage);
    }
    return chunk.last() ? null : chunk.next();
  }

  private void begin(String persistenceId, long to) {
    snapshots = new SnapshotPlace(persistenceId, 0, 0);
    IdEntry entry =
        engine.read(
            "the position of persistence id " + persistenceId,
            db -> JournalEnd.find(db, persistenceId));
    journal = JournalChunk.Request.first(persistenceId, entry, 0, to);
    snapshots = new SnapshotPlace(persistenceId, entry.id(), 0);
  }

  private void readEvents(JournalChunk.Request request) {
    StoreSettings settings = engine.settings();
    JournalChunk.Request limited =
        request.limited(
            settings.readChunkRecords(), settings.readChunkBytes(), settings.readAhead());
    JournalChunk chunk =
        engine.read(
            "events of persistence id " + request.persistenceId(),
            db -> JournalChunk.read(db, limited));
    journal = request.after(chunk);
    records += chunk.next() - request.from();
    bytes += chunk.bytes();
  }

  private void readSnapshots(SnapshotPlace place) {
    SnapshotCheck checked =
        engine.read(
            "snapshots of persistence id " + place.persistenceId(),
            db ->
                SnapshotCheck.read(
                    db,
                    place.persistenceId(),
                    place.id(),
                    place.from(),
                    engine.settings().readChunkBytes()));
    records += checked.records();
    bytes += checked.bytes();
    if (checked.last()) {
      nextPersistenceId(null);
    } else {
      snapshots = new SnapshotPlace(place.persistenceId(), place.id(), checked.next());
    }
  }

  private void nextPersistenceId(@Nullable JournalDamage damage) {
    if (damage != null) {
      damages.putIfAbsent(damage.persistenceId(), damage);
    }
    journal = null;
    snapshots = null;
    persistenceIds++;
  }

  /** How long to wait so that the bytes read so far keep to the rate. */
  private Duration pause() {
    long due = (long) (bytes * (double) TimeUnit.SECONDS.toNanos(1) / bytesPerSecond);
    return Duration.ofNanos(Math.max(0, due - (System.nanoTime() - startedAt)));
  }

  private ScrubReport report(boolean complete) {
    return new ScrubReport(
        complete,
        persistenceIds,
        records,
        bytes,
        expectedBytes,
        Duration.ofNanos(System.nanoTime() - startedAt),
        Map.copyOf(damages));
  }

  private void logSometimes() {
    if (System.nanoTime() - loggedAt > LOG_INTERVAL_NANOS) {
      loggedAt = System.nanoTime();
      LOG.info("Scrubbing the RocksDB store at {}: {}", engine.directory(), progress);
    }
  }

  private void end() {
    if (damages.isEmpty()) {
      LOG.info("Scrubbed the RocksDB store at {}: {}", engine.directory(), progress);
    } else {
      LOG.error("Scrubbed the RocksDB store at {}: {}", engine.directory(), progress);
    }
    result.complete(progress);
  }
}
