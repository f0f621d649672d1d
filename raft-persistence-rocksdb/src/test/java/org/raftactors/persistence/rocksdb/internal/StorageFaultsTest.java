package org.raftactors.persistence.rocksdb.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.raftactors.persistence.rocksdb.RocksDbStoreException.Reason;
import org.raftactors.persistence.rocksdb.StoreVerdict.Kind;
import org.raftactors.persistence.rocksdb.TestSystems;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.RocksDBException;

/** Faults of a disk, by the numbers of {@code FAULTS.md}, which names all tests of them. */
class StorageFaultsTest {

  @TempDir Path temporary;
  private Path directory;
  private Path image;

  @BeforeEach
  void paths() {
    directory = temporary.resolve("store");
    image = temporary.resolve("image");
  }

  @Test
  @DisplayName(
      "F1: a torn write of several events is gone as a whole, and what was before is there")
  void tornBatch_isDroppedWhole() throws IOException {
    try (TestStore store = new TestStore(directory, TestStore.NO_MARKS)) {
      store.written("p", "w", 1, "a", "b");
      store.written("p", "w", 3, "c", "d", "e");
      TestStore.crashImage(directory, image);
    }
    TestStore.cutLog(image, 5);
    try (TestStore store = new TestStore(image)) {
      assertThat(store.replay("p")).containsExactly("a", "b");
      assertThat(store.highest("p")).isEqualTo(2);
      store.written("p", "w2", 3, "other");
      assertThat(store.replay("p")).containsExactly("a", "b", "other");
    }
  }

  @Test
  @DisplayName("F2: nothing is acknowledged before its sync has returned")
  void acknowledgement_followsTheSync() throws Exception {
    try (TestStore store = new TestStore(directory)) {
      store.engine.awaitOpen();
      CountDownLatch written = new CountDownLatch(1);
      CountDownLatch sync = new CountDownLatch(1);
      store.engine.committer(
          (database, batch) -> {
            BatchCommitter.writeAndSync(database, batch);
            written.countDown();
            awaitUninterrupted(sync);
          });
      CompletableFuture<?> first = store.write("p", "w", 1, "a");
      written.await();
      assertThat(first).isNotDone();
      sync.countDown();
      TestSystems.await(first);
      store.engine.committer(BatchCommitter::writeAndSync);
      for (int i = 2; i <= 20; i++) {
        store.written("p", "w", i, "x");
      }
      store.change(
          db -> {
            // "Cumulative WAL: 22 writes, 22 syncs, ...": RocksDB synced each of them.
            String stats = db.rocks().getProperty("rocksdb.dbstats");
            String[] figures = stats.split("Cumulative WAL: ", -1)[1].split("[ ,]+", -1);
            assertThat(Long.parseLong(figures[2])).isGreaterThanOrEqualTo(20);
            assertThat(figures[2]).isEqualTo(figures[0]);
            return true;
          });
    }
  }

  @Test
  @DisplayName(
      "F3: after a failed sync the store closes, and is written anew before it acknowledges")
  void failedSync_isNeverRetried_andWhatIsReadAgainIsWrittenAnew() {
    try (TestStore store = new TestStore(directory)) {
      store.written("p", "w", 1, "a");
      failNextCommit(store, true);
      WriteOrderTest.assertRefused(store.write("p", "w", 2, "unknown"), Reason.WRITE_FAILED);
      store.engine.awaitOpen();
      assertThat(store.engine.counters().reopens()).isEqualTo(1);
      // After a failed sync the log in the page cache may say more than the disk: what recovery
      // read
      // from it is in data files of its own, synced, before anything else is.
      store.change(
          db -> {
            for (ColumnFamilyHandle family : List.of(db.journal(), db.snapshots())) {
              assertThat(db.rocks().getLongProperty(family, "rocksdb.num-entries-active-mem-table"))
                  .isZero();
            }
            return true;
          });
      assertThat(store.replay("p")).containsExactly("a", "unknown");
    }
  }

  @Test
  @DisplayName("F4: writes behind a failed one are not acknowledged over the gap")
  void writesBehindAFailedOne_failAsWell() {
    try (TestStore store = new TestStore(directory)) {
      store.written("p", "w", 1, "a");
      failNextCommit(store, false);
      WriteOrderTest.assertRefused(store.write("p", "w", 2, "lost"), Reason.WRITE_FAILED);
      store.engine.awaitOpen();
      WriteOrderTest.assertRefused(store.write("p", "w", 3, "behind"), Reason.OUT_OF_ORDER);
      assertThat(store.highest("p")).isEqualTo(1);
      assertThat(store.replay("p")).containsExactly("a");
    }
  }

  @Test
  @DisplayName(
      "F6: damage in the newest event, which carries what must not be lost, is met at once")
  void damagedLastEvent_isMetBeforeARecoveryBegins() {
    try (TestStore store = new TestStore(directory)) {
      store.written("p", "w", 1, "a", "b", "vote");
      store.change(
          db -> {
            byte[] key = StoreKeys.of(1, 3);
            byte[] record = db.rocks().get(db.journal(), key);
            record[record.length - 1] ^= 1;
            db.rocks().put(db.journal(), key, record);
            return true;
          });
    }
    try (TestStore store = new TestStore(directory)) {
      assertThatThrownBy(() -> store.highest("p")).hasMessageContaining("sequence number 3");
      WriteOrderTest.assertRefused(store.write("p", "w2", 4, "x"), Reason.CORRUPTED);
      assertThat(store.engine.damage("p")).get().returns(3L, damage -> damage.sequenceNr());
    }
  }

