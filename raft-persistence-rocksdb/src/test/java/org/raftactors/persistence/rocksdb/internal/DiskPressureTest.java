package org.raftactors.persistence.rocksdb.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.pekko.persistence.SnapshotMetadata;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.raftactors.persistence.rocksdb.RocksDbCleanup;
import org.raftactors.persistence.rocksdb.RocksDbStoreException.Reason;
import org.raftactors.persistence.rocksdb.RocksDbStores;
import org.raftactors.persistence.rocksdb.StorePressure;
import org.raftactors.persistence.rocksdb.TestSystems;
import scala.jdk.javaapi.FutureConverters;

/** A disk that fills up, as the store measures it; a real one is in {@code DiskFullTest}. */
class DiskPressureTest {

  private static final long MIB = 1 << 20;

  @TempDir Path directory;
  private final AtomicLong free = new AtomicLong(1000 * MIB);
  private TestStore store;

  @BeforeEach
  void open() {
    store =
        new TestStore(directory, "raft-actors.persistence.rocksdb.store.min-free-disk = 80 MiB");
    store.engine.awaitOpen();
    store.engine.freeSpace().disk(path -> free.get());
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void pressure_risesAtTheFloorAndAtHalfOfIt_andFallsALittleLater() {
    becomes(81, StorePressure.NONE);
    becomes(79, StorePressure.LOW);
    becomes(89, StorePressure.LOW);
    becomes(90, StorePressure.NONE);
    becomes(39, StorePressure.RESERVED_ONLY);
    becomes(49, StorePressure.RESERVED_ONLY);
    becomes(50, StorePressure.LOW);
    becomes(95, StorePressure.NONE);
  }

  @Test
  void idleStore_noticesADiskThatAnotherProgramFills() {
    free.set(50 * MIB);
    await().atMost(TestSystems.CEILING).until(() -> store.engine.pressure() == StorePressure.LOW);
    free.set(500 * MIB);
    await().atMost(TestSystems.CEILING).until(() -> store.engine.pressure() == StorePressure.NONE);
  }

  @Test
  void lowSpace_refusesNothing() {
    becomes(50, StorePressure.LOW);
    store.written("p", "w", 1, "a");
    assertThat(store.replay("p")).containsExactly("a");
  }

  @Test
  @DisplayName("F11: nearly full: data is refused, votes are not")
  void reservedOnly_refusesWritesAndSnapshots_butNotWhatMayUseTheReserve() {
    store.written("p", "w", 1, "a", "b");
    becomes(20, StorePressure.RESERVED_ONLY);

    WriteOrderTest.assertRefused(store.write("p", "w", 3, "data"), Reason.NO_SPACE);
    SnapshotOperations snapshots =
        new SnapshotOperations(store.system, RocksDbStores.DEFAULT_STORE_PATH);
    WriteOrderTest.assertRefused(
        FutureConverters.asJava(snapshots.save(SnapshotMetadata.apply("p", 2, 1), "s"))
            .toCompletableFuture(),
        Reason.NO_SPACE);
    store.written("p", "w", 3, TestStore.reserved("vote"));
    // Deletions make room, marks need none.
    TestSystems.await(new RocksDbCleanup(store.system).deleteEventsTo("p", 1));
    TestSystems.await(store.engine.syncMark());
    assertThat(store.replay("p")).containsExactly("b", "vote");
    // It is a refusal and not a failure: the store was never closed, and goes on at once.
    free.set(1000 * MIB);
    store.engine.freeSpace().disk(path -> free.get());
    store.written("p", "w", 4, "data");
    assertThat(store.engine.counters().reopens()).isZero();
    assertThat(store.replay("p")).containsExactly("b", "vote", "data");
  }

  @Test
  void diskThatCannotBeAsked_changesNothing() {
    becomes(50, StorePressure.LOW);
    store
        .engine
        .freeSpace()
        .disk(
            path -> {
              throw new IOException("injected");
            });
    store.written("p", "w", 1, "a");
    assertThat(store.engine.pressure()).isEqualTo(StorePressure.LOW);
  }

  @Test
  void floorOfZero_isNoFloor() {
    store.close();
    store = new TestStore(directory, "raft-actors.persistence.rocksdb.store.min-free-disk = 0");
    store.engine.awaitOpen();
    store.engine.freeSpace().disk(path -> 0);
    store.written("p", "w", 1, "a");
    assertThat(store.engine.pressure()).isEqualTo(StorePressure.NONE);
  }

  private void becomes(long mib, StorePressure expected) {
    free.set(mib * MIB);
    store.engine.freeSpace().disk(path -> free.get());
    // What is queued behind it is staged after it was measured.
    store.highest("probe");
    assertThat(store.engine.pressure()).isEqualTo(expected);
  }
}
