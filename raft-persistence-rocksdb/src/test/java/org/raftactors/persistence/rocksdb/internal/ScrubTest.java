package org.raftactors.persistence.rocksdb.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.persistence.SnapshotMetadata;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.raftactors.persistence.rocksdb.JournalDamage;
import org.raftactors.persistence.rocksdb.RocksDbCleanup;
import org.raftactors.persistence.rocksdb.RocksDbStores;
import org.raftactors.persistence.rocksdb.ScrubReport;
import org.raftactors.persistence.rocksdb.TestSystems;
import org.rocksdb.RocksDBException;
import scala.jdk.javaapi.FutureConverters;

class ScrubTest {

  private static final int EVENTS = 50;
  private static final String SMALL_CHUNKS =
      "raft-actors.persistence.rocksdb.store.read-chunk-records = 8";

  @TempDir Path directory;

  @Test
  void soundStore_isReadWhole() {
    try (TestStore store = new TestStore(directory, SMALL_CHUNKS)) {
      write(store);
      TestSystems.await(new RocksDbCleanup(store.system).deleteEventsTo("p2", 30));
      ScrubReport report = TestSystems.await(store.engine.scrub());
      assertThat(report.complete()).isTrue();
      assertThat(report.persistenceIds()).isEqualTo(6);
      assertThat(report.records()).isEqualTo(5 * EVENTS - 30 + 1);
      assertThat(report.damages()).isEmpty();
      assertThat(store.engine.scrubProgress()).contains(report);
    }
  }

  @Test
  @DisplayName("F5: a scrub finds the first damage of each persistence id, and the store remembers")
  void damages_areFound_eachOneFirst_andRemembered() {
    try (TestStore store = new TestStore(directory, SMALL_CHUNKS)) {
      write(store);
      store.change(
          db -> {
            flip(db, 1, 20);
            flip(db, 1, 30);
            db.rocks().delete(db.journal(), StoreKeys.of(2, 17));
            flip(db, 3, EVENTS);
            byte[] key = StoreKeys.of(6, 9);
            byte[] snapshot = db.rocks().get(db.snapshots(), key);
            snapshot[snapshot.length - 1] ^= 1;
            db.rocks().put(db.snapshots(), key, snapshot);
            return true;
          });
      ScrubReport report = TestSystems.await(store.engine.scrub());
      assertThat(report.complete()).isTrue();
      assertThat(report.damages()).containsOnlyKeys("p1", "p2", "p3", "snap");
      assertThat(report.damages().values())
          .extracting(JournalDamage::sequenceNr)
          .containsExactlyInAnyOrder(20L, 17L, (long) EVENTS, 9L);
      assertThat(store.engine.damages()).containsOnlyKeys("p1", "p2", "p3", "snap");
    }
    try (TestStore store = new TestStore(directory)) {
      store.engine.awaitOpen();
      assertThat(store.engine.damages()).containsOnlyKeys("p1", "p2", "p3", "snap");
      assertThat(TestSystems.await(store.engine.scrub("p4")).damages()).isEmpty();
      assertThat(TestSystems.await(store.engine.scrub("p1")).damages()).containsOnlyKeys("p1");
    }
  }

  @Test
  void damagedPosition_isFound_andTheOthersAreRead() {
    try (TestStore store = new TestStore(directory)) {
      write(store);
      store.change(
          db -> {
            byte[] key = StoreKeys.persistenceId("p2");
            byte[] entry = db.rocks().get(db.meta(), key);
            entry[12] ^= 1;
            db.rocks().put(db.meta(), key, entry);
            return true;
          });
      ScrubReport report = TestSystems.await(store.engine.scrub());
      assertThat(report.damages()).containsOnlyKeys("p2");
      assertThat(report.records()).isEqualTo(4 * EVENTS + 1);
    }
  }

  @Test
  @DisplayName("F7: damage in a data file that nobody reads is found by the scrub")
  void damageInADataFile_isFound() {
    String uncompressed = "raft-actors.persistence.rocksdb.store.compression = none";
    try (TestStore store = new TestStore(directory, uncompressed)) {
      for (int i = 1; i <= 200; i++) {
        store.written("p", "w", i, "event-" + i + ":" + "x".repeat(500));
      }
      store.flush();
    }
    TestStore.flipBitBehind(TestStore.largest(directory, ".sst"), "event-10:");
    try (TestStore store = new TestStore(directory, uncompressed)) {
      ScrubReport report = TestSystems.await(store.engine.scrub());
      // The block as a whole cannot be read: the first record of it is the first that is damaged.
      assertThat(report.damages().values())
          .singleElement()
          .satisfies(damage -> assertThat(damage.sequenceNr()).isBetween(1L, 10L));
    }
  }

