package org.raftactors.persistence.rocksdb.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.raftactors.persistence.rocksdb.RocksDbCleanup;
import org.raftactors.persistence.rocksdb.RocksDbStoreException;
import org.raftactors.persistence.rocksdb.RocksDbStoreException.Reason;
import org.raftactors.persistence.rocksdb.TestSystems;
import org.rocksdb.RocksDBException;

class WriteFailureTest {

  /** Long, so that a test sees the store closed; {@code awaitOpen} does not wait for it. */
  private static final String LONG_PAUSE =
      """
      raft-actors.persistence.rocksdb.store.reopen-backoff-min = 5 minutes
      raft-actors.persistence.rocksdb.store.reopen-backoff-max = 5 minutes
      """;

  @TempDir Path directory;
  private TestStore store;

  @BeforeEach
  void open() {
    store = new TestStore(directory, LONG_PAUSE);
    store.engine.awaitOpen();
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void failedWrite_failsAllUntilReopened_andLosesNothingAcknowledged() {
    store.written("p", "w", 1, "a");
    failNextCommit(false);
    WriteOrderTest.assertRefused(store.write("p", "w", 2, "lost"), Reason.WRITE_FAILED);
    // Not even the disk would refuse these: the store does, until it knows what is on disk.
    WriteOrderTest.assertRefused(store.write("p", "w", 2, "x"), Reason.UNAVAILABLE);
    WriteOrderTest.assertRefused(store.write("q", "w", 1, "x"), Reason.UNAVAILABLE);
    assertThatThrownBy(() -> store.highest("p")).hasMessageContaining(directory.toString());
    assertThat(store.engine.whyUnavailable()).isPresent();

    store.engine.awaitOpen();
    assertThat(store.highest("p")).isEqualTo(1);
    store.written("p", "new", 2, "b");
    assertThat(store.replay("p")).containsExactly("a", "b");
    assertThat(store.engine.whyUnavailable()).isEmpty();
    assertThat(store.engine.counters().currentWriteNanos()).isZero();
    assertThat(store.engine.counters().failedBatches()).isEqualTo(1);
    assertThat(store.engine.counters().reopens()).isEqualTo(1);
  }

  @Test
  void failedSync_ofWhatWasWritten_showsAfterReopening() {
    store.written("p", "w", 1, "a");
    failNextCommit(true);
    WriteOrderTest.assertRefused(store.write("p", "w", 2, "unknown"), Reason.WRITE_FAILED);
    store.engine.awaitOpen();
    // The outcome was unknown, and this time it is there: the position must follow the disk.
    assertThat(store.highest("p")).isEqualTo(2);
    WriteOrderTest.assertRefused(store.write("p", "new", 2, "b"), Reason.OUT_OF_ORDER);
    store.written("p", "new", 3, "c");
    assertThat(store.replay("p")).containsExactly("a", "unknown", "c");
  }

  @Test
  void failure_failsEveryWriterOfTheBatchAndTheQueue() throws Exception {
    CountDownLatch disk = new CountDownLatch(1);
    CountDownLatch reached = new CountDownLatch(1);
    store.engine.committer(
        (database, batch) -> {
          reached.countDown();
          awaitUninterrupted(disk);
          throw new RocksDBException("injected");
        });
    List<CompletableFuture<?>> writes = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      writes.add(store.write("p" + i, "w", 1, "a"));
    }
    awaitUninterrupted(reached);
    disk.countDown();
    for (CompletableFuture<?> write : writes) {
      assertThatThrownBy(() -> TestSystems.await(write))
          .isInstanceOfSatisfying(
              RocksDbStoreException.class,
              e -> assertThat(e.reason()).isIn(Reason.WRITE_FAILED, Reason.UNAVAILABLE))
          .hasMessageContaining("injected");
    }
    store.engine.committer(BatchCommitter::writeAndSync);
    store.engine.awaitOpen();
    for (int i = 0; i < 50; i++) {
      assertThat(store.highest("p" + i)).isZero();
    }
  }

  @Test
  void failure_isFollowedByReopeningByItself() {
    store.close();
    store = new TestStore(directory);
    store.written("p", "w", 1, "a");
    failNextCommit(false);
    WriteOrderTest.assertRefused(store.write("p", "w", 2, "lost"), Reason.WRITE_FAILED);
    await().atMost(TestSystems.CEILING).until(() -> store.engine.counters().reopens() == 1);
    assertThat(store.highest("p")).isEqualTo(1);
  }

  @Test
  void error_inTheWriter_isAFailureNotASilentDeath() {
    AtomicBoolean first = new AtomicBoolean(true);
    store.engine.committer(
        (database, batch) -> {
          if (first.getAndSet(false)) {
            throw new OutOfMemoryError("injected");
          }
          BatchCommitter.writeAndSync(database, batch);
        });
    WriteOrderTest.assertRefused(store.write("p", "w", 1, "a"), Reason.WRITE_FAILED);
    store.engine.awaitOpen();
    store.written("p", "w", 1, "a");
  }

