package org.raftactors.snapshot;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.raftactors.SnapshotReader;

/**
 * The state in a snapshot as a stream. Each byte is checked before it is handed out; the end is
 * reported only if the whole snapshot is good.
 */
final class SnapshotInput extends InputStream implements SnapshotReader {

  private final FrameReader frames;
  private final LongConsumer progress;
  private ByteBuffer rest = ByteBuffer.allocate(0);
  private boolean atEnd;
  private @Nullable IOException failure;

  /**
   * A stream at the beginning of the state.
   *
   * @param frames of the snapshot
   * @param progress told of the bytes that were read, part by part
   */
  SnapshotInput(FrameReader frames, LongConsumer progress) {
    this.frames = frames;
    this.progress = progress;
  }

  @Override
  public long index() {
    return frames.header().base().position().index();
  }

  @Override
  public long term() {
    return frames.header().base().position().term();
  }

  @Override
  public InputStream state() {
    return this;
  }

  /** What was wrong with the snapshot or the store, whatever the reader made of it. */
  @Nullable IOException failure() {
    return failure;
  }

  @Override
  public int read() throws IOException {
    return more() ? rest.get() & 0xff : -1;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, into.length);
    if (length == 0) {
      return 0;
    }
    if (!more()) {
      return -1;
    }
    int part = Math.min(length, rest.remaining());
    rest.get(into, offset, part);
    return part;
  }

  @Override
  public int available() {
    return rest.remaining();
  }

  private boolean more() throws IOException {
    if (rest.hasRemaining()) {
      return true;
    }
    if (failure != null) {
      throw failure; // a reader that goes on after a failure gets no further
    }
    if (atEnd) {
      return false;
    }
    try {
      atEnd = !frames.next();
    } catch (IOException e) {
      failure = e;
      throw e;
    }
    if (!atEnd) {
      rest = frames.data();
      progress.accept(rest.remaining());
    }
    return !atEnd;
  }

  /** Reads what is left and so checks all of it. */
  void drain() throws IOException {
    rest = ByteBuffer.allocate(0);
    while (more()) {
      rest = ByteBuffer.allocate(0);
    }
  }
}
