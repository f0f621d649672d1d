package org.raftactors.persistence.rocksdb.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.apache.pekko.actor.ActorSystem;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.raftactors.persistence.rocksdb.RocksDbStore;
import org.raftactors.persistence.rocksdb.RocksDbStoreException;
import org.raftactors.persistence.rocksdb.RocksDbStoreException.Reason;
import org.raftactors.persistence.rocksdb.RocksDbStores;
import org.raftactors.persistence.rocksdb.StoreVerdict;
import org.raftactors.persistence.rocksdb.TestSystems;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import scala.jdk.javaapi.FutureConverters;

class OpeningTest {

  @TempDir Path directory;

  @Test
  void storeId_isMintedOnceAndStays() {
    Path nested = directory.resolve("a/b");
    UUID storeId;
    try (TestStore first = new TestStore(nested)) {
      RocksDbStore store = RocksDbStores.get(first.system).open();
      assertThat(store.newlyCreated()).isTrue();
      assertThat(store.directory()).isEqualTo(nested.toAbsolutePath());
      storeId = store.storeId();
      assertThat(RocksDbStores.get(first.system).open()).isSameAs(store);
    }
    try (TestStore second = new TestStore(nested)) {
      RocksDbStore store = RocksDbStores.get(second.system).open();
      assertThat(store.newlyCreated()).isFalse();
      assertThat(store.storeId()).isEqualTo(storeId);
    }
  }

  @Test
  void storeExchangedWhileRunning_isNotWrittenTo() throws Exception {
    Path other = directory.resolve("other");
    new TestStore(other).close();
    Path here = directory.resolve("here");
    try (TestStore store =
        new TestStore(
            here,
            "raft-actors.persistence.rocksdb.store.reopen-backoff-min=5 minutes",
            "raft-actors.persistence.rocksdb.store.reopen-backoff-max=5 minutes")) {
      store.written("p", "w", 1, "a");
      store.engine.committer(
          (database, batch) -> {
            throw new RocksDBException("injected");
          });
      WriteOrderTest.assertRefused(store.write("p", "w", 2, "b"), Reason.WRITE_FAILED);
      await().atMost(TestSystems.CEILING).until(() -> !isLocked(here));
      Files.move(here, directory.resolve("gone"));
      Files.move(other, here);
      assertThatThrownBy(store.engine::awaitOpen)
          .hasMessageContaining("the directory now holds the store");
    }
  }

  @Test
  @DisplayName("F17: a second process on one directory is refused")
  void lockedDirectory_namesItAndSaysWhatToDo() {
    try (TestStore holder = new TestStore(directory)) {
      holder.engine.awaitOpen();
      assertOpening(Reason.LOCKED)
          .hasMessageContaining(directory.toString())
          .hasMessageContaining("another process")
          .hasMessageContaining("store.directory");
    }
    new TestStore(directory).close();
  }

  @Test
  @DisplayName("F9: a mark without its database is not a new store")
  void mark_withoutItsDatabase_isNotTakenForANewStore() throws Exception {
    new TestStore(directory).closeAfter(store -> store.written("p", "w", 1, "a"));
    Path mark = directory.resolve(HighWaterMark.FILE);
    byte[] bytes = Files.readAllBytes(mark);
    Path emptied = Files.createDirectory(directory.resolve("emptied"));
    Files.write(emptied.resolve(HighWaterMark.FILE), bytes);
    assertOpening(emptied, Reason.CORRUPTED).hasMessageContaining("not a new store");
    ActorSystem system = TestSystems.start(emptied);
    try {
      RocksDbStore store = RocksDbStores.get(system).store(RocksDbStores.DEFAULT_STORE_PATH);
      await()
          .atMost(TestSystems.CEILING)
          .until(() -> store.verdict().kind() == StoreVerdict.Kind.OTHER_STORE);
      assertThat(store.whyUnavailable()).isPresent();
    } finally {
      TestSystems.stop(system);
    }
  }

  @Test
  void failedOpening_failsJournalOperationsWithTheCause_andSucceedsLater() {
    TestStore holder = new TestStore(directory);
    holder.engine.awaitOpen();
    try (TestStore waiting = new TestStore(directory)) {
      WriteOrderTest.assertRefused(waiting.write("p", "w", 1, "a"), Reason.LOCKED);
      holder.close();
      waiting.engine.awaitOpen();
      waiting.written("p", "w", 1, "a");
    }
  }

  @Test
  void file_isNotADirectory() throws Exception {
    Path file = Files.writeString(directory.resolve("file"), "x");
    assertOpening(file, Reason.DIRECTORY).hasMessageContaining("is not a directory");
    assertOpening(file.resolve("below"), Reason.DIRECTORY).hasMessageContaining(file.toString());
  }

  @Test
  void unreadableFile_isNamed() throws Exception {
    new TestStore(directory).closeAfter(store -> store.written("p", "w", 1, "a"));
    Path current = directory.resolve("CURRENT");
    Files.delete(current);
    Files.createDirectory(current); // even the superuser cannot read it
    assertOpening(Reason.IO).hasMessageContaining(directory.toString());
  }

  @Test
  void noDirectory_namesTheKey() {
    assertSetting("directory = \"\"", "store.directory is not set");
  }

