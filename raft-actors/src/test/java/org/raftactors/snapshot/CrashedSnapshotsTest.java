package org.raftactors.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * A crash before each single operation on the file system, with everything that may be left of what
 * was not synced. A snapshot is then absent or whole; one whose writing had returned is there.
 */
class CrashedSnapshotsTest {

  private static final Path ROOT = Path.of("/snapshots");
  private static final int ENDINGS = 12;
  private static final long RESERVE = 500_000;
  private static final byte[] OLD = Fixtures.state(1, 1_000);
  private static final byte[] NEW = Fixtures.state(2, 200_000);

  private static Snapshots open(ModelFiles files) throws IOException {
    return Fixtures.open(LocalSnapshotStore.open(ROOT, Fixtures.spec(Fixtures.ONE), files, 0));
  }

  /** What is being crashed. */
  @FunctionalInterface
  private interface Action {
    void run(Snapshots snapshots) throws IOException;
  }

  @FunctionalInterface
  private interface Check {
    void run(Snapshots after, boolean returned) throws IOException;
  }

  /** Crashes later and later, until the action gets through. */
  private static int crashEverywhere(Action action, Check check) throws IOException {
    for (int after = 0; ; after++) {
      ModelFiles files = new ModelFiles();
      Snapshots before = open(files);
      Fixtures.write(before, 10, OLD);
      files.crashAfter(after);
      boolean returned = false;
      try {
        action.run(before);
        returned = true;
      } catch (ModelFiles.Crashed e) {
        assertThat(files.crashed()).isTrue();
      }
      for (long seed = 0; seed < ENDINGS; seed++) {
        Snapshots found = open(files.afterCrash(seed));
        try {
          check.run(found, returned);
        } catch (AssertionError | IOException e) {
          throw new AssertionError("crash after " + after + " operations, ending " + seed, e);
        }
      }
      if (returned) {
        return after;
      }
    }
  }

  private static void assertWhole(Snapshots snapshots, int from, int to) throws IOException {
    Snapshots.Listing listing = snapshots.list();
    assertThat(listing.damaged()).isEmpty();
    List<SnapshotInfo> usable = listing.usable();
    assertThat(usable).hasSizeBetween(from, to);
    assertThat(Fixtures.read(snapshots, usable.get(usable.size() - 1))).isEqualTo(OLD);
    if (usable.size() == 2) {
      assertThat(Fixtures.read(snapshots, usable.get(0))).isEqualTo(NEW);
    }
  }

  @Test
  void whileWriting_theNewOneIsWholeOrAbsent_theOldOneStays() throws IOException {
    int operations =
        crashEverywhere(
            snapshots -> Fixtures.write(snapshots, 20, NEW),
            (found, returned) -> assertWhole(found, returned ? 2 : 1, 2));
    assertThat(operations).isGreaterThan(8);
  }

  @Test
  void whileReceiving_theNewOneIsWholeOrAbsent_andReceivingGoesOn() throws IOException {
    Snapshots sender = open(new ModelFiles());
    SnapshotInfo info = Fixtures.write(sender, 20, NEW);
    byte[] raw = Fixtures.raw(sender, info);
    int operations =
        crashEverywhere(
            snapshots -> {
              Staging staging = Fixtures.stage(snapshots, info);
              Fixtures.fill(staging, raw, 30_000);
              staging.complete();
            },
            (found, returned) -> {
              assertWhole(found, returned ? 2 : 1, 2);
              if (!returned) {
                Staging again = Fixtures.stage(found, info);
                Fixtures.fill(again, raw, 50_000);
                again.complete();
                assertWhole(found, 2, 2);
              }
            });
    assertThat(operations).isGreaterThan(12);
  }

