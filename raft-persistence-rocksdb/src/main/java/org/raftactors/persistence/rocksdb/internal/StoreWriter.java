package org.raftactors.persistence.rocksdb.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.raftactors.persistence.rocksdb.RocksDbStoreException;
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
    } catch (InterruptedException e) {
      LOG.error("The writer of the RocksDB store at {} was interrupted.", settings.directory(), e);
    } finally {
      closeSession();
      engine.closed();
      failAll(StoreErrors.closed(settings.directory()));
    }
  }

  private void writeNextBatch(WriterSession current) throws InterruptedException {
    StoreTask<?> task = queue.take();
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
    } catch (RocksDBException | RuntimeException | Error e) {
      // An Error, too: a writer that died silently would leave every persistent actor waiting.
      failAndClose(e);
      return;
    }
    current.count(counters);
    batch.forEach(StoreTask::succeed);
    engine.deleted(current.deletedRanges());
    current.reset();
  }

  private void stage(WriterSession current, StoreTask<?> task) throws RocksDBException {
    try {
      task.stage(current);
      batch.add(task);
    } catch (RocksDbStoreException e) {
      // By contract it has changed nothing: the others in the batch are not concerned.
      counters.writeRefused();
      LOG.warn("Refused: {}", e.getMessage());
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
    long start = System.nanoTime();
    engine.committer().commit(current.database(), current.batch());
    counters.batchCommitted(settings.sync(), System.nanoTime() - start);
  }

  private void failAndClose(Throwable cause) {
    RocksDbStoreException failure = StoreErrors.writeFailed(settings.directory(), cause);
    counters.batchFailed();
    LOG.error("{} ({} operations failed)", failure.getMessage(), batch.size(), cause);
    // First of all, so that those who try again at once are failed at once.
    engine.unavailable(failure);
    batch.forEach(task -> failUnlessOpening(task, failure));
    batch.clear();
    RocksDbStoreException unavailable = StoreErrors.unavailable(settings.directory(), failure);
    for (StoreTask<?> task = queue.poll(); task != null; task = queue.poll()) {
      failUnlessOpening(task, unavailable);
    }
    closeSession();
    backoffNanos = settings.reopenBackoffMin().toNanos();
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
      Database database = Database.open(settings, engine.memory());
      session = openSession(database);
      engine.opened(database);
      openRequests.forEach(StoreTask::succeed);
      openRequests.clear();
    } catch (RuntimeException | Error e) {
      RocksDbStoreException failure =
          e instanceof RocksDbStoreException known
              ? known
              : StoreErrors.unavailable(settings.directory(), e);
      LOG.error("{}", failure.getMessage(), failure);
      engine.unavailable(failure);
      failAll(failure);
      closeSession();
      backoffNanos =
          Math.min(
              Math.max(settings.reopenBackoffMin().toNanos(), 2 * backoffNanos),
              settings.reopenBackoffMax().toNanos());
      LOG.info("Next attempt in {} ms.", TimeUnit.NANOSECONDS.toMillis(backoffNanos));
    }
  }

  private WriterSession openSession(Database database) {
    try {
      engine.checkIdentity(database.identity());
      return database.read(
          "the counter of persistence ids",
          db -> new WriterSession(db, settings.maxCachedPersistenceIds()));
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
