package org.raftactors.persistence.rocksdb.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.raftactors.persistence.rocksdb.RocksDbStoreException;
import org.raftactors.persistence.rocksdb.RocksDbStoreException.Reason;
import org.raftactors.persistence.rocksdb.TestSystems;

class HighWaterMarkTest {

  private static final UUID STORE = new UUID(1, 2);
  private static final StoreIdentity KNOWN = new StoreIdentity(STORE, false);
  private static final StoreIdentity NEW = new StoreIdentity(STORE, true);

  @TempDir Path temporary;

  @Test
  void acknowledgedTailCutOff_isRefused_whenMarkedBeforeTheAnswer() throws IOException {
    assertCutTailRefused("raft-actors.persistence.rocksdb.store.mark-interval = 0", false);
  }

  @Test
  void acknowledgedTailCutOff_isRefused_afterSyncMark() throws IOException {
    assertCutTailRefused(TestStore.NO_MARKS, true);
  }

  @Test
  void mark_followsAfterTheInterval_withoutFurtherWrites() throws IOException {
    Path directory = temporary.resolve("store");
    try (TestStore store =
        new TestStore(directory, "raft-actors.persistence.rocksdb.store.mark-interval = 10 ms")) {
      store.engine.awaitOpen();
      byte[] before = Files.readAllBytes(directory.resolve(HighWaterMark.FILE));
      store.written("p", "w", 1, "a");
      await()
          .atMost(TestSystems.CEILING)
          .until(
              () ->
                  !Arrays.equals(
                      before, Files.readAllBytes(directory.resolve(HighWaterMark.FILE))));
    }
  }

  @Test
  void cleanStop_leavesAnExactMark() throws IOException {
    Path directory = temporary.resolve("store");
    new TestStore(directory, TestStore.NO_MARKS)
        .closeAfter(
            store -> {
              store.written("p", "w", 1, "a");
              store.written("p", "w", 2, "b");
            });
    cutLog(directory, 10);
    assertBehind(directory);
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
    }
    assertThat(directory.resolve(HighWaterMark.FILE)).doesNotExist();
    new TestStore(directory)
        .closeAfter(store -> assertThat(store.replay("p")).containsExactly("a", "b"));
  }

  @Test
  void store_behindItsMark_isRefused() throws IOException {
    mark(NEW, 5, 10);
    assertThatThrownBy(() -> HighWaterMark.open(temporary, KNOWN, 9))
        .isInstanceOfSatisfying(
            RocksDbStoreException.class, e -> assertThat(e.reason()).isEqualTo(Reason.CORRUPTED))
        .hasMessageContaining("ends at 9")
        .hasMessageContaining("synced up to 10");
    HighWaterMark.open(temporary, KNOWN, 10).close();
    HighWaterMark.open(temporary, KNOWN, 11).close();
    assertThatThrownBy(() -> HighWaterMark.open(temporary, KNOWN, 10))
        .hasMessageContaining("synced up to 11");
  }

  @Test
  void mark_ofAnotherStore_isRefused() throws IOException {
    mark(NEW, 5, 10);
    StoreIdentity other = new StoreIdentity(new UUID(3, 4), false);
    assertThatThrownBy(() -> HighWaterMark.open(temporary, other, 99))
        .hasMessageContaining(STORE.toString());
  }

  @Test
  void oneDamagedSlot_leavesTheOther_bothAreRefused() throws IOException {
    mark(NEW, 5, 10);
    Path file = temporary.resolve(HighWaterMark.FILE);
    byte[] whole = Files.readAllBytes(file);
    byte[] oneDamaged = whole.clone();
    // The second mark (10) lies in the even slot, at the beginning of the file.
    oneDamaged[20] ^= 1;
    Files.write(file, oneDamaged);
    assertThatThrownBy(() -> HighWaterMark.open(temporary, KNOWN, 4))
        .hasMessageContaining("synced up to 5");
    oneDamaged[4096 + 20] ^= 1;
    Files.write(file, oneDamaged);
    assertThatThrownBy(() -> HighWaterMark.open(temporary, KNOWN, 99))
        .hasMessageContaining("both slots");
  }

  @Test
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
    assertThatThrownBy(() -> HighWaterMark.open(temporary, NEW, 1))
        .isInstanceOfSatisfying(
            RocksDbStoreException.class, e -> assertThat(e.reason()).isEqualTo(Reason.IO));
    assertThat(temporary.resolve(HighWaterMark.FILE)).doesNotExist();
  }

  @Test
  void emptiedMark_isDamage() throws IOException {
    mark(NEW, 5, 10);
    Files.write(temporary.resolve(HighWaterMark.FILE), new byte[0]);
    assertThatThrownBy(() -> HighWaterMark.open(temporary, KNOWN, 10))
        .hasMessageContaining("both slots");
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
    cutLog(image, 10);
    try (TestStore store = new TestStore(image)) {
      for (int i = 0; i < 10; i++) {
        assertThatThrownBy(store.engine::awaitOpen)
            .hasMessageContaining("has lost acknowledged writes");
      }
    }
  }

  private void mark(StoreIdentity store, long... sequences) throws IOException {
    try (HighWaterMark mark = HighWaterMark.open(temporary, store, sequences[0])) {
      for (long sequence : sequences) {
        mark.write(store.storeId(), sequence);
      }
    }
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
    cutLog(image, 10);
    assertBehind(image);
  }

  private static void assertBehind(Path directory) {
    try (TestStore store = new TestStore(directory)) {
      assertThatThrownBy(store.engine::awaitOpen)
          .isInstanceOfSatisfying(
              RocksDbStoreException.class, e -> assertThat(e.reason()).isEqualTo(Reason.CORRUPTED))
          .hasMessageContaining("has lost acknowledged writes");
    }
  }

  private static void cutLog(Path directory, int bytes) throws IOException {
    Path log = TestStore.largest(directory, ".log");
    try (SeekableByteChannel channel = Files.newByteChannel(log, StandardOpenOption.WRITE)) {
      channel.truncate(channel.size() - bytes);
    }
  }
}