  @Test
  void whileDeleting_whatIsKeptStays() throws IOException {
    crashEverywhere(
        snapshots -> {
          Fixtures.write(snapshots, 20, NEW);
          Fixtures.write(snapshots, 30, NEW);
          snapshots.prune(2, 30);
        },
        (found, returned) -> {
          assertThat(found.list().damaged()).isEmpty();
          if (returned) {
            assertThat(found.list().usable())
                .extracting(info -> info.position().index())
                .startsWith(30L, 20L);
          }
        });
  }

  @Test
  void diskFull_whileWritingOrReceiving_leavesNothingBehind_andGoesOnWhenThereIsRoom()
      throws IOException {
    Snapshots sender = open(new ModelFiles());
    SnapshotInfo info = Fixtures.write(sender, 20, NEW);
    byte[] raw = Fixtures.raw(sender, info);
    ModelFiles files = new ModelFiles();
    Snapshots snapshots = open(files);
    Fixtures.write(snapshots, 10, OLD);
    for (long room : new long[] {0, 10, 70_000, raw.length - 1}) {
      files.fullAfter(room);
      assertThat(catchThrowable(() -> Fixtures.write(snapshots, 20, NEW)))
          .hasMessageContaining("No space left");
      assertThat(files.list(directory())).hasSize(1);
    }
    files.fullAfter(70_000);
    Staging staging = Fixtures.stage(snapshots, info);
    assertThat(catchThrowable(() -> Fixtures.fill(staging, raw, 30_000)))
        .hasMessageContaining("No space left");
    files.fullAfter(Long.MAX_VALUE);
    Fixtures.fill(staging, raw, 30_000);
    staging.complete();
    assertWhole(snapshots, 2, 2);
  }

  @Test
  void diskAlmostFull_leavesTheReserveToTheLog_andGoesOnWhenThereIsRoom() throws IOException {
    Snapshots sender = open(new ModelFiles());
    SnapshotInfo info = Fixtures.write(sender, 20, NEW);
    byte[] raw = Fixtures.raw(sender, info);
    ModelFiles files = new ModelFiles();
    Snapshots snapshots =
        Fixtures.open(LocalSnapshotStore.open(ROOT, Fixtures.spec(Fixtures.ONE), files, RESERVE));
    Fixtures.write(snapshots, 10, OLD);
    for (long room : new long[] {0, RESERVE, RESERVE + 70_000, RESERVE + raw.length - 1}) {
      files.fullAfter(room);
      assertThat(catchThrowable(() -> Fixtures.write(snapshots, 20, NEW)))
          .hasMessageContaining("snapshot-min-free-disk = " + RESERVE);
      assertThat(files.usableBytes(directory())).isGreaterThanOrEqualTo(Math.min(room, RESERVE));
      assertThat(files.list(directory())).noneMatch(file -> file.contains("writing"));
      files.fullAfter(room);
      assertThat(catchThrowable(() -> Fixtures.stage(snapshots, info)))
          .as("what cannot be received whole is not begun")
          .hasMessageContaining("no room for " + raw.length);
      assertThat(files.usableBytes(directory())).isEqualTo(room);
    }
    files.fullAfter(RESERVE + raw.length);
    Staging staging = Fixtures.stage(snapshots, info);
    Fixtures.fill(staging, Arrays.copyOf(raw, 50_000), 30_000);
    files.fullAfter(RESERVE); // somebody else's need
    assertThat(catchThrowable(() -> Fixtures.fill(staging, raw, 30_000)))
        .hasMessageContaining("snapshot-min-free-disk");
    staging.close();
    files.fullAfter(RESERVE + raw.length);
    try (Staging again = Fixtures.stage(snapshots, info)) {
      Fixtures.fill(again, raw, 30_000);
      again.complete();
    }
    assertWhole(snapshots, 2, 2);
    assertThat(files.usableBytes(directory())).isGreaterThanOrEqualTo(RESERVE);
  }

  private static Path directory() {
    return ROOT.resolve(LocalSnapshotStore.directoryName("a/cluster")).resolve("7").resolve("1");
  }
}
