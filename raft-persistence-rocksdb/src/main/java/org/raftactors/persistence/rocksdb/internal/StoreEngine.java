package org.raftactors.persistence.rocksdb.internal;

import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.annotation.InternalApi;
import org.jspecify.annotations.Nullable;
import org.raftactors.persistence.rocksdb.RocksDbCounters;
import org.raftactors.persistence.rocksdb.RocksDbMemorySetup;
import org.raftactors.persistence.rocksdb.RocksDbStore;
import org.raftactors.persistence.rocksdb.RocksDbStoreException;
import org.raftactors.persistence.rocksdb.RocksDbStoreException.Reason;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.concurrent.Await;
import scala.concurrent.ExecutionContextExecutor;
import scala.concurrent.Future;
import scala.concurrent.duration.Duration;

/**
 * The store of one data directory: takes operations, runs the writer thread, lets others read.
 *
 * <p>States: opening, open, unavailable (waiting to open again), closed; the writer thread alone
 * changes them. Durable: what was answered with success, and perhaps more. A crash leaves exactly
 * that, found by RocksDB's recovery at the next opening.
 */
@InternalApi
public final class StoreEngine implements RocksDbStore {

  private static final Logger LOG = LoggerFactory.getLogger(StoreEngine.class);

  private final StoreSettings settings;
  private final StoreMemory memory;
  private final ExecutionContextExecutor readDispatcher;
  private final StoreQueue queue;
  private final StoreCounters counters = new StoreCounters();
  private final SpaceReclaimer reclaimer;
  private final Thread writer;

  private volatile BatchCommitter committer = BatchCommitter::writeAndSync;
  private volatile @Nullable Database database;
  private volatile @Nullable StoreIdentity identity;
  private volatile @Nullable RocksDbStoreException whyNotOpen;
  private volatile boolean closed;

  private StoreEngine(ExtendedActorSystem system, StoreSettings settings) {
    this.settings = settings;
    this.memory =
        StoreMemory.of(
            settings.memory(),
            system.settings().setup().get(RocksDbMemorySetup.class).orElse(null));
    this.readDispatcher = system.dispatchers().lookup(settings.readDispatcher());
    this.queue = new StoreQueue(settings.maxQueuedWrites(), settings.maxQueuedBytes());
    this.reclaimer = new SpaceReclaimer(settings, counters);
    this.writer = new Thread(new StoreWriter(this), "rocksdb-writer-" + settings.directory());
    // What counts is synced before it is acknowledged: the thread need not keep the process alive.
    writer.setDaemon(true);
  }

  /** Starts the writer, which opens the database at once. */
  static StoreEngine start(ExtendedActorSystem system, StoreSettings settings) {
    StoreEngine engine = new StoreEngine(system, settings);
    engine.writer.start();
    return engine;
  }

  /**
   * Waits until the store is open.
   *
   * @throws RocksDbStoreException if it cannot be opened now
   */
  public RocksDbStore awaitOpen() {
    OpenRequest request = new OpenRequest();
    queue.force(request);
    if (closed) {
      request.fail(StoreErrors.closed(settings.directory()));
    }
    try {
      Await.result(request.future(), Duration.Inf());
      return this;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw StoreErrors.unavailable(settings.directory(), e);
    } catch (TimeoutException e) {
      throw new IllegalStateException("An infinite wait has ended.", e);
    }
  }

  /** Queues an operation for the writer; fails it at once if the store is not open or too busy. */
  <T extends @Nullable Object> Future<T> submit(StoreTask<T> task) {
    RocksDbStoreException failure = whyNotOpen;
    if (failure != null) {
      task.fail(whyNotOpen());
    } else if (!queue.offer(task)) {
      counters.writeRefused();
      task.fail(StoreErrors.queueFull(settings, task.bytes()));
    } else if (closed) {
      // The writer may have gone before it saw the task. Failing it twice does no harm.
      task.fail(StoreErrors.closed(settings.directory()));
    }
    return task.future();
  }

  /** Runs a bounded read on the caller's thread, which should be one of {@link #readDispatcher}. */
  <T> T read(String what, Database.Reader<T> reader) {
    Database current = database;
    if (current == null) {
      throw whyNotOpen();
    }
    return current.read(what, reader);
  }

  ExecutionContextExecutor readDispatcher() {
    return readDispatcher;
  }

  @Override
  public Path directory() {
    return settings.directory();
  }

  @Override
  public UUID storeId() {
    return opened().storeId();
  }

  @Override
  public boolean newlyCreated() {
    return opened().created();
  }

  @Override
  public RocksDbCounters counters() {
    return counters.snapshot(queue.queuedTasks(), queue.queuedBytes());
  }

  private StoreIdentity opened() {
    StoreIdentity known = identity;
    if (known == null) {
      throw whyNotOpen();
    }
    return known;
  }

  /** Closes behind everything queued; returns when it is done or has taken too long. */
  void close() {
    queue.force(new StopRequest());
    try {
      writer.join(settings.closeTimeout().toMillis());
      if (writer.isAlive()) {
        LOG.error(
            "The RocksDB store at {} has not closed within {}: the disk hangs. Unanswered writes"
                + " are in an unknown state.",
            settings.directory(),
            settings.closeTimeout());
      } else {
        memory.close();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  StoreSettings settings() {
    return settings;
  }

  StoreMemory memory() {
    return memory;
  }

  StoreQueue queue() {
    return queue;
  }

  StoreCounters storeCounters() {
    return counters;
  }

  BatchCommitter committer() {
    return committer;
  }

  /** For tests: makes writes fail or hang. */
  void committer(BatchCommitter replacement) {
    this.committer = replacement;
  }

  RocksDbStoreException whyNotOpen() {
    RocksDbStoreException failure = whyNotOpen;
    if (failure == null) {
      return StoreErrors.error(
          Reason.UNAVAILABLE,
          settings.directory(),
          "The RocksDB store at " + settings.directory() + " is still opening.",
          null);
    }
    return failure.reason() == Reason.WRITE_FAILED
        ? StoreErrors.unavailable(settings.directory(), failure)
        : failure;
  }

  /** A directory whose store was exchanged while this process ran must not be written to. */
  void checkIdentity(StoreIdentity found) {
    StoreIdentity known = identity;
    if (known != null && !known.storeId().equals(found.storeId())) {
      throw StoreErrors.missing(
          settings.directory(),
          "the store " + known.storeId(),
          "the directory now holds the store " + found.storeId());
    }
  }

  void opened(Database opened) {
    if (identity == null) {
      identity = opened.identity();
      LOG.info(
          "{} the RocksDB store {} at {}.",
          opened.identity().created() ? "Created" : "Opened",
          opened.identity().storeId(),
          settings.directory());
    } else {
      counters.reopened();
      LOG.info("Opened the RocksDB store at {} again.", settings.directory());
    }
    database = opened;
    whyNotOpen = null;
    reclaimer.use(opened);
  }

  void unavailable(RocksDbStoreException failure) {
    whyNotOpen = failure;
    database = null;
  }

  void closed() {
    unavailable(StoreErrors.closed(settings.directory()));
    closed = true;
    reclaimer.close();
  }

  void deleted(List<RangeReader.Range> ranges) {
    reclaimer.deleted(ranges);
  }
}
