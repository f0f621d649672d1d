package org.raftactors.persistence.rocksdb.internal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.raftactors.persistence.rocksdb.RocksDbStoreException;
import org.raftactors.persistence.rocksdb.RocksDbStoreException.Reason;
import org.rocksdb.RocksDBException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that writes to a store: gathers what is queued into one batch and one sync,
 * answers after it, and opens and closes the database.
 *
 * <p>A failed write or sync fails everything in the batch and in the queue. The database is then
 * closed and opened again, because after a failed sync only its recovery tells what is on disk;
 * until that has worked, nothing is written and everything is failed at once.
 */
final class StoreWriter implements Runnable {

  private static final Logger LOG = LoggerFactory.getLogger(StoreWriter.class);

  private final StoreEngine engine;
  private final StoreSettings settings;
  private final StoreQueue queue;
  private final StoreCounters counters;
  private final List<StoreTask<?>> batch = new ArrayList<>();

  /** Who waits for the next opening; it is then not put off. */
  private final List<StoreTask<?>> openRequests = new ArrayList<>();

  private @Nullable WriterSession session;

  /** Set when the files turned out to be damaged: opening them again would make it worse. */
  private @Nullable RocksDbStoreException closedForGood;

  private String lastLogged = "";
  private long backoffNanos;
  private boolean stopping;

  StoreWriter(StoreEngine engine) {
    this.engine = engine;
    this.settings = engine.settings();
    this.queue = engine.queue();
    this.counters = engine.storeCounters();
  }

  @Override
  public void run() {
    try {
      tryOpen();
      while (!stopping) {
        if (session == null) {
          waitAndReopen();
        } else {
          writeNextBatch(session);
        }
      }
      if (session != null) {
        session.database().flush();
      }
    } catch (InterruptedException e) {
      LOG.error("The writer of the RocksDB store at {} was interrupted.", settings.directory(), e);
    } finally {
      closeSession();
      engine.closed();
      failAll(StoreErrors.closed(settings.directory()));
    }
  }

  private void writeNextBatch(WriterSession current) throws InterruptedException {
    FreeSpace freeSpace = engine.freeSpace();
    StoreTask<?> task = queue.poll(Math.min(current.nanosUntilMark(), freeSpace.nanosUntilDue()));
    freeSpace.check();
    current.database().gradualDeletion().follow(freeSpace.pressure());
    long bytes = 0;
    batch.clear();
    try {
      while (task != null) {
        if (task instanceof StopRequest) {
          stopping = true;
          break;
        }
        stage(current, task);
        bytes += task.bytes();
        task = bytes < settings.maxBatchBytes() ? queue.poll() : null;
      }
      commit(current);
      if (current.nanosUntilMark() == 0 || stopping) {
        // A stop is not clean while the store has not been read since the last one that was not.
        current.writeMark(stopping && !engine.scrubPending());
      }
    } catch (RocksDBException | IOException | RuntimeException | Error e) {
      // An Error, too: a writer that died silently would leave every persistent actor waiting.
      failAndClose(e);
      return;
    }
    freeSpace.written(bytes);
    current.count(counters);
    engine.deleted(current);
    batch.forEach(StoreTask::succeed);
    current.reset();
  }

  private void stage(WriterSession current, StoreTask<?> task) throws RocksDBException {
    try {
      task.stage(current);
      batch.add(task);
    } catch (RocksDbStoreException e) {
      // By contract it has changed nothing: the others in the batch are not concerned.
      counters.writeRefused();
      if (e.reason() != Reason.NO_SPACE) { // Which is logged once, and may concern very many.
        LOG.warn("Refused: {}", e.getMessage());
      }
      e.damage().ifPresent(engine::damageFound);
      task.fail(e);
    } catch (RocksDBException | RuntimeException | Error e) {
      batch.add(task);
      throw e;
    }
  }

  private void commit(WriterSession current) throws RocksDBException {
    if (current.isEmpty()) {
      return;
    }
    current.complete();
    counters.commitStarts();
    engine.committer().commit(current.database(), current.batch());
    counters.committed(settings.sync());
    current.committed();
  }