  @Test
  @DisplayName("F13: a hanging disk is seen by its age, and loses nothing")
  void hangingDisk_letsActorsWait_refusesOthersBeyondTheLimit_andLosesNothing() {
    store.close();
    store =
        new TestStore(directory, "raft-actors.persistence.rocksdb.store.max-queued-writes = 10");
    store.engine.awaitOpen();
    CountDownLatch disk = new CountDownLatch(1);
    CountDownLatch reached = new CountDownLatch(1);
    store.engine.committer(
        (database, batch) -> {
          reached.countDown();
          awaitUninterrupted(disk);
          BatchCommitter.writeAndSync(database, batch);
        });
    CompletableFuture<?> stuck = store.write("stuck", "w", 1, "a");
    awaitUninterrupted(reached);
    List<CompletableFuture<?>> queued = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      queued.add(store.write("p" + i, "w", 1, "a"));
    }
    RocksDbCleanup cleanup = new RocksDbCleanup(store.system);
    for (int i = 0; i < 10; i++) {
      queued.add(cleanup.deleteEventsTo("p" + i, 0).toCompletableFuture());
    }
    CompletionStage<?> overflow = cleanup.deleteEventsTo("over", 0);
    assertThatThrownBy(() -> TestSystems.await(overflow))
        .isInstanceOfSatisfying(
            RocksDbStoreException.class, e -> assertThat(e.reason()).isEqualTo(Reason.QUEUE_FULL))
        .hasMessageContaining("max-queued-writes = 10");
    assertThat(stuck).isNotDone();
    assertThat(store.engine.counters().currentWriteNanos()).isPositive();
    disk.countDown();
    TestSystems.await(stuck);
    queued.forEach(TestSystems::await);
    assertThat(store.highest("p199")).isEqualTo(1);
  }

  @Test
  void moreActorsThanTheQueueHasBytesFor_wait_andNoneFails() {
    store.close();
    store =
        new TestStore(directory, "raft-actors.persistence.rocksdb.store.max-queued-bytes = 64 KiB");
    store.engine.awaitOpen();
    CountDownLatch disk = new CountDownLatch(1);
    CountDownLatch reached = new CountDownLatch(1);
    store.engine.committer(
        (database, batch) -> {
          reached.countDown();
          awaitUninterrupted(disk);
          BatchCommitter.writeAndSync(database, batch);
        });
    List<CompletableFuture<?>> writes = new ArrayList<>();
    writes.add(store.write("stuck", "w", 1, "a"));
    awaitUninterrupted(reached);
    for (int i = 0; i < 50; i++) {
      writes.add(store.write("p" + i, "w", 1, "x".repeat(50_000)));
    }
    assertThat(store.engine.counters().queuedBytes()).isGreaterThan(50 * 50_000);
    disk.countDown();
    writes.forEach(TestSystems::await);
  }

  @Test
  void write_largerThanTheQueue_isRefusedNamingTheSetting() {
    store.close();
    store =
        new TestStore(directory, "raft-actors.persistence.rocksdb.store.max-queued-bytes = 64 KiB");
    assertThatThrownBy(() -> TestSystems.await(store.write("p", "w", 1, "x".repeat(70_000))))
        .isInstanceOfSatisfying(
            RocksDbStoreException.class, e -> assertThat(e.reason()).isEqualTo(Reason.TOO_LARGE))
        .hasMessageContaining("max-queued-bytes = 65536");
  }

  @Test
  void termination_finishesWhatIsQueued() throws Exception {
    CountDownLatch disk = new CountDownLatch(1);
    store.engine.committer(
        (database, batch) -> {
          awaitUninterrupted(disk);
          BatchCommitter.writeAndSync(database, batch);
        });
    List<CompletableFuture<?>> writes = new ArrayList<>();
    for (int i = 1; i <= 20; i++) {
      writes.add(store.write("p", "w", i, "e" + i));
    }
    store.system.terminate();
    disk.countDown();
    TestSystems.await(store.system.getWhenTerminated());
    writes.forEach(TestSystems::await);
    WriteOrderTest.assertRefused(store.write("p", "w", 21, "x"), Reason.CLOSED);
    WriteOrderTest.assertRefused(store.engine.syncMark().toCompletableFuture(), Reason.CLOSED);
    store = new TestStore(directory);
    assertThat(store.highest("p")).isEqualTo(20);
  }

  private void failNextCommit(boolean afterWriting) {
    AtomicBoolean first = new AtomicBoolean(true);
    store.engine.committer(
        (database, batch) -> {
          boolean fail = first.getAndSet(false);
          if (!fail || afterWriting) {
            BatchCommitter.writeAndSync(database, batch);
          }
          if (fail) {
            throw new RocksDBException("injected");
          }
        });
  }

  private static void awaitUninterrupted(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
