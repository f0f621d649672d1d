package org.raftactors.persistence.rocksdb.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.persistence.SelectedSnapshot;
import org.apache.pekko.persistence.SnapshotMetadata;
import org.apache.pekko.persistence.SnapshotSelectionCriteria;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.raftactors.persistence.rocksdb.RocksDbStoreException;
import org.raftactors.persistence.rocksdb.RocksDbStoreException.Reason;
import org.raftactors.persistence.rocksdb.RocksDbStores;
import org.raftactors.persistence.rocksdb.TestSystems;
import scala.jdk.javaapi.FutureConverters;

/** What damaged files do: refuse, name the place, never a shorter history without a word. */
class DamageTest {

  private static final int EVENTS = 100;
  private static final String UNCOMPRESSED =
      "raft-actors.persistence.rocksdb.store.compression = none";

  @TempDir Path temporary;
  private Path image;

  /** An image of a store that was not closed: the events are in the write-ahead log only. */
  @BeforeEach
  void crash() {
    Path directory = temporary.resolve("store");
    image = temporary.resolve("image");
    try (TestStore store = new TestStore(directory, TestStore.NO_MARKS)) {
      for (int i = 1; i <= EVENTS; i++) {
        store.written("p", "w", i, "event-" + i + ":" + "x".repeat(500));
      }
      TestStore.crashImage(directory, image);
    }
  }

  @Test
  void undamagedImage_hasEverything() {
    try (TestStore store = new TestStore(image)) {
      assertThat(store.replay("p")).hasSize(EVENTS);
    }
  }

  @Test
  @DisplayName("F5: a changed bit in the middle of the log refuses to open")
  void bitFlipInTheMiddleOfTheLog_refusesToOpen() {
    TestStore.flipBitBehind(TestStore.largest(image, ".log"), "event-50:");
    assertRefusesToOpen();
  }

  @Test
  void bitFlipInTheFirstRecordOfTheLog_refusesToOpen() {
    TestStore.flipBitBehind(TestStore.largest(image, ".log"), "event-1:");
    assertRefusesToOpen();
  }

  @Test
  void vanishedLog_refusesToOpen() throws Exception {
    Files.delete(TestStore.largest(image, ".log"));
    assertRefusesToOpen();
  }

  @Test
  @DisplayName("F1: a torn tail that was never acknowledged is accepted")
  void tornTail_isAccepted() throws Exception {
    Path log = TestStore.largest(image, ".log");
    try (SeekableByteChannel channel = Files.newByteChannel(log, StandardOpenOption.WRITE)) {
      channel.truncate(channel.size() - 100);
    }
    try (TestStore store = new TestStore(image)) {
      assertThat(store.replay("p")).hasSize(EVENTS - 1);
      assertThat(store.highest("p")).isEqualTo(EVENTS - 1);
      store.written("p", "new", EVENTS, "again");
    }
    try (TestStore store = new TestStore(image)) {
      assertThat(store.replay("p")).hasSize(EVENTS).last().isEqualTo("again");
    }
  }

  @Test
  @DisplayName("F5, F7: a changed bit in a data file fails the replay instead of ending it")
  void bitFlipInADataFile_failsTheReplayInsteadOfEndingIt() {
    try (TestStore store = new TestStore(image, UNCOMPRESSED)) {
      store.flush();
    }
    TestStore.flipBitBehind(TestStore.largest(image, ".sst"), "event-70:");
    try (TestStore store = new TestStore(image)) {
      List<Object> seen = new ArrayList<>();
      assertThatThrownBy(() -> store.replay("p", event -> seen.add(event.payload())))
          .isInstanceOfSatisfying(
              RocksDbStoreException.class, e -> assertThat(e.reason()).isEqualTo(Reason.CORRUPTED))
          .hasMessageContaining(image.toString())
          .hasMessageContaining("persistence id p");
      assertThat(seen).hasSizeLessThan(EVENTS);
    }
  }

