package org.raftactors.snapshot;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.raftactors.SnapshotView;
import org.raftactors.core.log.LogPosition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a {@link SnapshotTaker} has done on threads that may block. */
final class SnapshotWork {

  /**
   * A snapshot that is durable.
   *
   * @param info of it
   * @param oldestKept the index of the oldest one that is kept beside it
   */
  record Written(SnapshotInfo info, long oldestKept) {}

  /**
   * What is at a position.
   *
   * @param info of a good snapshot, null if there is none
   */
  record Found(@Nullable SnapshotInfo info) {}

  private static final Logger logger = LoggerFactory.getLogger(SnapshotWork.class);

  private final Snapshots snapshots;
  private final Executor blocking;
  private final String label;
  private final int keep;

  /** Grows as long as something is written: its writer asks for each chunk whether to go on. */
  private final AtomicLong chunks = new AtomicLong();

  private long chunksSeen = -1;
  private volatile boolean stopped;

  SnapshotWork(Snapshots snapshots, Executor blocking, String label, int keep) {
    this.snapshots = snapshots;
    this.blocking = blocking;
    this.label = label;
    this.keep = keep;
  }

  /** Writes a view, and closes it in any case. */
  CompletionStage<Written> write(SnapshotHeader header, SnapshotView view) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            SnapshotInfo info = snapshots.write(header, view, this::isCancelled);
            return new Written(info, snapshots.oldestKept(keep, info.position().index()));
          } catch (IOException e) {
            throw new CompletionException(e);
          }
        },
        blocking);
  }

  private boolean isCancelled() {
    chunks.incrementAndGet();
    return stopped;
  }

  /** Whether nothing was written since this was asked the last time. */
  boolean standsStill() {
    long now = chunks.get();
    boolean same = now == chunksSeen;
    chunksSeen = now;
    return same;
  }

  /** The snapshot at a position. Who asks relies on it, so it is read to its end. */
  CompletionStage<Found> look(LogPosition position) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            for (SnapshotInfo info : snapshots.list().usable()) {
              if (info.position().equals(position)) {
                snapshots.verify(info);
                return new Found(info);
              }
            }
          } catch (UnusableSnapshotException | NoSuchFileException e) {
            logger.warn("{} has to write the newest snapshot again", label, e);
          } catch (IOException e) {
            throw new CompletionException(e);
          }
          return new Found(null);
        },
        blocking);
  }

  /** Deletes what is beyond the number to be kept. */
  void prune(long appliedIndex) {
    blocking.execute(
        () -> {
          try {
            for (String name : snapshots.prune(keep, appliedIndex)) {
              logger.info("{} deleted snapshot {}", label, name);
            }
          } catch (IOException | RuntimeException e) {
            // They are deleted the next time.
            logger.warn("{} could not delete old snapshots", label, e);
          }
        });
  }

  /** A write that is under way ends soon, and closes its view. */
  void stop() {
    stopped = true;
  }
}
