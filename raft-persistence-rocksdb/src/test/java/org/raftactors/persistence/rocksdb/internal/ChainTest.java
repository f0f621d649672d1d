package org.raftactors.persistence.rocksdb.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.stream.LongStream;
import org.apache.pekko.Done;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.raftactors.persistence.rocksdb.RocksDbCleanup;
import org.raftactors.persistence.rocksdb.RocksDbStoreException;
import org.raftactors.persistence.rocksdb.RocksDbStoreException.Reason;
import org.raftactors.persistence.rocksdb.TestSystems;

/**
 * Each event names the checksum of the one before it. What only this finds: a record that is whole,
 * has the right key, and belongs to another history.
 */
class ChainTest {

  private static final int EVENTS = 30;

  /** So that a chain goes over the borders of chunks. */
  private static final String SMALL_CHUNKS =
      "raft-actors.persistence.rocksdb.store.read-chunk-records = 10";

  @TempDir Path directory;
  private TestStore store;

  @BeforeEach
  void write() {
    store = new TestStore(directory, SMALL_CHUNKS);
    for (int i = 1; i <= EVENTS; i++) {
      store.written("p", "w", i, "e" + i);
    }
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  @DisplayName("F10: an older record under the right key is noticed")
  void recordOfAnotherHistory_isNoticed_whereverItStands() {
    for (long at : new long[] {1, 2, 10, 11, 12, 20, 21}) {
      byte[] right = exchange(at);
      assertBroken(at);
      put(at, right);
      assertThat(store.replay("p")).hasSize(EVENTS);
    }
  }

  @Test
  void lastRecordOfAnotherHistory_isNoticed_thoughNothingFollowsIt() {
    exchange(EVENTS);
    assertBroken(EVENTS);
  }

  @Test
  void recoveryBehindASnapshot_checksWhatItsFirstEventFollows() {
    exchange(15);
    List<Object> seen = new ArrayList<>();
    assertThatThrownBy(() -> replayFrom(16, seen))
        .hasMessageContaining("sequence number 16 does not follow the one before it");
    assertThat(seen).isEmpty();
    replayFrom(17, seen);
    assertThat(seen).hasSize(EVENTS - 16);
  }

  @Test
  void deletedPrefix_leavesAnAnchorForTheRest() {
    RocksDbCleanup cleanup = new RocksDbCleanup(store.system);
    TestSystems.await(cleanup.deleteEventsTo("p", 12));
    assertThat(store.replay("p")).hasSize(EVENTS - 12);
    reopen();
    assertThat(store.replay("p")).hasSize(EVENTS - 12);
    exchange(13);
    assertBroken(13);
  }

  @Test
  void chain_goesOnBehindAJournalThatWasDeletedWhole() {
    RocksDbCleanup cleanup = new RocksDbCleanup(store.system);
    TestSystems.await(cleanup.deleteAllEvents("p"));
    reopen();
    store.highest("p");
    store.written("p", "w2", EVENTS + 1, "next");
    assertThat(store.replay("p")).containsExactly("next");
    exchange(EVENTS + 1);
    assertBroken(EVENTS + 1);
  }

  @Test
  void deletion_ofWhatTheSameBatchWrites_findsItsAnchor() throws Exception {
    CountDownLatch disk = new CountDownLatch(1);
    store.engine.committer(
        (database, batch) -> {
          try {
            disk.await();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
          BatchCommitter.writeAndSync(database, batch);
        });
    CompletableFuture<?> first = store.write("other", "w", 1, "a");
    CompletableFuture<?> written = store.write("p", "w", EVENTS + 1, "x", "y", "z");
    CompletionStage<Done> deleted =
        new RocksDbCleanup(store.system).deleteEventsTo("p", EVENTS + 2);
    disk.countDown();
    TestSystems.await(first);
    TestSystems.await(written);
    TestSystems.await(deleted);
    assertThat(store.replay("p")).containsExactly("z");
    exchange(EVENTS + 3);
    assertBroken(EVENTS + 3);
  }

  @Test
  void deletion_upToADamagedEvent_isRefused() {
    store.change(
        db -> {
          db.rocks().delete(db.journal(), StoreKeys.of(1, 7));
          return true;
        });
    CompletableFuture<Done> deleted =
        new RocksDbCleanup(store.system).deleteEventsTo("p", 7).toCompletableFuture();
    WriteOrderTest.assertRefused(deleted, Reason.CORRUPTED);
    assertThat(store.engine.damage("p")).get().returns(7L, damage -> damage.sequenceNr());
    // What is damaged can still be forgotten.
    TestSystems.await(new RocksDbCleanup(store.system).forget("p"));
    assertThat(store.engine.damages()).isEmpty();
    store.written("p", "w", 1, "afresh");
    assertThat(store.replay("p")).containsExactly("afresh");
  }

  @Test
  void damage_isRememberedOverRestarts_untilForgotten() {
    exchange(5);
    assertBroken(5);
    exchange(3);
    assertBroken(3);
    reopen();
    store.engine.awaitOpen();
    assertThat(store.engine.damage("p").orElseThrow())
        .satisfies(
            damage -> {
              assertThat(damage.sequenceNr()).isEqualTo(3);
              assertThat(damage.detail()).contains("does not follow");
            });
    assertThat(store.engine.damage("q")).isEmpty();
    TestSystems.await(new RocksDbCleanup(store.system).forget("p"));
    reopen();
    store.engine.awaitOpen();
    assertThat(store.engine.damages()).isEmpty();
  }

  @Test
  void journalShorterThanItOnceWas_isRefused() {
    TestSystems.await(new RocksDbCleanup(store.system).deleteEventsTo("p", 2));
    store.change(
        db -> {
          db.rocks().deleteRange(db.journal(), StoreKeys.of(1, 25), StoreKeys.of(2, 0));
          return true;
        });
    reopen();
    WriteOrderTest.assertRefused(store.write("p", "w2", 25, "x"), Reason.CORRUPTED);
    assertThat(store.engine.damage("p")).get().returns(25L, damage -> damage.sequenceNr());
  }

  private void reopen() {
    store.close();
    store = new TestStore(directory, SMALL_CHUNKS);
  }

  private void replayFrom(long from, List<Object> seen) {
    TestSystems.await(
        scala.jdk.javaapi.FutureConverters.asJava(
            store.journal.replay(
                "p", from, Long.MAX_VALUE, Long.MAX_VALUE, event -> seen.add(event.payload()))));
  }

  /** Puts a whole record under a key whose predecessor is not the one that is there. */
  private byte[] exchange(long sequenceNr) {
    byte[][] right = new byte[1][];
    store.change(
        db -> {
          byte[] key = StoreKeys.of(1, sequenceNr);
          right[0] = db.rocks().get(db.journal(), key);
          byte[] other = RecordCodec.encode(RecordCodec.decode(right[0], key));
          RecordCodec.seal(other, key, RecordCodec.preceding(right[0]) + 1);
          db.rocks().put(db.journal(), key, other);
          return true;
        });
    return right[0];
  }

  private void put(long sequenceNr, byte[] record) {
    store.change(
        db -> {
          db.rocks().put(db.journal(), StoreKeys.of(1, sequenceNr), record);
          return true;
        });
  }

  private void assertBroken(long sequenceNr) {
    List<Long> seen = new ArrayList<>();
    assertThatThrownBy(() -> store.replay("p", event -> seen.add(event.sequenceNr())))
        .isInstanceOfSatisfying(
            RocksDbStoreException.class,
            e -> {
              assertThat(e.reason()).isEqualTo(Reason.CORRUPTED);
              assertThat(e.damage().orElseThrow().sequenceNr()).isEqualTo(sequenceNr);
            })
        .hasMessageContaining("sequence number %d does not follow".formatted(sequenceNr));
    assertThat(seen).isSubsetOf(LongStream.range(1, sequenceNr).boxed().toList());
    assertThat(store.engine.damage("p")).isPresent();
  }
}