  @Test
  @DisplayName("F10: a record that never arrived is noticed")
  void missingRecord_isNoticed() {
    try (TestStore store = new TestStore(image)) {
      store.change(
          db -> {
            db.rocks().delete(db.journal(), StoreKeys.of(1, 40));
            return true;
          });
      assertThatThrownBy(() -> store.replay("p"))
          .hasMessageContaining("persistence id p")
          .hasMessageContaining("sequence number 40 is lost");
    }
  }

  @Test
  void missingRecords_betweenDeletedAndHighest_areNoticed() {
    try (TestStore store = new TestStore(image)) {
      // As if the data file with all of them had vanished from under the position in memory.
      assertThat(store.highest("p")).isEqualTo(EVENTS);
      store.change(
          db -> {
            db.rocks().deleteRange(db.journal(), StoreKeys.of(1, 90), StoreKeys.of(2, 0));
            return true;
          });
      assertThatThrownBy(() -> store.replay("p"))
          .hasMessageContaining("sequence number 90 is lost")
          .hasMessageContaining("the journal ends before");
    }
  }

  @Test
  @DisplayName("F10: a record in another's place is noticed")
  void recordInAnothersPlace_isNoticed() {
    try (TestStore store = new TestStore(image)) {
      store.change(
          db -> {
            byte[] other = db.rocks().get(db.journal(), StoreKeys.of(1, 41));
            db.rocks().put(db.journal(), StoreKeys.of(1, 40), other);
            return true;
          });
      assertThatThrownBy(() -> store.replay("p"))
          .isInstanceOfSatisfying(
              RocksDbStoreException.class, e -> assertThat(e.reason()).isEqualTo(Reason.CORRUPTED))
          .hasMessageContaining("persistence id p")
          .hasMessageContaining("sequence number 40: its checksum");
    }
  }

  @Test
  @DisplayName("F16: a record of a later version is refused, naming both")
  void recordOfALaterVersion_namesBothVersions() {
    try (TestStore store = new TestStore(image)) {
      store.change(
          db -> {
            byte[] record = db.rocks().get(db.journal(), StoreKeys.of(1, 40));
            record[0] = 3;
            db.rocks().put(db.journal(), StoreKeys.of(1, 40), record);
            return true;
          });
      assertThatThrownBy(() -> store.replay("p"))
          .hasMessageContaining("format version is 3, this library reads version 2");
    }
  }

  @Test
  @DisplayName("F8: a damaged snapshot fails the load")
  void damagedSnapshot_failsTheLoadInsteadOfFallingBack() {
    try (TestStore store = new TestStore(image)) {
      SnapshotOperations snapshots =
          new SnapshotOperations(store.system, RocksDbStores.DEFAULT_STORE_PATH);
      for (int i = 1; i <= 2; i++) {
        TestSystems.await(
            FutureConverters.asJava(
                    snapshots.save(SnapshotMetadata.apply("p", i, 1000L + i), "snapshot-" + i))
                .thenApply(nothing -> true));
      }
      assertThat(load(snapshots)).map(SelectedSnapshot::snapshot).contains("snapshot-2");
      store.change(
          db -> {
            byte[] record = db.rocks().get(db.snapshots(), StoreKeys.of(1, 2));
            // The time stamp: believed unchecked, it would make the selection skip this one.
            record[10] = -1;
            db.rocks().put(db.snapshots(), StoreKeys.of(1, 2), record);
            return true;
          });
      assertThatThrownBy(() -> load(snapshots)).hasMessageContaining("checksum");
    }
  }

  private static Optional<SelectedSnapshot> load(SnapshotOperations snapshots) {
    return TestSystems.await(
        FutureConverters.asJava(
            snapshots.load("p", SnapshotSelection.of(SnapshotSelectionCriteria.latest()))));
  }

  private void assertRefusesToOpen() {
    try (TestStore store = new TestStore(image)) {
      assertThatThrownBy(store.engine::awaitOpen)
          .isInstanceOfSatisfying(
              RocksDbStoreException.class, e -> assertThat(e.reason()).isEqualTo(Reason.CORRUPTED))
          .hasMessageContaining(image.toString())
          .hasMessageContaining("is damaged")
          .hasMessageContaining("An older copy would open without an error");
      WriteOrderTest.assertRefused(store.write("p", "w", 1, "x"), Reason.CORRUPTED);
    }
  }
}
