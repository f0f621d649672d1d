package org.raftactors.persistence.rocksdb.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.UUID;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.raftactors.persistence.rocksdb.RocksDbStoreException;
import org.raftactors.persistence.rocksdb.RocksDbStoreException.Reason;
import org.raftactors.persistence.rocksdb.StoreVerdict.Kind;
import org.raftactors.persistence.rocksdb.TestSystems;

class HighWaterMarkTest {

  private static final UUID STORE = new UUID(1, 2);
  private static final StoreIdentity KNOWN = new StoreIdentity(STORE, false);
  private static final StoreIdentity NEW = new StoreIdentity(STORE, true);
  private static final int SLOT = MarkFile.SLOT_DISTANCE;

  @TempDir Path temporary;

  @Test
  void acknowledgedTailCutOff_isRefused_whenMarkedBeforeTheAnswer() throws IOException {
    assertCutTailRefused("raft-actors.persistence.rocksdb.store.mark-interval = 0", false);
  }

  @Test
  @DisplayName("F9: an acknowledged tail was cut off")
  void acknowledgedTailCutOff_isRefused_afterSyncMark() throws IOException {
    assertCutTailRefused(TestStore.NO_MARKS, true);
  }

  @Test
  void acknowledgedTailCutOff_isRefused_whenTheWriteAskedForAMark() throws IOException {
    Path directory = temporary.resolve("store");
    Path image = temporary.resolve("image");
    try (TestStore store = new TestStore(directory, TestStore.NO_MARKS)) {
      store.written("p", "w", 1, "a");
      store.written("p", "w", 2, TestStore.marked("vote"));
      TestStore.crashImage(directory, image);
    }
    TestStore.cutLog(image, 10);
    TestStore.assertRefused(image, Kind.LOST_WRITES);
  }

  @Test
  void writeThatAskedForAMark_isNotAnsweredWithoutOne() {
    try (TestStore store = new TestStore(temporary.resolve("store"), TestStore.NO_MARKS)) {
      store.written("p", "w", 1, "a");
      Path file = temporary.resolve("store").resolve(HighWaterMark.FILE);
      byte[] before = read(file);
      store.written("p", "w", 2, "b");
      assertThat(read(file)).isEqualTo(before);
      store.written("p", "w", 3, TestStore.marked("vote"));
      assertThat(read(file)).isNotEqualTo(before);
      assertThat(store.replay("p")).containsExactly("a", "b", "vote");
    }
  }

  @Test
  void mark_followsAfterTheInterval_withoutFurtherWrites() {
    Path directory = temporary.resolve("store");
    try (TestStore store =
        new TestStore(directory, "raft-actors.persistence.rocksdb.store.mark-interval = 10 ms")) {
      store.engine.awaitOpen();
      byte[] before = read(directory.resolve(HighWaterMark.FILE));
      store.written("p", "w", 1, "a");
      await()
          .atMost(TestSystems.CEILING)
          .until(() -> !Arrays.equals(before, read(directory.resolve(HighWaterMark.FILE))));
    }
  }

  @Test
  void cleanStop_leavesAnExactMark() throws IOException {
    Path directory = temporary.resolve("store");
    Path marks = temporary.resolve("marks");
    String elsewhere = "raft-actors.persistence.rocksdb.store.mark-directory = \"" + marks + "\"";
    new TestStore(directory, TestStore.NO_MARKS, elsewhere)
        .closeAfter(store -> store.written("p", "w", 1, "a"));
    Path older = TestStore.crashImage(directory, temporary.resolve("older"));
    new TestStore(directory, TestStore.NO_MARKS, elsewhere)
        .closeAfter(store -> store.written("p", "w", 2, "b"));
    TestStore.assertRefused(older, Kind.LOST_WRITES, elsewhere);
  }

  @Test
  void cleanStop_leavesNoLogToGoThrough() throws IOException {
    Path directory = temporary.resolve("store");
    new TestStore(directory).closeAfter(store -> store.written("p", "w", 1, "a".repeat(100_000)));
    assertThat(Files.size(TestStore.largest(directory, ".log"))).isLessThan(1000);
    try (TestStore store = new TestStore(directory)) {
      assertThat(store.replay("p")).hasSize(1);
    }
  }

  @Test
  void withoutSync_thereIsNoMark() {
    Path directory = temporary.resolve("store");
    new TestStore(directory).closeAfter(store -> store.written("p", "w", 1, "a"));
    assertThat(directory.resolve(HighWaterMark.FILE)).exists();
    try (TestStore store =
        new TestStore(directory, "raft-actors.persistence.rocksdb.store.sync = off")) {
      store.written("p", "w2", 2, "b");
      TestSystems.await(store.engine.syncMark());
      assertThat(store.engine.counters().syncs()).isZero();
      assertThat(store.engine.verdict().kind()).isEqualTo(Kind.UNMARKED);
    }
    assertThat(directory.resolve(HighWaterMark.FILE)).doesNotExist();
    new TestStore(directory)
        .closeAfter(
            store -> {
              assertThat(store.replay("p")).containsExactly("a", "b");
              assertThat(store.engine.verdict().kind()).isEqualTo(Kind.SOUND);
            });
  }

