package org.raftactors.persistence.rocksdb.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.raftactors.persistence.rocksdb.RocksDbStoreException;
import org.raftactors.persistence.rocksdb.RocksDbStoreException.Reason;
import org.raftactors.persistence.rocksdb.StoreVerdict.Kind;
import org.raftactors.persistence.rocksdb.TestSystems;
import org.rocksdb.CompactRangeOptions;
import org.rocksdb.RocksDBException;

/** Damage that RocksDB meets by itself, and from then on fails every write for. */
class CorruptionOnWriteTest {

  private static final String UNCOMPRESSED =
      "raft-actors.persistence.rocksdb.store.compression = none";

  @TempDir Path directory;

  @Test
  @DisplayName("F7: damage that a compaction meets closes the store for good, also over restarts")
  void damageInACompaction_closesTheStore() throws Exception {
    try (TestStore store = new TestStore(directory, UNCOMPRESSED)) {
      for (int i = 1; i <= 100; i++) {
        store.written("p", "w", i, "event-" + i + ":" + "x".repeat(500));
      }
      store.flush();
    }
    TestStore.flipBitBehind(TestStore.largest(directory, ".sst"), "event-10:");

    try (TestStore store = new TestStore(directory, UNCOMPRESSED)) {
      store.written("q", "w", 1, "a");
      assertThat(store.engine.verdict().kind()).isEqualTo(Kind.SOUND);
      assertThatThrownBy(() -> store.change(CorruptionOnWriteTest::compact))
          .hasMessageContaining("checksum");
      WriteOrderTest.assertRefused(store.write("q", "w", 2, "b"), Reason.CORRUPTED);
      assertThatThrownBy(store.engine::awaitOpen)
          .isInstanceOfSatisfying(
              RocksDbStoreException.class, e -> assertThat(e.reason()).isEqualTo(Reason.CORRUPTED));
      assertThat(store.engine.verdict().kind()).isEqualTo(Kind.DAMAGED_FILES);
      assertThat(store.engine.counters().reopens()).isZero();
      WriteOrderTest.assertRefused(store.write("q", "w", 2, "b"), Reason.CORRUPTED);
    }

    TestStore.assertRefused(directory, Kind.DAMAGED_FILES);
    // An operator who knows better can have it back: what was acknowledged is there.
    Files.delete(directory.resolve(DamageFlag.FILE));
    new TestStore(directory)
        .closeAfter(store -> assertThat(store.replay("q")).containsExactly("a"));
  }

  @Test
  void ordinaryFailure_raisesNoFlag() {
    try (TestStore store = new TestStore(directory)) {
      store.engine.awaitOpen();
      store.engine.committer(
          (database, batch) -> {
            throw new RocksDBException("injected");
          });
      WriteOrderTest.assertRefused(store.write("p", "w", 1, "a"), Reason.WRITE_FAILED);
      store.engine.committer(BatchCommitter::writeAndSync);
      TestSystems.await(store.engine.syncMark().exceptionally(e -> org.apache.pekko.Done.done()));
      store.engine.awaitOpen();
      store.written("p", "w", 1, "a");
      assertThat(directory.resolve(DamageFlag.FILE)).doesNotExist();
      assertThat(store.engine.verdict().kind()).isEqualTo(Kind.SOUND);
    }
  }

  private static boolean compact(Database db) throws RocksDBException {
    try (CompactRangeOptions options =
        new CompactRangeOptions()
            .setBottommostLevelCompaction(CompactRangeOptions.BottommostLevelCompaction.kForce)) {
      db.rocks().compactRange(db.journal(), null, null, options);
      return true;
    }
  }
}
