package org.raftactors.persistence.rocksdb.internal;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.apache.pekko.Done;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.Scheduler;
import org.apache.pekko.annotation.InternalApi;
import org.jspecify.annotations.Nullable;
import org.raftactors.persistence.rocksdb.JournalDamage;
import org.raftactors.persistence.rocksdb.RocksDbCounters;
import org.raftactors.persistence.rocksdb.RocksDbMemorySetup;
import org.raftactors.persistence.rocksdb.RocksDbStore;
import org.raftactors.persistence.rocksdb.RocksDbStoreException;
import org.raftactors.persistence.rocksdb.RocksDbStoreException.Reason;
import org.raftactors.persistence.rocksdb.ScrubReport;
import org.raftactors.persistence.rocksdb.StorePressure;
import org.raftactors.persistence.rocksdb.StoreVerdict;
import org.raftactors.persistence.rocksdb.StoreVerdict.Kind;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.concurrent.Await;
import scala.concurrent.ExecutionContextExecutor;
import scala.concurrent.Future;

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
  private final ExecutionContextExecutor callbackDispatcher;
  private final Scheduler scheduler;
  private final StoreQueue queue;
  private final StoreCounters counters = new StoreCounters();
  private final FreeSpace freeSpace;
  private final SpaceReclaimer reclaimer;
  private final Scrubs scrubs = new Scrubs();
  private final KnownDamage damage = new KnownDamage();
  private final DamageWatches watches = new DamageWatches();
  private final Thread writer;

  private volatile BatchCommitter committer = BatchCommitter::writeAndSync;
  private volatile @Nullable Database database;
  private volatile @Nullable StoreIdentity identity;
  private volatile @Nullable RocksDbStoreException whyNotOpen;
  private volatile StoreVerdict verdict = new StoreVerdict(Kind.UNKNOWN, "It is still opening.");
  private volatile boolean scrubPending;
  private volatile boolean closed;

  private StoreEngine(ExtendedActorSystem system, StoreSettings settings) {
    this.settings = settings;
    this.memory =
        StoreMemory.of(
            settings.memory(),
            system.settings().setup().get(RocksDbMemorySetup.class).orElse(null));
    this.readDispatcher = system.dispatchers().lookup(settings.readDispatcher());
    this.callbackDispatcher = system.dispatcher();
    this.scheduler = system.scheduler();
    this.queue = new StoreQueue(settings.maxQueuedWrites(), settings.maxQueuedBytes());
    this.freeSpace = new FreeSpace(settings);
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
      Await.result(request.future(), scala.concurrent.duration.Duration.Inf());
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
    } else if (task.bytes() > settings.maxQueuedBytes()) {
      counters.writeRefused();
      task.fail(StoreErrors.tooLarge(settings, task.bytes()));
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
    try {
      return current.read(what, reader);
    } catch (RocksDbStoreException e) {
      e.damage().ifPresent(this::damageFound);
      throw e;
    }
  }

  /** Remembers damage, and has it noted durably if it was not known. */
  void damageFound(JournalDamage found) {
    if (damage.add(found)) {
      LOG.error(
          "Damage in the RocksDB store at {}: persistence id {}, {}. It is remembered until the"
              + " persistence id is forgotten.",
          settings.directory(),
          found.persistenceId(),
          found.detail());
      if (whyNotOpen == null) {
        queue.force(new DamageNote(found));
      }
      watches.tell(found.persistenceId(), text(found));
    }
  }

  private String text(JournalDamage found) {
    return "the RocksDB store at %s is damaged: %s".formatted(settings.directory(), found.detail());
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
  public CompletionStage<Done> syncMark() {
    return done(new MarkRequest());
  }

  /**
   * Queues an operation and tells when it is done, on the actor system's dispatcher: what the
   * caller attaches must not run on the writer thread.
   */
  CompletionStage<Done> done(StoreTask<Void> task) {
    CompletableFuture<Done> stage = new CompletableFuture<>();
    submit(task)
        .onComplete(
            result ->
                result.isSuccess()
                    ? stage.complete(Done.getInstance())
                    : stage.completeExceptionally(result.failed().get()),
            callbackDispatcher);
    return stage;
  }

  @Override
  public CompletionStage<ScrubReport> scrub() {
    return scrubOf(null);
  }

  @Override
  public CompletionStage<ScrubReport> scrub(String persistenceId) {
    return scrubOf(persistenceId);
  }

  @Override
  public Optional<ScrubReport> scrubProgress() {
    return scrubs.progress();
  }

  /** Behind what was written before. */
  private CompletionStage<ScrubReport> scrubOf(@Nullable String persistenceId) {
    return done(new Barrier()).thenCompose(ready -> scrubs.start(new Scrub(this, persistenceId)));
  }

  /** Runs a bounded read after a pause. */
  void scheduleRead(Duration pause, Runnable read) {
    if (pause.isZero()) {
      readDispatcher.execute(read);
    } else {
      scheduler.scheduleOnce(pause, read, readDispatcher);
    }
  }

  @Override
  public StorePressure pressure() {
    return freeSpace.pressure();
  }

  @Override
  public StoreVerdict verdict() {
    return verdict;
  }

  @Override
  public Map<String, JournalDamage> damages() {
    return damage.all();
  }

  @Override
  public Optional<JournalDamage> damage(String persistenceId) {
    return damage.of(persistenceId);
  }

  @Override
  public Runnable watchDamage(String persistenceId, Consumer<String> listener) {
    Runnable end = watches.add(persistenceId, listener);
    damage.of(persistenceId).ifPresent(found -> watches.tell(persistenceId, text(found)));
    StoreVerdict known = verdict;
    if (known.damaged()) {
      watches.tell(persistenceId, known.detail());
    }
    return end;
  }

  @Override
  public Optional<RocksDbStoreException> whyUnavailable() {
    return Optional.ofNullable(whyNotOpen);
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

  FreeSpace freeSpace() {
    return freeSpace;
  }

  KnownDamage knownDamage() {
    return damage;
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
    return failure;
  }

  /** A directory whose store was exchanged while this process ran must not be written to. */
  void checkIdentity(StoreIdentity found) {
    StoreIdentity known = identity;
    if (known != null && !known.storeId().equals(found.storeId())) {
      throw StoreErrors.verdict(
          settings.directory(),
          new StoreVerdict(
              Kind.OTHER_STORE,
              "it was the store %s, but the directory now holds the store %s"
                  .formatted(known.storeId(), found.storeId())));
    }
  }

  void opened(Database opened, WriterSession session) {
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
    verdict =
        settings.sync()
            ? new StoreVerdict(Kind.SOUND, "")
            : new StoreVerdict(Kind.UNMARKED, settings.configPath() + ".sync = off");
    database = opened;
    whyNotOpen = null;
    reclaimer.use(opened);
    damage.all().values().forEach(found -> watches.tell(found.persistenceId(), text(found)));
    if (session.afterUncleanStop() && settings.scrubAfterUncleanStop()) {
      scrubAfterUncleanStop();
    }
  }

  private void scrubAfterUncleanStop() {
    LOG.info("The RocksDB store at {} was not stopped: scrubbing it.", settings.directory());
    scrubPending = true;
    // If it fails, the store has closed, or does not open: then the next opening scrubs again.
    CompletableFuture<Void> unused =
        scrubs
            .start(new Scrub(this, null))
            .thenAccept(
                report -> {
                  scrubPending = false;
                });
  }

  /** Whether a scrub that an unclean stop made necessary has not come to its end. */
  boolean scrubPending() {
    return scrubPending;
  }

  void unavailable(RocksDbStoreException failure) {
    whyNotOpen = failure;
    database = null;
    if (failure.reason() == Reason.NO_SPACE) {
      freeSpace.exhausted();
    }
    verdict =
        failure
            .verdict()
            .orElseGet(
                () ->
                    new StoreVerdict(
                        failure.reason() == Reason.CORRUPTED ? Kind.DAMAGED_FILES : Kind.UNKNOWN,
                        String.valueOf(failure.getMessage())));
    StoreVerdict known = verdict;
    if (known.damaged()) {
      watches.tellAll(known.detail());
    }
  }

  void closed() {
    unavailable(StoreErrors.closed(settings.directory()));
    closed = true;
    scrubs.close(StoreErrors.closed(settings.directory()));
    reclaimer.close();
  }

  /** A batch is durable that deletes. */
  void deleted(WriterSession session) {
    session.forgotten().forEach(damage::forget);
    reclaimer.deleted(session.deletedRanges());
  }
}
