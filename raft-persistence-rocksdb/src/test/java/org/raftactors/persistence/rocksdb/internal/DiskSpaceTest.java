package org.raftactors.persistence.rocksdb.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.raftactors.persistence.rocksdb.RocksDbCleanup;
import org.raftactors.persistence.rocksdb.RocksDbStoreException.Reason;
import org.raftactors.persistence.rocksdb.TestSystems;

/** A log whose beginning is deleted as it grows: the disk has room for all of it, for ever. */
class DiskSpaceTest {

  private static final long MIB = 1 << 20;
  private static final int JOURNALS = 8;
  private static final int BATCH = 500;
  private static final int ROUNDS = 75;
  private static final int KEPT = 1000;

  /** For what is kept and for RocksDB: buffers, logs, and what is between two compactions. */
  private static final long BOUND = 12 * MIB;

  private static final String SMALL =
      """
      raft-actors.persistence.rocksdb.store {
        write-buffer-size = 1 MiB
        write-buffer-budget = 4 MiB
        max-wal-size = 2 MiB
        reclaim-after = 2 MiB
        compression = none
      }
      """;

  @TempDir Path directory;

  @Test
  void endlessLog_staysWithinItsBound_whileItsBeginningIsDeleted() {
    Random random = new Random(7);
    String[] texts = IntStream.range(0, BATCH).mapToObj(i -> text(random)).toArray(String[]::new);
    try (TestStore store = new TestStore(directory, SMALL)) {
      RocksDbCleanup cleanup = new RocksDbCleanup(store.system);
      for (int round = 0; round < ROUNDS; round++) {
        writeRound(store, round, texts);
        Map<String, Long> deletions = new HashMap<>();
        for (int id = 0; id < JOURNALS; id++) {
          deletions.put("p" + id, (long) (round + 1) * BATCH - KEPT);
        }
        TestSystems.await(cleanup.compactEvents(deletions));
        await().atMost(TestSystems.CEILING).until(() -> TestStore.size(directory) < BOUND);
      }
      long written = store.engine.counters().bytes();
      assertThat(store.engine.counters().records()).isEqualTo(JOURNALS * BATCH * ROUNDS);
      assertThat(written).isGreaterThan(3 * BOUND);
      assertThat(store.replay("p3")).hasSize(KEPT);
    }
    try (TestStore store = new TestStore(directory, SMALL)) {
      assertThat(store.highest("p5")).isEqualTo(BATCH * ROUNDS);
      assertThat(store.replay("p5")).hasSize(KEPT);
    }
  }

  @Test
  void compaction_neverRemovesTheNewestEvent() {
    try (TestStore store = new TestStore(directory)) {
      store.written("p", "w", 1, "a", "b", "c");
      store.written("q", "w", 1, "only");
      RocksDbCleanup cleanup = new RocksDbCleanup(store.system);
      TestSystems.await(
          cleanup.compactEvents(Map.of("p", Long.MAX_VALUE, "q", 1L, "never-seen", 5L)));
      assertThat(store.replay("p")).containsExactly("c");
      assertThat(store.replay("q")).containsExactly("only");
      TestSystems.await(cleanup.compactEvents(Map.of("p", Long.MIN_VALUE)));
      assertThat(store.replay("p")).containsExactly("c");
      assertThat(store.highest("p")).isEqualTo(3);
    }
  }

  @Test
  void compaction_ofManyJournals_isNotStoppedByADamagedOne() {
    try (TestStore store = new TestStore(directory)) {
      Map<String, Long> deletions = new HashMap<>();
      for (int id = 1; id <= 100; id++) {
        store.written("p" + id, "w", 1, "a", "b", "c");
        deletions.put("p" + id, 2L);
      }
      store.change(
          db -> {
            db.rocks().delete(db.journal(), StoreKeys.of(50, 2));
            return true;
          });
      CompletableFuture<?> compacted =
          new RocksDbCleanup(store.system).compactEvents(deletions).toCompletableFuture();
      WriteOrderTest.assertRefused(compacted, Reason.CORRUPTED);
      assertThat(store.engine.damages()).containsOnlyKeys("p50");
      for (int id = 1; id <= 100; id++) {
        if (id != 50) {
          assertThat(store.replay("p" + id)).containsExactly("c");
        }
      }
    }
  }

  @Test
  @DisplayName("F15: a crash between any two steps of a deletion leaves it done or not begun")
  void crash_betweenTheStepsOfADeletion() {
    String noReclaim = "raft-actors.persistence.rocksdb.store.reclaim-after = 1 TiB";
    Path before = directory.resolve("before");
    Path deleted = directory.resolve("deleted");
    Path flushed = directory.resolve("flushed");
    Path dropped = directory.resolve("dropped");
    Path store = directory.resolve("store");
    try (TestStore running = new TestStore(store, TestStore.NO_MARKS, noReclaim, SMALL_FILES)) {
      Random random = new Random(7);
      for (int i = 1; i <= 40; i++) {
        running.written("p", "w", i, text(random).repeat(500));
        running.written("q", "w", i, "small-" + i);
      }
      running.flush();
      TestStore.crashImage(store, before);
      TestSystems.await(new RocksDbCleanup(running.system).deleteEventsTo("p", 35));
      TestStore.crashImage(store, deleted);
      running.flush();
      TestStore.crashImage(store, flushed);
      running.change(
          db -> {
            // The marker goes with its file, as may happen, and the events are there again.
            db.rocks()
                .deleteFilesInRanges(
                    db.journal(), List.of(StoreKeys.of(1, 0), StoreKeys.of(1, 36)), false);
            return true;
          });
      TestStore.crashImage(store, dropped);
    }
    assertEvents(before, 40, 0);
    long full = TestStore.size(before);
    for (Path image : new Path[] {deleted, flushed, dropped}) {
      assertEvents(image, 5, full / 2);
    }
  }

  private static final String SMALL_FILES =
      "raft-actors.persistence.rocksdb.store.compression = none";

  /** What is there is whole, and the space of the rest returns without another deletion. */
  private static void assertEvents(Path image, int expected, long atMost) {
    try (TestStore store =
        new TestStore(image, "raft-actors.persistence.rocksdb.store.reclaim-after = 1 MiB")) {
      assertThat(store.replay("p")).hasSize(expected);
      assertThat(store.replay("q")).hasSize(40);
      assertThat(store.highest("p")).isEqualTo(40);
      assertThat(TestSystems.await(store.engine.scrub()).damages()).isEmpty();
      if (atMost > 0) {
        await().atMost(TestSystems.CEILING).until(() -> TestStore.size(image) < atMost);
        assertThat(store.replay("p")).hasSize(expected);
      }
      store.written("p", "w2", 41, "next");
    }
  }

  private static void writeRound(TestStore store, int round, String[] texts) {
    CompletableFuture<?>[] writes = new CompletableFuture<?>[JOURNALS];
    for (int id = 0; id < JOURNALS; id++) {
      writes[id] = store.write("p" + id, "w", (long) round * BATCH + 1, (Object[]) texts);
    }
    for (CompletableFuture<?> write : writes) {
      TestSystems.await(write);
    }
  }

  private static String text(Random random) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 100; i++) {
      text.append((char) (' ' + random.nextInt(90)));
    }
    return text.toString();
  }
}