  private void failAndClose(Throwable cause) {
    RocksDbStoreException failure = failureOf(cause);
    counters.commitFailed();
    LOG.error("{} ({} operations failed)", failure.getMessage(), batch.size(), cause);
    RocksDbStoreException unavailable = unavailableAfter(failure, cause);
    // First of all, so that those who try again at once are failed at once.
    engine.unavailable(unavailable);
    batch.forEach(task -> failUnlessOpening(task, failure));
    batch.clear();
    for (StoreTask<?> task = queue.poll(); task != null; task = queue.poll()) {
      failUnlessOpening(task, unavailable);
    }
    closeSession();
    backoffNanos = settings.reopenBackoffMin().toNanos();
  }

  /** What those get to know whose operations were under way: these may be stored or not. */
  private RocksDbStoreException failureOf(Throwable cause) {
    if (StoreErrors.isCorruption(cause)) {
      RocksDbStoreException damaged = StoreErrors.writeMetDamage(settings.directory(), cause);
      DamageFlag.raise(settings.directory(), String.valueOf(cause.getMessage()));
      closedForGood = damaged;
      return damaged;
    }
    return StoreErrors.writeFailed(settings.directory(), cause);
  }

  /** What others get to know, whose operations were not begun. */
  private RocksDbStoreException unavailableAfter(RocksDbStoreException failure, Throwable cause) {
    if (failure.reason() == Reason.CORRUPTED) {
      return failure;
    }
    return StoreErrors.isNoSpace(cause)
        ? StoreErrors.full(settings.directory(), cause)
        : StoreErrors.unavailable(settings.directory(), failure);
  }

  private void failUnlessOpening(StoreTask<?> task, RocksDbStoreException cause) {
    if (task instanceof StopRequest) {
      stopping = true;
    } else if (task instanceof OpenRequest) {
      openRequests.add(task);
    } else {
      task.fail(cause);
    }
  }

  private void waitAndReopen() throws InterruptedException {
    long start = System.nanoTime();
    while (openRequests.isEmpty() && !stopping) {
      long left = backoffNanos - (System.nanoTime() - start);
      StoreTask<?> task = left <= 0 ? null : queue.poll(left);
      if (task == null) {
        break;
      }
      failUnlessOpening(task, engine.whyNotOpen());
    }
    if (!stopping) {
      tryOpen();
    }
  }

  private void tryOpen() {
    try {
      if (closedForGood != null) {
        throw closedForGood;
      }
      Database database = Database.open(settings, engine.memory());
      session = openSession(database);
      engine.freeSpace().measure();
      engine.opened(database, session);
      lastLogged = "";
      openRequests.forEach(StoreTask::succeed);
      openRequests.clear();
    } catch (RuntimeException | Error e) {
      RocksDbStoreException failure =
          e instanceof RocksDbStoreException known
              ? known
              : StoreErrors.unavailable(settings.directory(), e);
      String message = String.valueOf(failure.getMessage());
      if (!message.equals(lastLogged)) { // Not at each attempt.
        LOG.error(
            "{} Next attempts from every {} to every {}.",
            message,
            settings.reopenBackoffMin(),
            settings.reopenBackoffMax(),
            failure);
        lastLogged = message;
      }
      engine.unavailable(failure);
      failAll(failure);
      closeSession();
      backoffNanos =
          Math.min(
              Math.max(settings.reopenBackoffMin().toNanos(), 2 * backoffNanos),
              settings.reopenBackoffMax().toNanos());
    }
  }

  private WriterSession openSession(Database database) {
    try {
      engine.checkIdentity(database.identity());
      return database.read(
          "its header",
          db -> {
            engine.knownDamage().load(db);
            return new WriterSession(db, settings, engine.freeSpace());
          });
    } catch (RuntimeException | Error e) {
      database.close();
      throw e;
    }
  }

  private void failAll(RocksDbStoreException cause) {
    for (StoreTask<?> task = queue.poll(); task != null; task = queue.poll()) {
      failUnlessOpening(task, cause);
    }
    openRequests.forEach(request -> request.fail(cause));
    openRequests.clear();
  }

  private void closeSession() {
    if (session != null) {
      session.close();
      session.database().close();
      session = null;
    }
  }
}
