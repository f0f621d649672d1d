package org.raftactors.persistence.rocksdb.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.raftactors.persistence.rocksdb.RocksDbStoreException;
import org.raftactors.persistence.rocksdb.RocksDbStoreException.Reason;
import org.raftactors.persistence.rocksdb.StorePressure;
import org.raftactors.persistence.rocksdb.StoreVerdict.Kind;
import org.raftactors.persistence.rocksdb.TestSystems;

/** A real disk that is really full, or does not let itself be written to. */
class DiskFullTest {

  private static final String SMALL =
      """
      raft-actors.persistence.rocksdb.store {
        write-buffer-size = 256 KiB
        max-wal-size = 1 MiB
        write-buffer-budget = 2 MiB
        compression = none
        reopen-backoff-min = 10 ms
        reopen-backoff-max = 100 ms
      }
      """;

  private static final String NO_FLOOR = "raft-actors.persistence.rocksdb.store.min-free-disk = 0";

  private static final int RECORD = 20_000;

  @TempDir Path temporary;
  private SmallDisk disk;
  private Path directory;
  private long written;

  /** A recovery replaces the one before. */
  private String writer = "w";

  @BeforeEach
  void mount() throws IOException {
    disk = SmallDisk.mount(temporary.resolve("disk"), 24);
    directory = disk.root().resolve("store");
  }

  @AfterEach
  void unmount() {
    if (disk != null) {
      disk.close();
    }
  }

  @Test
  @DisplayName("F11: a full disk fails writes, loses nothing, and when there is room all goes on")
  void fullDisk_losesNothing_andGoesOnByItself() throws IOException {
    try (TestStore store = new TestStore(directory, SMALL, NO_FLOOR)) {
      writeSome(store, 20);
      Path ballast = disk.fill();

      RocksDbStoreException failure = writeUntilRefused(store);
      assertThat(failure.reason()).isIn(Reason.WRITE_FAILED, Reason.NO_SPACE);
      long acknowledged = written;
      // Recovery may win a little space, so it goes to and fro; nothing is taken for damage.
      for (int i = 0; i < 20; i++) {
        if (!isWritten(store, "full" + i)) {
          assertThat(store.engine.verdict().damaged()).isFalse();
        }
      }

      Files.delete(ballast);
      AtomicInteger attempts = new AtomicInteger();
      await()
          .atMost(TestSystems.CEILING)
          .until(() -> isWritten(store, "room" + attempts.incrementAndGet()));
      assertThat(store.engine.verdict().kind()).isEqualTo(Kind.SOUND);
      assertThat(store.engine.pressure()).isEqualTo(StorePressure.NONE);
      assertThat(store.engine.counters().reopens()).isPositive();
      // The one that failed may be stored or not; none that was acknowledged is missing.
      assertThat(store.highest("p")).isBetween(acknowledged, acknowledged + 1);
      written = store.highest("p");
      assertThat(store.replay("p")).hasSize((int) written);
      writer = "w2";
      writeSome(store, 5);
    }
    try (TestStore store = new TestStore(directory, SMALL, NO_FLOOR)) {
      assertThat(store.replay("p")).hasSize((int) written);
      assertThat(store.engine.verdict().kind()).isEqualTo(Kind.SOUND);
    }
  }

  @Test
  @DisplayName("F11: data stops before votes do, and neither fails")
  void reserve_isKeptForVotes() throws IOException {
    try (TestStore store =
        new TestStore(
            directory, SMALL, "raft-actors.persistence.rocksdb.store.min-free-disk = 10 MiB")) {
      RocksDbStoreException refusal = writeUntilRefused(store);
      assertThat(refusal.reason()).isEqualTo(Reason.NO_SPACE);
      assertThat(store.engine.pressure()).isEqualTo(StorePressure.RESERVED_ONLY);
      for (int i = 0; i < 100; i++) {
        written++;
        store.written("p", "w", written, TestStore.reserved("vote " + i));
      }
      assertThat(store.engine.counters().failedBatches()).isZero();
      assertThat(store.replay("p")).hasSize((int) written);
    }
  }

  @Test
  @DisplayName("F11: a full disk at the start refuses to open, and opens when there is room")
  void fullDisk_atTheStart() throws IOException {
    new TestStore(directory, SMALL, NO_FLOOR).closeAfter(store -> writeSome(store, 20));
    Path ballast = disk.fill();
    try (TestStore store = new TestStore(directory, SMALL, NO_FLOOR)) {
      assertThatThrownBy(store.engine::awaitOpen)
          .isInstanceOfSatisfying(
              RocksDbStoreException.class,
              e -> {
                assertThat(e.reason()).isEqualTo(Reason.NO_SPACE);
                assertThat(e.verdict()).isEmpty();
              });
      assertThat(store.engine.verdict().kind()).isEqualTo(Kind.UNKNOWN);
      Files.delete(ballast);
      await().atMost(TestSystems.CEILING).until(() -> store.engine.verdict().kind() == Kind.SOUND);
      assertThat(store.replay("p")).hasSize(20);
    }
  }

  @Test
  @DisplayName("F11: a store whose own deleted files fill the disk opens")
  void fullDisk_ofFilesThatWaitForTheirDeletion() throws IOException {
    new TestStore(directory, SMALL, NO_FLOOR).closeAfter(store -> writeSome(store, 20));
    Path waiting = directory.resolve("000003.log" + GradualDeletion.SUFFIX);
    Files.move(disk.fill(), waiting);
    try (TestStore store = new TestStore(directory, SMALL, NO_FLOOR)) {
      store.engine.awaitOpen();
      assertThat(waiting).doesNotExist();
      assertThat(store.replay("p")).hasSize(20);
    }
  }

  @Test
  @DisplayName(
      "F14: a disk that refuses to be written to fails writes, acknowledges none, may recover")
  void writeError_failsTheWrite_andTheStoreOpensAgain() {
    try (TestStore store = new TestStore(directory, SMALL, NO_FLOOR)) {
      writeSome(store, 5);
      SmallDisk.limitFiles("110000");
      try {
        RocksDbStoreException failure = writeUntilRefused(store);
        assertThat(failure.reason()).isEqualTo(Reason.WRITE_FAILED);
        assertThat(store.engine.pressure()).isEqualTo(StorePressure.NONE);
      } finally {
        SmallDisk.limitFiles("unlimited");
      }
      store.engine.awaitOpen();
      assertThat(store.engine.verdict().kind()).isEqualTo(Kind.SOUND);
      assertThat(store.highest("p")).isBetween(written, written + 1);
      assertThat(store.replay("p")).hasSizeBetween((int) written, (int) written + 1);
    }
  }

  private void writeSome(TestStore store, int records) {
    for (int i = 0; i < records; i++) {
      store.written("p", writer, written + 1, "x".repeat(RECORD));
      written++;
    }
  }

  private static boolean isWritten(TestStore store, String persistenceId) {
    try {
      store.written(persistenceId, "w", 1, "x".repeat(RECORD));
      return true;
    } catch (RocksDbStoreException e) {
      assertThat(e.reason())
          .isIn(Reason.WRITE_FAILED, Reason.NO_SPACE, Reason.UNAVAILABLE, Reason.IO);
      return false;
    }
  }

  private RocksDbStoreException writeUntilRefused(TestStore store) {
    for (int i = 0; i < 2000; i++) {
      try {
        writeSome(store, 1);
      } catch (RocksDbStoreException e) {
        return e;
      }
    }
    throw new AssertionError("The disk never filled up.");
  }
}
