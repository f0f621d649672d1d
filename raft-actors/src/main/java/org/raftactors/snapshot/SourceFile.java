package org.raftactors.snapshot;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.raftactors.core.log.Payload;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The snapshot that a sender sends, read on threads that may block. It stays readable until it is
 * closed, also when it is deleted meanwhile.
 */
final class SourceFile {

  /** What was found to send, if there is anything. */
  record Found(@Nullable SnapshotInfo info) {}

  private static final Logger logger = LoggerFactory.getLogger(SourceFile.class);

  private final Snapshots snapshots;
  private final Executor blocking;
  private SnapshotStore.@Nullable Content content;
  private boolean closed;

  SourceFile(Snapshots snapshots, Executor blocking) {
    this.snapshots = snapshots;
    this.blocking = blocking;
  }

  /** Looks for the newest snapshot that is new enough and good: a damaged one is not worth it. */
  CompletionStage<Found> find(long atLeastIndex) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return findNow(atLeastIndex);
          } catch (IOException e) {
            throw new CompletionException(e);
          }
        },
        blocking);
  }

  private Found findNow(long atLeastIndex) throws IOException {
    for (SnapshotInfo candidate : snapshots.list().usable()) {
      if (candidate.position().index() >= atLeastIndex) {
        try {
          snapshots.verify(candidate);
          open(candidate);
          return new Found(candidate);
        } catch (UnusableSnapshotException e) {
          logger.error("a snapshot cannot be sent", e);
        }
      }
    }
    return new Found(null);
  }

  private synchronized void open(SnapshotInfo info) throws IOException {
    if (!closed) {
      content = snapshots.content(info);
    }
  }

  CompletionStage<Payload> load(long offset, int length) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            byte[] bytes = Snapshots.read(opened(), offset, length);
            if (bytes.length != length) {
              throw new IOException("the snapshot has become shorter");
            }
            return Payload.of(bytes);
          } catch (IOException e) {
            throw new CompletionException(e);
          }
        },
        blocking);
  }

  private synchronized SnapshotStore.Content opened() throws IOException {
    if (content == null || closed) {
      throw new IOException("the snapshot is closed");
    }
    return content;
  }

  void close() {
    blocking.execute(this::closeNow);
  }

  private synchronized void closeNow() {
    closed = true;
    if (content != null) {
      try {
        content.close();
      } catch (IOException e) {
        logger.debug("cannot close a snapshot", e); // it was only read
      }
    }
  }
}
