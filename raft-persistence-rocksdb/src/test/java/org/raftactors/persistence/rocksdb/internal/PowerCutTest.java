package org.raftactors.persistence.rocksdb.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.raftactors.persistence.rocksdb.StoreVerdict.Kind;

/**
 * A power cut, as the disk sees it: the store is on a file system in a file, and a copy of that
 * file has what reached the disk and nothing that was only in memory. A killed process cannot show
 * this.
 */
class PowerCutTest {

  private static final int EVENTS = 60;

  private static final String NO_FLOOR = "raft-actors.persistence.rocksdb.store.min-free-disk = 0";

  @TempDir Path temporary;

  @Test
  @DisplayName("F2: a power cut loses nothing that was acknowledged, nor the mark of it")
  void powerCut_losesNothingAcknowledged() throws IOException {
    Path disk = temporary.resolve("disk.img");
    Path cut = temporary.resolve("cut.img");
    SmallDisk.format(disk);
    try (SmallDisk before = SmallDisk.mountImage(disk, temporary.resolve("before"));
        TestStore store =
            new TestStore(before.root().resolve("store"), TestStore.NO_MARKS, NO_FLOOR)) {
      for (int i = 1; i < EVENTS; i++) {
        store.written("p", "w", i, "event-" + i + "x".repeat(1000));
      }
      Files.write(before.root().resolve("unsynced"), new byte[100_000]);
      store.written("p", "w", EVENTS, TestStore.marked("vote"));
      Files.copy(disk, cut);
    }
    try (SmallDisk after = SmallDisk.mountImage(cut, temporary.resolve("after"))) {
      // Otherwise this would be a copy of everything, and would show nothing.
      Path unsynced = after.root().resolve("unsynced");
      assertThat(!Files.exists(unsynced) || Files.size(unsynced) == 0).isTrue();
      try (TestStore store = new TestStore(after.root().resolve("store"))) {
        assertThat(store.replay("p")).hasSize(EVENTS).last().isEqualTo("vote");
        assertThat(store.engine.verdict().kind()).isEqualTo(Kind.SOUND);
      }
    }
  }
}
