package org.raftactors.snapshot;

import java.io.IOException;
import java.io.InputStream;

/**
 * A snapshot whose bytes are somewhere else than in the store of a replica, such as in a backup.
 * Read once, from its first byte to its last, which are read in this order; nothing is handed out
 * that was not checked. Belongs to one thread, which may block.
 */
public final class ForeignSnapshot {

  private final FrameReader frames;
  private final SnapshotInput input;

  private ForeignSnapshot(FrameReader frames) {
    this.frames = frames;
    this.input = new SnapshotInput(frames, bytes -> {});
  }

  /**
   * Reads the header.
   *
   * @param name for errors
   * @param content the snapshot, exactly; the caller's to close
   * @return to go on with
   * @throws UnusableSnapshotException if that is not what was written
   * @throws IOException if it cannot be read
   */
  public static ForeignSnapshot open(String name, SnapshotStore.Content content)
      throws IOException {
    return new ForeignSnapshot(new FrameReader(name, content));
  }

  /** {@return what it says about itself} */
  public SnapshotHeader header() {
    return frames.header();
  }

  /** {@return how many bytes of it were read and found good} */
  public long checkedBytes() {
    return frames.position();
  }

  /** {@return the state; its end is only reported if all of the snapshot is good} */
  public InputStream state() {
    return input;
  }

  /**
   * Reads what is left, and so checks all of it.
   *
   * @throws UnusableSnapshotException if it is not what was written
   * @throws IOException if it cannot be read
   */
  public void verify() throws IOException {
    input.drain();
  }
}
