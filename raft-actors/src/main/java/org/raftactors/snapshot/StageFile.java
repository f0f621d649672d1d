package org.raftactors.snapshot;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.raftactors.codec.SnapshotMessage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The stage of a receiver, touched by one step after the other on threads that may block, in the
 * order in which they were asked for. So what is to be closed is closed before another is opened.
 */
final class StageFile {

  /** A step. */
  @FunctionalInterface
  interface Action {
    Incoming.Step run() throws IOException;
  }

  private static final Logger logger = LoggerFactory.getLogger(StageFile.class);

  private final Snapshots snapshots;
  private final Executor blocking;
  private CompletableFuture<?> last = CompletableFuture.completedFuture(null);

  /** Touched in steps only. */
  private @Nullable Staging staging;

  StageFile(Snapshots snapshots, Executor blocking) {
    this.snapshots = snapshots;
    this.blocking = blocking;
  }

  /** Asks for a step. */
  CompletionStage<Incoming.Step> next(Action action) {
    CompletableFuture<Incoming.Step> step =
        last.handleAsync(
            (result, failure) -> {
              try {
                return action.run();
              } catch (IOException e) {
                return Incoming.Step.failed(e);
              } catch (RuntimeException e) {
                throw new CompletionException(e);
              }
            },
            blocking);
    last = step;
    return step;
  }

  /** Closes it, after the steps before. */
  void close() {
    last = last.handleAsync((result, failure) -> closeNow(), blocking);
  }

  private boolean closeNow() {
    Staging open = staging;
    staging = null;
    if (open != null) {
      try {
        open.close();
      } catch (IOException e) {
        // It counts for nothing yet, and is checked when it is taken up.
        logger.warn("cannot close what is being received", e);
      }
    }
    return open != null;
  }

  /** A step: the snapshot may be here already, or a part of it. */
  Incoming.Step open(SnapshotMessage.Offer offer) throws IOException {
    closeNow();
    for (SnapshotInfo info : snapshots.list().usable()) {
      if (info.hash().equals(offer.hash())) {
        try {
          snapshots.verify(info);
          return Incoming.Step.whole(info);
        } catch (UnusableSnapshotException e) {
          logger.error("a snapshot is received once more, since it is damaged here", e);
        }
      }
    }
    Staging opened = snapshots.stage(offer.position(), offer.sizeBytes(), offer.hash());
    staging = opened;
    return Incoming.Step.written(opened.offset());
  }

  /** A step. */
  Incoming.Step append(byte[] bytes, int offset, int length) throws IOException {
    Staging open = opened();
    open.append(bytes, offset, length);
    return Incoming.Step.written(open.offset());
  }

  /** A step: checks all of it and makes it a snapshot. */
  Incoming.Step complete() throws IOException {
    Staging open = opened();
    staging = null; // closed by what follows, whatever comes of it
    try (open) {
      return Incoming.Step.whole(open.complete());
    }
  }

  private Staging opened() throws IOException {
    if (staging == null) {
      throw new IOException("the stage is closed");
    }
    return staging;
  }
}
