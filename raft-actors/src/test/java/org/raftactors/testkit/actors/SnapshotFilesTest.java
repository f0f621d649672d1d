package org.raftactors.testkit.actors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.raftactors.snapshot.SnapshotStore;

class SnapshotFilesTest {

  private final EventLoop loop = new EventLoop(Executors.defaultThreadFactory());
  private final Disks disks = new Disks(loop);
  private Disk disk = disks.of("simulation|1|1");

  @BeforeEach
  void begin() throws InterruptedException {
    begin(1);
  }

  private void begin(long seed) throws InterruptedException {
    loop.open();
    loop.own(new SplittableRandom(seed), 0);
    disks.begin(new SplittableRandom(seed), 1_000_000, new Trace(loop));
    disk = disks.of("simulation|1|1");
  }

  private static ByteBuffer bytes(int count) {
    return ByteBuffer.wrap(new byte[count]);
  }

  @Test
  void whatWasPublished_isThereAfterACrash_andWhatWasNotSynced_partly() throws Exception {
    TreeSet<Long> sizes = new TreeSet<>();
    for (int seed = 1; seed <= 50; seed++) {
      begin(seed);
      SnapshotStore store = disk.files().open();
      SnapshotStore.Draft whole = store.draft("1.writing");
      whole.append(bytes(300));
      whole.publish("1");
      SnapshotStore.Draft part = store.draft("2.writing");
      part.append(bytes(10));
      part.sync();
      part.append(bytes(20));
      disk.crash();

      SnapshotStore after = disk.files().open();
      assertThat(after.names()).containsExactly("1");
      assertThat(after.open("1").size()).isEqualTo(300);
      assertThat(after.drafts()).containsExactly("2.writing");
      sizes.add(after.draft("2.writing").size());
    }
    assertThat(sizes.first()).isBetween(10L, 15L);
    assertThat(sizes.last()).isBetween(25L, 30L);
    assertThat(disk.files().written()).isEqualTo(1);
  }

  @Test
  void whoeverHadItOpen_canDoNothingAfterACrash() throws IOException {
    SnapshotStore store = disk.files().open();
    SnapshotStore.Draft draft = store.draft("1.writing");
    disk.crash();

    assertThatThrownBy(() -> draft.append(bytes(1))).isInstanceOf(SimulatedDiskFailure.class);
    assertThatThrownBy(() -> draft.publish("1")).isInstanceOf(SimulatedDiskFailure.class);
    assertThatThrownBy(store::names).isInstanceOf(SimulatedDiskFailure.class);
    assertThat(disk.files().open().draft("1.writing").size()).isZero();
  }

  @Test
  void aProcess_canEndInTheMiddle() throws IOException {
    AtomicInteger crashes = new AtomicInteger();
    SnapshotStore store = disk.files().open();
    SnapshotStore.Draft draft = store.draft("1.writing");
    disk.files().crashAfter(2, crashes::incrementAndGet);
    draft.append(bytes(10));
    draft.sync();
    assertThatThrownBy(() -> draft.append(bytes(10))).isInstanceOf(SimulatedDiskFailure.class);
    assertThatThrownBy(() -> draft.publish("1")).isInstanceOf(SimulatedDiskFailure.class);

    assertThat(crashes).hasValue(1);
    disk.crash();
    assertThat(disk.files().open().names()).isEmpty();
    assertThat(disk.files().open().draft("1.writing").size()).isBetween(10L, 15L);
  }

  @Test
  void aFailure_leavesTheOutcomeOpen() throws Exception {
    int there = 0;
    int failed = 0;
    for (int seed = 1; seed <= 300; seed++) {
      begin(seed);
      SnapshotStore.Draft draft = disk.files().open().draft("1.writing");
      draft.append(bytes(10));
      disks.readFailures(1);
      try {
        draft.publish("1");
      } catch (SimulatedDiskFailure e) {
        failed++;
        disks.readFailures(0);
        there += disk.files().open().names().size();
      }
    }
    assertThat(failed).isGreaterThan(20);
    assertThat(there).isBetween(5, failed - 5);
  }
}
