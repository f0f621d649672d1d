package org.raftactors.backup;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Iterator;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.raftactors.PartitionId;
import org.raftactors.snapshot.SnapshotStore;

/**
 * A backup as it is being made: whoever reads the stream drives it, and no more than one buffer of
 * it is in memory. The snapshot of a partition is asked for when its turn comes, after all bytes of
 * the one before.
 *
 * <p>States: header; for each partition waiting for its snapshot (a byte that means nothing is
 * handed out every few seconds, for connections that must not be silent) and copying it; trailer;
 * end. What goes wrong is written into the stream, as its end: whoever receives it can say why. Who
 * has a stream without a trailer has no backup. Nothing here is durable.
 *
 * <p>Read by one thread, which may block; closed once.
 */
public final class BackupStream extends InputStream {

  /** How long the reader waits in silence. */
  private static final long SILENCE_MILLIS = 2_000;

  private final BackupSource source;
  private final long silenceMillis;
  private final Iterator<PartitionId> partitions;
  private final MessageDigest hash = BackupFormat.newHash();
  private final int headerCheck;
  private ByteBuffer frame;
  private @Nullable CompletableFuture<SnapshotStore.Content> awaited;
  private @Nullable PartitionId partition;
  private SnapshotStore.@Nullable Content content;
  private long contentSize;
  private long contentAt;
  private long sections;
  private long written;
  private boolean atEnd;

  /**
   * Begins a backup; nothing is asked for before the first byte is read.
   *
   * @param source what to back up
   * @param createdAtMillis the time
   */
  public BackupStream(BackupSource source, long createdAtMillis) {
    this(source, createdAtMillis, SILENCE_MILLIS);
  }

  BackupStream(BackupSource source, long createdAtMillis, long silenceMillis) {
    this.source = source;
    this.silenceMillis = silenceMillis;
    this.partitions = source.partitions().iterator();
    this.frame =
        BackupFormat.header(source.clusterId(), createdAtMillis, source.partitions().size());
    this.headerCheck = frame.getInt(frame.limit() - BackupFormat.CHECK_BYTES);
    account(frame);
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  /** Gives what there is: at least one byte, if that was not the end. */
  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, into.length);
    if (length == 0) {
      return 0;
    }
    while (!frame.hasRemaining()) {
      if (content != null) {
        int read = copy(content, into, offset, length);
        if (read > 0) {
          return read;
        }
      } else if (atEnd) {
        return -1;
      } else {
        next();
      }
    }
    int part = Math.min(length, frame.remaining());
    frame.get(into, offset, part);
    return part;
  }

  /** The next bytes of a snapshot; none if it has ended, whether it should have or not. */
  private int copy(SnapshotStore.Content from, byte[] into, int offset, int length) {
    long left = contentSize - contentAt;
    try {
      if (left == 0) {
        from.close();
        content = null;
        return 0;
      }
      ByteBuffer target = ByteBuffer.wrap(into, offset, (int) Math.min(length, left));
      int read = from.read(contentAt, target);
      if (read < 0) {
        giveUp(partition + ": its snapshot has become shorter");
        return 0;
      }
      contentAt += read;
      written += read;
      hash.update(into, offset, read);
      return read;
    } catch (IOException e) {
      giveUp(partition + ": " + e);
      return 0;
    }
  }

  private void next() throws IOException {
    if (awaited != null) {
      await(awaited);
    } else if (partitions.hasNext()) {
      partition = partitions.next();
      try {
        awaited = source.snapshot(partition).toCompletableFuture();
      } catch (RuntimeException e) {
        giveUp(partition + ": " + e);
      }
    } else {
      finish();
    }
  }

  private void await(CompletableFuture<SnapshotStore.Content> future) throws IOException {
    try {
      begin(future.get(silenceMillis, TimeUnit.MILLISECONDS));
    } catch (TimeoutException e) {
      show(BackupFormat.allocate(1).put(BackupFormat.NOTHING).flip());
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      String reason = cause.getMessage() == null ? cause.toString() : cause.getMessage();
      giveUp(partition + ": " + reason);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private void begin(SnapshotStore.Content snapshot) {
    awaited = null;
    content = snapshot;
    contentAt = 0;
    try {
      contentSize = snapshot.size();
    } catch (IOException e) {
      giveUp(partition + ": " + e);
      return;
    }
    long id = Objects.requireNonNull(partition).value();
    show(BackupFormat.section(headerCheck, sections, id, contentSize));
    sections++;
  }

  private void finish() {
    ByteBuffer counts = BackupFormat.counts(sections, written + BackupFormat.TRAILER_BYTES);
    hash.update(counts.duplicate());
    ByteBuffer seal = BackupFormat.seal(headerCheck, sections, counts, hash.digest());
    frame = BackupFormat.allocate(BackupFormat.TRAILER_BYTES).put(counts).put(seal).flip();
    written += frame.remaining();
    atEnd = true;
  }

  private void giveUp(String reason) {
    closeContent();
    awaited = null;
    frame = BackupFormat.givenUp(reason);
    atEnd = true;
  }

  private void show(ByteBuffer bytes) {
    frame = bytes;
    account(bytes);
  }

  private void account(ByteBuffer bytes) {
    hash.update(bytes.duplicate());
    written += bytes.remaining();
  }

  private void closeContent() {
    SnapshotStore.Content open = content;
    content = null;
    close(open);
  }

  private static void close(SnapshotStore.@Nullable Content open) {
    if (open != null) {
      try {
        open.close();
      } catch (IOException e) {
        // It was read only: nothing can be lost by that.
      }
    }
  }

  /** Nothing more is wanted: a snapshot that is still being taken is closed when it comes. */
  @Override
  public void close() {
    closeContent();
    CompletableFuture<SnapshotStore.Content> coming = awaited;
    awaited = null;
    atEnd = true;
    frame = BackupFormat.allocate(0);
    if (coming != null) {
      var unused = coming.thenAccept(BackupStream::close);
    }
  }
}
