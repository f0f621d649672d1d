package org.raftactors.persistence.rocksdb.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.raftactors.persistence.rocksdb.RocksDbCounters;
import org.raftactors.persistence.rocksdb.RocksDbStoreException;
import org.raftactors.persistence.rocksdb.RocksDbStoreException.Reason;
import org.raftactors.persistence.rocksdb.TestSystems;

class WriteOrderTest {

  @TempDir Path directory;
  private TestStore store;

  @BeforeEach
  void open() {
    store = new TestStore(directory);
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void write_notBehindTheHighest_isRefusedAndNothingIsStored() {
    store.written("p", "w", 1, "a", "b");
    for (long wrong : new long[] {1, 2, 4, 100}) {
      assertRefused(store.write("p", "w", wrong, "x", "y"), Reason.OUT_OF_ORDER);
    }
    store.written("p", "w", 3, "c");
    assertThat(store.replay("p")).containsExactly("a", "b", "c");
  }

  @Test
  void write_whileEarlierOnesAreQueued_isJudgedBehindThem() {
    List<CompletableFuture<?>> writes = new ArrayList<>();
    for (int i = 1; i <= 100; i++) {
      writes.add(store.write("p", "w", i, "e" + i));
    }
    CompletableFuture<?> again = store.write("p", "w", 100, "zombie");
    writes.forEach(TestSystems::await);
    assertRefused(again, Reason.OUT_OF_ORDER);
    assertThat(store.highest("p")).isEqualTo(100);
  }

  @Test
  void highest_isAnsweredBehindTheWritesQueuedBefore() throws Exception {
    CountDownLatch disk = new CountDownLatch(1);
    store.engine.awaitOpen();
    store.engine.committer(
        (database, batch) -> {
          awaitUninterrupted(disk);
          BatchCommitter.writeAndSync(database, batch);
        });
    CompletableFuture<?> write = store.write("p", "old", 1, "late");
    CompletableFuture<Long> highest = CompletableFuture.supplyAsync(() -> store.highest("p"));
    assertThat(highest).isNotDone();
    disk.countDown();
    TestSystems.await(write);
    assertThat(TestSystems.await(highest)).isEqualTo(1);
  }

  @Test
  @DisplayName("118: a writer of an earlier life is fenced")
  void zombie_withTheRightSequenceNr_isFencedAfterARecovery() {
    store.written("p", "old", 1, "a");
    assertThat(store.highest("p")).isEqualTo(1);
    assertRefused(store.write("p", "old", 2, "zombie"), Reason.FENCED);
    store.written("p", "new", 2, "b");
    assertRefused(store.write("p", "old", 3, "zombie"), Reason.FENCED);
    assertThat(store.replay("p")).containsExactly("a", "b");
  }

  @Test
  void zombie_isStillKnownAfterARestartOfTheStore() {
    store.written("p", "old", 1, "a");
    store.close();
    store = new TestStore(directory);
    assertThat(store.highest("p")).isEqualTo(1);
    assertRefused(store.write("p", "old", 2, "zombie"), Reason.FENCED);
    store.written("p", "new", 2, "b");
  }

  @Test
  void twoWriters_withoutARecoveryBetween_secondIsFenced() {
    store.written("p", "one", 1, "a");
    assertRefused(store.write("p", "two", 2, "b"), Reason.FENCED);
    store.written("p", "one", 2, "b");
  }

  @Test
  void positions_beyondTheCacheLimit_areReadAgain() {
    store.close();
    store =
        new TestStore(
            directory, "raft-actors.persistence.rocksdb.store.max-cached-persistence-ids = 16");
    for (int i = 0; i < 100; i++) {
      store.written("p" + i, "w", 1, "a");
    }
    for (int i = 0; i < 100; i++) {
      assertRefused(store.write("p" + i, "w", 1, "x"), Reason.OUT_OF_ORDER);
      store.written("p" + i, "w", 2, "b");
      assertThat(store.replay("p" + i)).containsExactly("a", "b");
    }
  }

  @Test
  void rejectedEvent_usesUpItsSequenceNrAndIsNotReplayed() {
    Iterable<Optional<Exception>> outcome =
        TestSystems.await(store.write("p", "w", 1, new Object()));
    assertThat(outcome).hasSize(1).allMatch(Optional::isPresent);
    store.written("p", "w", 2, "b");
    assertThat(store.highest("p")).isEqualTo(2);
    assertThat(store.replay("p")).containsExactly("b");
  }

  @Test
  void manyActors_shareSyncs() throws Exception {
    CountDownLatch disk = new CountDownLatch(1);
    store.engine.awaitOpen();
    RocksDbCounters before = store.engine.counters();
    store.engine.committer(
        (database, batch) -> {
          awaitUninterrupted(disk);
          BatchCommitter.writeAndSync(database, batch);
        });
    List<CompletableFuture<?>> writes = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      writes.add(store.write("p" + i, "w", 1, "a"));
    }
    disk.countDown();
    writes.forEach(TestSystems::await);
    RocksDbCounters after = store.engine.counters();
    assertThat(after.writes() - before.writes()).isEqualTo(200);
    assertThat(after.records() - before.records()).isEqualTo(200);
    // At most one with what was there first, one with all that came while it was stuck.
    assertThat(after.syncs() - before.syncs()).isBetween(1L, 2L);
    assertThat(after.queuedBytes()).isZero();
  }

  static void assertRefused(CompletableFuture<?> write, Reason reason) {
    assertThatThrownBy(() -> TestSystems.await(write))
        .isInstanceOfSatisfying(
            RocksDbStoreException.class, e -> assertThat(e.reason()).isEqualTo(reason));
  }

  private static void awaitUninterrupted(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