  @Test
  void badValues_nameKeyValueAndRule() {
    assertSetting("max-queued-writes = 0", "store.max-queued-writes = 0 is not a number from 1");
    assertSetting("max-queued-bytes = lots", "store.max-queued-bytes = lots is not a size");
    assertSetting("sync = perhaps", "store.sync = perhaps is not on or off");
    assertSetting("compression = gzip", "store.compression = gzip is not one of none, lz4");
    assertSetting("reopen-backoff-max = 1 ms", "store.reopen-backoff-max = PT0.001S is not");
    assertSetting("block-cache-size = 1 MiB", "store.block-cache-size = 1048576 is not a size");
    assertSetting("max-queue-bytes = 1 MiB", "store.max-queue-bytes is no setting; the settings");
    assertSetting(
        "read-chunk-records = null", "store.read-chunk-records = (missing) is not a number");
  }

  @Test
  void badSetting_failsJournalOperationsWithIt() {
    try (TestStoreless system = new TestStoreless("directory = \"\"")) {
      JournalStore journal = new JournalStore(system.system(), RocksDbStores.DEFAULT_STORE_PATH);
      assertThatThrownBy(
              () -> TestSystems.await(FutureConverters.asJava(journal.highestSequenceNr("p"))))
          .hasMessageContaining("store.directory is not set");
    }
  }

  @Test
  void twoSections_oneDirectory_isRefused() {
    try (TestStore store =
        new TestStore(directory, "other-store.directory = \"" + directory + "\"")) {
      assertThatThrownBy(() -> RocksDbStores.get(store.system).open("other-store"))
          .hasMessageContaining("other-store.directory")
          .hasMessageContaining(RocksDbStores.DEFAULT_STORE_PATH);
    }
  }

  @Test
  void secondSection_isAStoreOfItsOwn() {
    Path second = directory.resolve("second");
    try (TestStore store =
        new TestStore(directory.resolve("first"), "other-store.directory = \"" + second + "\"")) {
      RocksDbStores stores = RocksDbStores.get(store.system);
      assertThat(stores.open("other-store").storeId()).isNotEqualTo(stores.open().storeId());
      assertThat(second).isDirectory();
    }
  }

  @Test
  @DisplayName("F16: a store of another format version is refused, naming both")
  void anotherFormatVersion_namesBoth() throws Exception {
    new TestStore(directory)
        .closeAfter(
            store ->
                store.change(
                    db -> {
                      byte[] version = ByteBuffer.allocate(4).putInt(7).array();
                      db.rocks().put(db.meta(), StoreKeys.FORMAT_VERSION, version);
                      return true;
                    }));
    assertOpening(Reason.FORMAT)
        .hasMessageContaining("version 7")
        .hasMessageContaining("version 2")
        .hasMessageContaining(directory.toString());
  }

  @Test
  void anotherProgramsDatabase_isRefusedAndLeftAlone() throws Exception {
    try (Options options = new Options().setCreateIfMissing(true);
        RocksDB db = RocksDB.open(options, directory.toString())) {
      db.put(new byte[] {1}, new byte[] {2});
    }
    assertOpening(Reason.FORMAT).hasMessageContaining("another program");
    try (Options options = new Options();
        RocksDB db = RocksDB.open(options, directory.toString())) {
      assertThat(db.get(new byte[] {1})).containsExactly(2);
    }
  }

  @Test
  void dataFilesWithoutCurrent_areNotTakenForANewStore() throws Exception {
    new TestStore(directory).closeAfter(store -> store.written("p", "w", 1, "a"));
    Files.delete(directory.resolve("CURRENT"));
    assertOpening(Reason.CORRUPTED).hasMessageContaining("CURRENT");
  }

  private static boolean isLocked(Path path) {
    try (Options options = new Options();
        RocksDB db = RocksDB.open(options, path.toString())) {
      return db == null;
    } catch (RocksDBException e) {
      // Unlocked, it is refused for the column families that are not opened.
      return !e.toString().contains("Column families not opened");
    }
  }

  private AbstractThrowableAssert<?, ?> assertOpening(Reason reason) {
    return assertOpening(directory, reason);
  }

  private static AbstractThrowableAssert<?, ?> assertOpening(Path path, Reason reason) {
    ActorSystem system = TestSystems.start(path);
    try {
      return assertThatThrownBy(() -> RocksDbStores.get(system).open())
          .isInstanceOfSatisfying(
              RocksDbStoreException.class, e -> assertThat(e.reason()).isEqualTo(reason));
    } finally {
      TestSystems.stop(system);
    }
  }

  private void assertSetting(String setting, String message) {
    try (TestStoreless system = new TestStoreless(setting)) {
      assertThatThrownBy(() -> RocksDbStores.get(system.system()).open())
          .isInstanceOfSatisfying(
              RocksDbStoreException.class,
              e -> assertThat(e.reason()).isEqualTo(Reason.CONFIGURATION))
          .hasMessageContaining(message);
    }
  }

  private record TestStoreless(ActorSystem system) implements AutoCloseable {
    TestStoreless(String setting) {
      this(
          TestSystems.start(
              Path.of("target/never-created"), "raft-actors.persistence.rocksdb.store." + setting));
    }

    @Override
    public void close() {
      TestSystems.stop(system);
    }
  }
}
