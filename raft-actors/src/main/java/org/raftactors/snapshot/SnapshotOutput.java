package org.raftactors.snapshot;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.zip.CRC32C;

/**
 * Takes a state and writes it as chunks into a draft. Holds one chunk; what is before it is on its
 * way to the disk, and synced every few MiB, so that the sync at the end is no burst that holds up
 * everybody else's.
 */
final class SnapshotOutput extends OutputStream {

  static final long SYNC_EVERY_BYTES = 4 << 20;

  private final SnapshotStore.Draft draft;
  private final BooleanSupplier cancelled;
  private final int headerCheck;
  private final MessageDigest hash = SnapshotFormat.newHash();

  /** A whole frame; the state begins behind the frame's header. */
  private final ByteBuffer frame =
      SnapshotFormat.allocate(SnapshotFormat.FRAME_HEADER_BYTES + SnapshotFormat.CHUNK_BYTES);

  private long chunks;
  private long stateBytes;
  private long written;
  private long syncedAt;
  private boolean finished;

  /**
   * Begins a snapshot.
   *
   * @param draft is empty
   * @param cancelled asked for each chunk; once true, writing fails
   */
  SnapshotOutput(SnapshotStore.Draft draft, SnapshotHeader header, BooleanSupplier cancelled)
      throws IOException {
    this.draft = draft;
    this.cancelled = cancelled;
    ByteBuffer bytes = SnapshotFormat.headerBytes(header);
    this.headerCheck = bytes.getInt(bytes.limit() - SnapshotFormat.CHECK_BYTES);
    append(bytes);
    frame.position(SnapshotFormat.FRAME_HEADER_BYTES);
  }

  private void append(ByteBuffer bytes) throws IOException {
    if (cancelled.getAsBoolean()) {
      throw new InterruptedIOException("the snapshot is not wanted any more");
    }
    hash.update(bytes.duplicate());
    written += bytes.remaining();
    draft.append(bytes);
    if (written - syncedAt >= SYNC_EVERY_BYTES) {
      draft.sync();
      syncedAt = written;
    }
  }

  @Override
  public void write(int value) throws IOException {
    makeRoom();
    frame.put((byte) value);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, bytes.length);
    int from = offset;
    int left = length;
    while (left > 0) {
      makeRoom();
      int part = Math.min(left, frame.remaining());
      frame.put(bytes, from, part);
      from += part;
      left -= part;
    }
  }

  private void makeRoom() throws IOException {
    if (finished) {
      throw new IOException("the snapshot is finished");
    }
    if (!frame.hasRemaining()) {
      writeChunk();
    }
  }

  private void writeChunk() throws IOException {
    int length = frame.position() - SnapshotFormat.FRAME_HEADER_BYTES;
    if (length == 0) {
      return;
    }
    frame.flip();
    CRC32C crc = SnapshotFormat.checkAt(headerCheck, chunks);
    frame.put(0, SnapshotFormat.STATE).putInt(1, length);
    crc.update(frame.duplicate().limit(5));
    crc.update(frame.duplicate().position(SnapshotFormat.FRAME_HEADER_BYTES));
    frame.putInt(5, (int) crc.getValue());
    append(frame);
    chunks++;
    stateBytes += length;
    frame.clear().position(SnapshotFormat.FRAME_HEADER_BYTES);
  }

  /** Nothing: only whole chunks leave. */
  @Override
  public void flush() {}

  /** Nothing: the state machine does not end the snapshot. */
  @Override
  public void close() {}

  /**
   * Writes the trailer; publishing syncs it.
   *
   * @return the hash of the snapshot
   */
  String finish() throws IOException {
    writeChunk();
    finished = true;
    ByteBuffer counts = SnapshotFormat.allocate(1 + 8 + 8 + 8);
    counts.put(SnapshotFormat.TRAILER).putLong(chunks).putLong(stateBytes);
    counts.putLong(written + SnapshotFormat.TRAILER_BYTES).flip();
    hash.update(counts.duplicate());
    byte[] sum = hash.digest();
    ByteBuffer trailer = SnapshotFormat.allocate(SnapshotFormat.TRAILER_BYTES);
    trailer.put(counts).put(sum);
    CRC32C crc = SnapshotFormat.checkAt(headerCheck, chunks);
    crc.update(trailer.duplicate().flip());
    trailer.putInt((int) crc.getValue()).flip();
    written += trailer.remaining();
    draft.append(trailer);
    return HexFormat.of().formatHex(sum);
  }

  /** How many bytes the file has so far. */
  long sizeBytes() {
    return written;
  }
}
