package org.raftactors.persistence.rocksdb.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.raftactors.persistence.rocksdb.RocksDbStoreException;
import org.raftactors.persistence.rocksdb.RocksDbStoreException.Reason;
import org.raftactors.persistence.rocksdb.TestSystems;
import org.rocksdb.FlushOptions;

/** Damage when two write-ahead logs are alive, because one column family still needs the older. */
class SeveralLogsTest {

  private static final int EVENTS = 100;

  @TempDir Path temporary;
  private Path image;
  private Path marked;
  private Path older;
  private Path newer;

  @BeforeEach
  void crash() throws IOException {
    Path directory = temporary.resolve("store");
    image = temporary.resolve("image");
    try (TestStore store = new TestStore(directory, TestStore.NO_MARKS)) {
      for (int i = 1; i <= EVENTS; i++) {
        store.written("p", "w", i, "event-" + i + ":" + "x".repeat(500));
        if (i == EVENTS / 2) {
          store.change(
              db -> {
                try (FlushOptions options = new FlushOptions()) {
                  db.rocks().flush(options, db.journal());
                }
                return true;
              });
        }
      }
      TestStore.crashImage(directory, image);
      TestSystems.await(store.engine.syncMark());
      marked = TestStore.crashImage(directory, temporary.resolve("marked"));
    }
    try (Stream<Path> files = Files.list(image)) {
      List<Path> logs = files.filter(file -> file.toString().endsWith(".log")).sorted().toList();
      assertThat(logs).hasSize(2);
      older = logs.get(0);
      newer = logs.get(1);
    }
  }

  @Test
  void undamaged_hasEverything() {
    try (TestStore store = new TestStore(image)) {
      assertThat(store.replay("p")).hasSize(EVENTS);
    }
  }

  @Test
  void bitFlipInTheOlder_refusesToOpen() {
    TestStore.flipBitBehind(older, "event-20:");
    assertRefusesToOpen();
  }

  @Test
  void bitFlipInTheNewer_refusesToOpen() {
    TestStore.flipBitBehind(newer, "event-70:");
    assertRefusesToOpen();
  }

  @Test
  @DisplayName("F9: an older log vanished")
  void olderVanished_refusesToOpen() throws IOException {
    Files.delete(older);
    assertRefusesToOpen();
  }

  @Test
  @DisplayName("F9: the youngest log vanished: only the mark notices")
  void newerVanished_isNoticedByTheMarkOnly() throws IOException {
    Files.delete(newer);
    try (TestStore store = new TestStore(image)) {
      // RocksDB does not track its youngest log: without a mark this loss is silent.
      assertThat(store.replay("p")).hasSize(EVENTS / 2);
    }
    Files.delete(marked.resolve(newer.getFileName()));
    image = marked;
    assertRefusesToOpen();
  }

  @Test
  void olderCutOff_refusesToOpen_sinceItWasComplete() throws IOException {
    cut(older, 100);
    assertRefusesToOpen();
  }

  @Test
  void newerTorn_isAccepted() throws IOException {
    cut(newer, 100);
    try (TestStore store = new TestStore(image)) {
      assertThat(store.replay("p")).hasSize(EVENTS - 1);
    }
  }

  private static void cut(Path file, int bytes) throws IOException {
    try (SeekableByteChannel channel = Files.newByteChannel(file, StandardOpenOption.WRITE)) {
      channel.truncate(channel.size() - bytes);
    }
  }

  private void assertRefusesToOpen() {
    try (TestStore store = new TestStore(image)) {
      assertThatThrownBy(store.engine::awaitOpen)
          .isInstanceOfSatisfying(
              RocksDbStoreException.class, e -> assertThat(e.reason()).isEqualTo(Reason.CORRUPTED))
          .hasMessageContaining(image.toString());
    }
  }
}