  @Test
  void oneDamagedSlot_leavesTheOther_bothAreRefused() throws IOException {
    HistoryEntry five = history(5, 50, 0, 0);
    open(NEW, five).close();
    // Mark 1 is in the odd slot, mark 2 in the even one.
    try (HighWaterMark mark = open(KNOWN, five)) {
      mark.write(new StorePosition(10, 100), false);
    }
    Path file = temporary.resolve(HighWaterMark.FILE);
    byte[] whole = read(file);
    byte[] damaged = whole.clone();
    int newest = whole[9] > whole[SLOT + 9] ? 0 : SLOT;
    damaged[newest + 20] ^= 1;
    Files.write(file, damaged);
    assertThatThrownBy(() -> open(KNOWN, history(4, 40, 1, 5))).hasMessageContaining("to batch 5");
    damaged[SLOT - newest + 20] ^= 1;
    Files.write(file, damaged);
    assertThatThrownBy(() -> open(KNOWN, history(99, 1, 1, 5)))
        .isInstanceOfSatisfying(
            RocksDbStoreException.class,
            e -> assertThat(e.verdict().orElseThrow().kind()).isEqualTo(Kind.MARK_DAMAGED));
  }

  @Test
  @DisplayName("F16: a mark of a later version is refused, naming both")
  void laterVersion_isRefusedByName() throws IOException {
    open(NEW, history(5, 50, 0, 0)).close();
    Path file = temporary.resolve(HighWaterMark.FILE);
    byte[] bytes = read(file);
    for (int slot : new int[] {0, SLOT}) {
      bytes[slot] = 9;
      TestStore.putChecksum(bytes, slot, MarkFile.SLOT_LENGTH - Integer.BYTES);
    }
    Files.write(file, bytes);
    assertThatThrownBy(() -> open(KNOWN, history(5, 50, 1, 5)))
        .isInstanceOfSatisfying(
            RocksDbStoreException.class, e -> assertThat(e.reason()).isEqualTo(Reason.FORMAT))
        .hasMessageContaining("version 9")
        .hasMessageContaining("version 2");
  }

  @Test
  @DisplayName("F15: a crash while the mark is created is no damage")
  void creationCutShort_isNoDamage_sinceNothingWasMarked() throws IOException {
    Path directory = temporary.resolve("store");
    new TestStore(directory).closeAfter(store -> store.engine.awaitOpen());
    // What a power failure leaves of a file that grew but whose content was not synced.
    Files.delete(directory.resolve(HighWaterMark.FILE));
    Files.write(directory.resolve(HighWaterMark.UNFINISHED), new byte[4096 + 37]);
    new TestStore(directory).closeAfter(store -> store.written("p", "w", 1, "a"));
    assertThat(directory.resolve(HighWaterMark.FILE)).exists();
    assertThat(directory.resolve(HighWaterMark.UNFINISHED)).doesNotExist();
  }

  @Test
  void creation_givesTheFileItsNameWhenItIsWhole() throws IOException {
    // In the way of the first slot's file: the creation fails before anything has the final name.
    Files.createDirectories(temporary.resolve(HighWaterMark.UNFINISHED));
    assertThatThrownBy(() -> open(NEW, HistoryEntry.NONE))
        .isInstanceOfSatisfying(
            RocksDbStoreException.class, e -> assertThat(e.reason()).isEqualTo(Reason.IO));
    assertThat(temporary.resolve(HighWaterMark.FILE)).doesNotExist();
  }

  @Test
  void creation_takesTheSpaceOfAllLaterMarks() {
    open(NEW, HistoryEntry.NONE).close();
    assertThat(temporary.resolve(HighWaterMark.FILE)).hasSize(2 * SLOT);
  }

  @Test
  void emptiedMark_isDamage() throws IOException {
    open(NEW, history(5, 50, 0, 0)).close();
    Files.write(temporary.resolve(HighWaterMark.FILE), new byte[0]);
    assertThatThrownBy(() -> open(KNOWN, history(10, 1, 1, 5))).hasMessageContaining("both slots");
  }

  @Test
  void storeBehindItsMark_doesNotCatchUpByBeingTriedAgain() throws IOException {
    Path directory = temporary.resolve("store");
    Path image = temporary.resolve("image");
    try (TestStore store = new TestStore(directory, TestStore.NO_MARKS)) {
      store.written("p", "w", 1, "a");
      TestSystems.await(store.engine.syncMark());
      TestStore.crashImage(directory, image);
    }
    TestStore.cutLog(image, 10);
    try (TestStore store = new TestStore(image)) {
      for (int i = 0; i < 10; i++) {
        assertThatThrownBy(store.engine::awaitOpen).hasMessageContaining("synced up to batch");
      }
    }
  }

  private HighWaterMark open(StoreIdentity store, HistoryEntry history) {
    return HighWaterMark.open(temporary, temporary, store, history);
  }

  /** A database at a batch, which remembers a mark of another batch. */
  private static HistoryEntry history(long batch, long hash, long marks, long marked) {
    return new HistoryEntry(
        new StorePosition(batch, hash), marks, new StorePosition(marked, marked * 10));
  }

  private void assertCutTailRefused(String config, boolean syncMark) throws IOException {
    Path directory = temporary.resolve("store");
    Path image = temporary.resolve("image");
    try (TestStore store = new TestStore(directory, config)) {
      store.written("p", "w", 1, "a");
      store.written("p", "w", 2, "b");
      if (syncMark) {
        TestSystems.await(store.engine.syncMark());
      }
      TestStore.crashImage(directory, image);
    }
    TestStore.cutLog(image, 10);
    TestStore.assertRefused(image, Kind.LOST_WRITES);
  }

  private static byte[] read(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
