package org.raftactors.persistence.rocksdb.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Random;
import org.apache.pekko.persistence.SnapshotMetadata;
import org.apache.pekko.persistence.SnapshotSelectionCriteria;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.raftactors.persistence.rocksdb.RocksDbCleanup;
import org.raftactors.persistence.rocksdb.RocksDbStores;
import org.raftactors.persistence.rocksdb.TestSystems;
import scala.jdk.javaapi.FutureConverters;

class CleanupTest {

  private static final long MIB = 1 << 20;

  @TempDir Path directory;
  private TestStore store;
  private RocksDbCleanup cleanup;
  private SnapshotOperations snapshots;

  @BeforeEach
  void open() {
    open("");
  }

  private void open(String config) {
    store = new TestStore(directory, config);
    cleanup = new RocksDbCleanup(store.system);
    snapshots = new SnapshotOperations(store.system, RocksDbStores.DEFAULT_STORE_PATH);
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void deleteEventsTo_returnsTheSpace_andLeavesTheRest() {
    store.close();
    open("raft-actors.persistence.rocksdb.store.reclaim-after = 16 MiB");
    Random random = new Random(1);
    for (int i = 1; i <= 60; i++) {
      store.written("p", "w", i, incompressible(random));
      store.written("q", "w", i, "small-" + i);
    }
    long before = TestStore.size(directory);
    assertThat(before).isGreaterThan(50 * MIB);

    TestSystems.await(cleanup.deleteEventsTo("p", 55));

    await()
        .atMost(TestSystems.CEILING)
        .untilAsserted(() -> assertThat(TestStore.size(directory)).isLessThan(20 * MIB));
    assertThat(store.engine.counters().reclaims()).isPositive();
    assertThat(store.replay("p")).hasSize(5);
    assertThat(store.replay("q")).hasSize(60);
    store.written("p", "w", 61, "next");
  }

  @Test
  void deleteAllEvents_keepsTheHighestSequenceNr_alsoOverRestarts() {
    store.written("p", "w", 1, "a", "b", "c");
    TestSystems.await(cleanup.deleteAllEvents("p"));
    assertThat(store.replay("p")).isEmpty();
    assertThat(store.highest("p")).isEqualTo(3);
    store.close();
    open();
    assertThat(store.highest("p")).isEqualTo(3);
    store.written("p", "new", 4, "d");
    TestSystems.await(cleanup.deleteEventsTo("p", 2));
    assertThat(store.replay("p")).containsExactly("d");
  }

  @Test
  void deleteEventsTo_beyondTheHighest_leavesRoomForTheNext() {
    store.written("p", "w", 1, "a");
    TestSystems.await(cleanup.deleteEventsTo("p", 1000));
    store.written("p", "w", 2, "b");
    assertThat(store.replay("p")).containsExactly("b");
    TestSystems.await(cleanup.deleteEventsTo("never-seen", 1000));
    assertThat(store.highest("never-seen")).isZero();
  }

  @Test
  void deleteSnapshotsTo_leavesLaterOnes() {
    save("p", 1);
    save("p", 2);
    save("p", 3);
    TestSystems.await(cleanup.deleteSnapshotsTo("p", 2));
    assertThat(latest("p")).isEqualTo("snapshot-3");
    TestSystems.await(cleanup.deleteAllSnapshots("p"));
    assertThat(latest("p")).isNull();
  }

  @Test
  void deleteAll_keepsTheHighestSequenceNr() {
    store.written("p", "w", 1, "a", "b");
    save("p", 2);
    TestSystems.await(cleanup.deleteAll("p"));
    assertThat(store.replay("p")).isEmpty();
    assertThat(latest("p")).isNull();
    assertThat(store.highest("p")).isEqualTo(2);
  }

  @Test
  void forget_startsAfresh_withoutTheOldData() {
    store.written("p", "w", 1, "a", "b");
    save("p", 2);
    var forgotten = cleanup.forget("p");
    // In the same batch as the deletion, or behind it: either way it is a new beginning.
    store.written("p", "w", 1, "new");
    TestSystems.await(forgotten);
    assertThat(store.replay("p")).containsExactly("new");
    assertThat(latest("p")).isNull();
    store.close();
    open();
    assertThat(store.highest("p")).isEqualTo(1);
    assertThat(store.replay("p")).containsExactly("new");
  }

  private void save(String persistenceId, long sequenceNr) {
    TestSystems.await(
        FutureConverters.asJava(
                snapshots.save(
                    SnapshotMetadata.apply(persistenceId, sequenceNr, 1000L + sequenceNr),
                    "snapshot-" + sequenceNr))
            .thenApply(nothing -> true));
  }

  private @Nullable Object latest(String persistenceId) {
    return TestSystems.await(
            FutureConverters.asJava(
                snapshots.load(
                    persistenceId, SnapshotSelection.of(SnapshotSelectionCriteria.latest()))))
        .map(selected -> selected.snapshot())
        .orElse(null);
  }

  /** One MiB that no compression makes smaller. */
  private static String incompressible(Random random) {
    byte[] bytes = new byte[(int) MIB];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (' ' + random.nextInt(90));
    }
    return new String(bytes, StandardCharsets.US_ASCII);
  }
}
