package org.raftactors.persistence.rocksdb.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.raftactors.persistence.rocksdb.TestSystems;

/** Logs that are no longer needed: when their space is given back. */
class GradualDeletionTest {

  private static final long MIB = 1 << 20;
  private static final int WRITES = 480;

  /** Each log of about 1 MiB waits a second for the one before. */
  private static final String SLOW =
      """
      raft-actors.persistence.rocksdb.store {
        write-buffer-size = 1 MiB
        write-buffer-budget = 4 MiB
        min-free-disk = 80 MiB
        delete-bytes-per-second = 1 MiB
      }
      """;

  private static final String SMALL_LOG =
      "raft-actors.persistence.rocksdb.store.max-wal-size = 1 MiB";

  @TempDir Path directory;

  @Test
  void logs_waitForTheirDeletion_andTheDiskThatRunsShortGetsThemBackAtOnce() {
    try (TestStore store = new TestStore(directory, SLOW)) {
      AtomicLong free = new AtomicLong(1000 * MIB);
      store.engine.awaitOpen();
      store.engine.freeSpace().disk(path -> free.get());
      writeSeveralLogs(store);
      await().atMost(TestSystems.CEILING).until(() -> waiting(directory).size() > 2);

      free.set(50 * MIB); // LOW: refuses nothing yet
      await().atMost(TestSystems.CEILING).until(() -> waiting(directory).isEmpty());
      assertThat(store.replay("p")).hasSize(WRITES);
    }
  }

  @Test
  void moreThanTwiceTheLog_doesNotWait() {
    try (TestStore store = new TestStore(directory, SLOW, SMALL_LOG)) {
      writeSeveralLogs(store);
      // One piece a second would take two minutes.
      await().atMost(TestSystems.CEILING).until(() -> waiting(directory).size() < 3);
      assertThat(store.replay("p")).hasSize(WRITES);
    }
  }

  @Test
  void whatACrashLeft_goesAfterTheNextStart() {
    Path crashed = directory.resolveSibling("crashed");
    try (TestStore store = new TestStore(directory, SLOW)) {
      writeSeveralLogs(store);
      await().atMost(TestSystems.CEILING).until(() -> waiting(directory).size() > 2);
      // What is copied must not go meanwhile, but for what waits.
      store.change(
          db -> {
            db.rocks().pauseBackgroundWork();
            TestStore.crashImage(directory, crashed);
            db.rocks().continueBackgroundWork();
            return true;
          });
      assertThat(waiting(crashed)).isNotEmpty();
    }
    try (TestStore store = new TestStore(crashed)) {
      assertThat(store.replay("p")).hasSize(WRITES);
      await().atMost(TestSystems.CEILING).until(() -> waiting(crashed).isEmpty());
    }
  }

  private static void writeSeveralLogs(TestStore store) {
    String text = "x".repeat(256 << 10);
    for (int i = 1; i <= WRITES; i++) {
      store.written("p", "w", i, text);
    }
    store.flush();
  }

  private static List<Path> waiting(Path directory) {
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(file -> file.toString().endsWith(GradualDeletion.SUFFIX)).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