  @Test
  void uncleanStop_isFollowedByAScrub_aCleanOneIsNot() {
    Path image = directory.resolve("image");
    try (TestStore store = new TestStore(directory.resolve("store"))) {
      write(store);
      store.change(
          db -> {
            flip(db, 4, 7);
            return true;
          });
      TestStore.crashImage(directory.resolve("store"), image);
      assertThat(store.engine.scrubProgress()).isEmpty();
    }
    try (TestStore clean = new TestStore(directory.resolve("store"))) {
      clean.engine.awaitOpen();
      assertThat(clean.engine.scrubProgress()).isEmpty();
    }
    try (TestStore crashed = new TestStore(image)) {
      crashed.engine.awaitOpen();
      await()
          .atMost(TestSystems.CEILING)
          .until(() -> crashed.engine.scrubProgress().orElseThrow().complete());
      assertThat(crashed.engine.damages()).containsOnlyKeys("p4");
    }
  }

  @Test
  void stop_duringTheScrubOfAnUncleanStop_doesNotEndIt() {
    Path image = directory.resolve("image");
    try (TestStore store = new TestStore(directory.resolve("store"))) {
      for (int i = 1; i <= 20; i++) {
        store.written("p", "w", i, "x".repeat(100_000));
      }
      TestStore.crashImage(directory.resolve("store"), image);
    }
    String slow = "raft-actors.persistence.rocksdb.store.scrub-bytes-per-second=64 KiB";
    try (TestStore store = new TestStore(image, SMALL_CHUNKS, slow)) {
      store.engine.awaitOpen();
      assertThat(store.engine.scrubProgress().orElseThrow().complete()).isFalse();
    }
    try (TestStore store = new TestStore(image)) {
      store.engine.awaitOpen();
      await().atMost(TestSystems.CEILING).until(() -> !store.engine.scrubPending());
      assertThat(store.engine.scrubProgress().orElseThrow().complete()).isTrue();
    }
    // Now it was read to the end: no more after a stop.
    try (TestStore store = new TestStore(image)) {
      store.engine.awaitOpen();
      assertThat(store.engine.scrubProgress()).isEmpty();
    }
  }

  @Test
  void scrub_keepsToItsRate_andEndsWithTheStore() {
    TestStore store =
        new TestStore(
            directory,
            SMALL_CHUNKS,
            "raft-actors.persistence.rocksdb.store.scrub-bytes-per-second=64 KiB");
    for (int i = 1; i <= 100; i++) {
      store.written("p", "w", i, "x".repeat(100_000));
    }
    CompletionStage<ScrubReport> scrub = store.engine.scrub();
    await()
        .atMost(TestSystems.CEILING)
        .until(() -> store.engine.scrubProgress().map(ScrubReport::bytes).orElse(0L) > 0);
    ScrubReport progress = store.engine.scrubProgress().orElseThrow();
    // Ten megabytes at this rate take minutes; a first piece, of eight records, has been read.
    assertThat(progress.complete()).isFalse();
    assertThat(progress.records()).isLessThan(100);
    assertThat(progress.expectedBytes()).isPositive();
    assertThat(progress.duration()).isGreaterThan(Duration.ZERO);
    store.close();
    assertThatThrownBy(() -> TestSystems.await(scrub)).hasMessageContaining("closed");
  }

  @Test
  void scrub_goesOn_whenWhatItReadsIsDeleted() {
    try (TestStore store =
        new TestStore(
            directory,
            SMALL_CHUNKS,
            "raft-actors.persistence.rocksdb.store.scrub-bytes-per-second=64 KiB")) {
      for (int i = 1; i <= 30; i++) {
        store.written("p", "w", i, "x".repeat(i < 9 ? 10_000 : 10));
      }
      CompletionStage<ScrubReport> scrub = store.engine.scrub();
      await()
          .atMost(TestSystems.CEILING)
          .until(() -> store.engine.scrubProgress().map(ScrubReport::bytes).orElse(0L) > 0);
      TestSystems.await(new RocksDbCleanup(store.system).deleteEventsTo("p", 20));
      ScrubReport report = TestSystems.await(scrub);
      assertThat(report.damages()).isEmpty();
      assertThat(report.complete()).isTrue();
    }
  }

  @Test
  void closedStore_isNotScrubbed() {
    TestStore store = new TestStore(directory);
    store.engine.awaitOpen();
    store.close();
    assertThatThrownBy(() -> TestSystems.await(store.engine.scrub()))
        .hasMessageContaining("closed");
  }

  /**
   * Five journals of fifty events, with the numbers 1 to 5, and one persistence id with a snapshot.
   */
  private static void write(TestStore store) {
    Object[] events = new Object[EVENTS];
    Arrays.setAll(events, i -> "event-" + i);
    for (int id = 1; id <= 5; id++) {
      store.written("p" + id, "w", 1, events);
    }
    SnapshotOperations snapshots =
        new SnapshotOperations(store.system, RocksDbStores.DEFAULT_STORE_PATH);
    TestSystems.await(
        FutureConverters.asJava(snapshots.save(SnapshotMetadata.apply("snap", 9, 1), "state"))
            .thenApply(nothing -> true));
  }

  private static void flip(Database db, long id, long sequenceNr) throws RocksDBException {
    byte[] key = StoreKeys.of(id, sequenceNr);
    byte[] record = db.rocks().get(db.journal(), key);
    record[record.length - 1] ^= 1;
    db.rocks().put(db.journal(), key, record);
  }
}
