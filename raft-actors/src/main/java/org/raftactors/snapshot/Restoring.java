package org.raftactors.snapshot;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.raftactors.StateMachine;

/**
 * Feeds a state machine with the newest snapshot that is good. Blocks; the state passes through one
 * chunk of memory. Where a snapshot turns out to be damaged on the way, the state machine that has
 * half of it is dropped, and a fresh one gets the next older.
 */
public final class Restoring {

  private Restoring() {}

  /**
   * Restores.
   *
   * @param snapshots of the replica
   * @param wanted which of them may be used: those within the log, or the one to be installed
   * @param machines makes fresh state machines
   * @param progress told of the bytes of state that were read, part by part
   * @param <M> the state machine
   * @return what came of it
   * @throws IOException if the store fails, which says nothing about the snapshots
   * @throws RestoreFailedException if the state machine fails with a snapshot that is good
   */
  public static <M extends StateMachine<?, ?, ?>> RestoreOutcome<M> restore(
      Snapshots snapshots,
      Predicate<SnapshotInfo> wanted,
      Supplier<M> machines,
      LongConsumer progress)
      throws IOException {
    Snapshots.Listing listing = snapshots.list();
    List<UnusableSnapshotException> damaged = new ArrayList<>(listing.damaged());
    for (SnapshotInfo info : listing.usable()) {
      if (wanted.test(info)) {
        M machine = machines.get();
        try {
          feed(snapshots, info, machine, progress);
          return new RestoreOutcome.Restored<>(machine, info, List.copyOf(damaged));
        } catch (UnusableSnapshotException e) {
          damaged.add(e);
        } catch (NoSuchFileException e) {
          damaged.add(new UnusableSnapshotException(info.name(), "it is gone"));
        }
      }
    }
    return new RestoreOutcome.NoneUsable<>(List.copyOf(damaged));
  }

  private static void feed(
      Snapshots snapshots, SnapshotInfo info, StateMachine<?, ?, ?> machine, LongConsumer progress)
      throws IOException {
    try (SnapshotStore.Content content = snapshots.content(info)) {
      SnapshotInput input = new SnapshotInput(new FrameReader(info.name(), content), progress);
      Throwable thrown = null;
      try {
        machine.restore(input);
      } catch (IOException
          | RuntimeException
          | AssertionError
          | LinkageError
          | StackOverflowError e) {
        thrown = e;
      }
      throwFailure(input.failure()); // whatever the state machine made of it
      input.drain(); // it need not have read to the end; what it has not read counts too
      if (thrown != null) {
        throw new RestoreFailedException(info, thrown);
      }
    }
  }

  private static void throwFailure(@Nullable IOException failure) throws IOException {
    if (failure != null) {
      throw failure;
    }
  }
}