  @Test
  @DisplayName("F12: a slow disk makes writes wait, in order, and fails none")
  void slowDisk_failsNothing() {
    try (TestStore store = new TestStore(directory)) {
      store.engine.awaitOpen();
      CountDownLatch fast = new CountDownLatch(1);
      AtomicInteger batches = new AtomicInteger();
      store.engine.committer(
          (database, batch) -> {
            if (batches.incrementAndGet() == 1) {
              awaitUninterrupted(fast);
            }
            BatchCommitter.writeAndSync(database, batch);
          });
      List<CompletableFuture<?>> writes = new ArrayList<>();
      for (int i = 1; i <= 50; i++) {
        writes.add(store.write("p", "w", i, "e" + i));
        writes.add(store.write("q" + i, "w", 1, "a"));
      }
      await()
          .atMost(TestSystems.CEILING)
          .until(() -> store.engine.counters().currentWriteNanos() > 0);
      assertThat(writes).noneMatch(CompletableFuture::isDone);
      fast.countDown();
      writes.forEach(TestSystems::await);
      // What gathered meanwhile took one more sync, or a few: a slow disk is not asked once for
      // each.
      assertThat(batches.get()).isLessThan(20);
      assertThat(store.replay("p")).hasSize(50);
    }
  }

  @Test
  @DisplayName("F18: an older copy of the directory put back is noticed if the mark lies elsewhere")
  void olderCopy_isNoticed_byAMarkElsewhere() throws IOException {
    String elsewhere =
        "raft-actors.persistence.rocksdb.store.mark-directory = \"%s\""
            .formatted(temporary.resolve("mark"));
    new TestStore(directory, elsewhere).closeAfter(store -> store.written("p", "w", 1, "old"));
    Path old = TestStore.crashImage(directory, temporary.resolve("old"));
    new TestStore(directory, elsewhere)
        .closeAfter(store -> store.written("p", "w2", 2, TestStore.marked("vote")));
    Path mark = temporary.resolve("mark").resolve(HighWaterMark.FILE);
    byte[] newer = Files.readAllBytes(mark);
    assertThat(directory.resolve(HighWaterMark.FILE)).doesNotExist();

    TestStore.assertRefused(old, Kind.LOST_WRITES, elsewhere);

    // Someone starts it without its mark and lets it write: it never catches up with what it was.
    Files.delete(mark);
    TestStore.assertRefused(old, Kind.MARK_LOST, elsewhere);
    String unsafe = "raft-actors.persistence.rocksdb.store.sync = off";
    new TestStore(old, unsafe)
        .closeAfter(
            store -> {
              for (int i = 2; i <= 10; i++) {
                store.written("p", "w3", i, "another history");
              }
            });
    Files.createDirectories(mark.getParent());
    Files.write(mark, newer);
    TestStore.assertRefused(old, Kind.OTHER_HISTORY, elsewhere);
    // An empty directory is not a new store, either.
    TestStore.assertRefused(temporary.resolve("empty"), Kind.OTHER_STORE, elsewhere);
    // The right one is still right.
    new TestStore(directory, elsewhere)
        .closeAfter(store -> assertThat(store.replay("p")).containsExactly("old", "vote"));
  }

  @Test
  @DisplayName("F18: with the mark in the directory an older copy is a sound store, as documented")
  void olderCopy_withItsMark_cannotBeKnown() {
    new TestStore(directory).closeAfter(store -> store.written("p", "w", 1, "old"));
    Path old = TestStore.crashImage(directory, temporary.resolve("old"));
    new TestStore(directory).closeAfter(store -> store.written("p", "w2", 2, "newer"));
    new TestStore(old)
        .closeAfter(
            store -> {
              assertThat(store.replay("p")).containsExactly("old");
              assertThat(store.engine.verdict().kind()).isEqualTo(Kind.SOUND);
            });
  }

  @Test
  @DisplayName("F9: a store whose mark vanished is refused, and one that never had a mark is not")
  void lostMark_isRefused() throws IOException {
    new TestStore(directory).closeAfter(store -> store.written("p", "w", 1, "a"));
    Path mark = directory.resolve(HighWaterMark.FILE);
    byte[] older = Files.readAllBytes(mark);
    new TestStore(directory)
        .closeAfter(
            store -> {
              store.written("p", "w2", 2, TestStore.marked("b"));
              store.written("p", "w2", 3, "c");
            });
    byte[] newest = Files.readAllBytes(mark);
    Files.delete(mark);
    TestStore.assertRefused(directory, Kind.MARK_LOST);
    Files.write(mark, older);
    TestStore.assertRefused(directory, Kind.MARK_LOST);
    Files.write(mark, newest);
    new TestStore(directory)
        .closeAfter(store -> assertThat(store.replay("p")).containsExactly("a", "b", "c"));
  }

  private static void failNextCommit(TestStore store, boolean afterWriting) {
    AtomicInteger commits = new AtomicInteger();
    store.engine.committer(
        (database, batch) -> {
          boolean fail = commits.incrementAndGet() == 1;
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
