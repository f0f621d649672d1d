package org.raftactors.snapshot;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A snapshot that is being received: a draft that grows from its beginning. What is in it counts
 * for nothing before {@link #complete}. Closed, it stays in the store, to be taken up again.
 */
final class Staging implements Closeable {

  /** Whether the header is that of our partition. */
  @FunctionalInterface
  interface OwnerCheck {
    void check(String name, SnapshotHeader header) throws UnusableSnapshotException;
  }

  private final SnapshotStore.Draft draft;
  private final String name;
  private final long sizeBytes;
  private final String hash;
  private final OwnerCheck owner;
  private long syncedAt;

  private Staging(
      SnapshotStore.Draft draft, String name, long sizeBytes, String hash, OwnerCheck owner) {
    this.draft = draft;
    this.name = name;
    this.sizeBytes = sizeBytes;
    this.hash = hash;
    this.owner = owner;
  }

  /**
   * Takes a draft up again. What a crash may have damaged in it is cut off: only whole frames stay.
   */
  static Staging resume(
      SnapshotStore.Draft draft, String name, long sizeBytes, String hash, OwnerCheck owner)
      throws IOException {
    try {
      long good = draft.size() == 0 ? 0 : goodPrefix(draft, name);
      if (good < draft.size()) {
        draft.truncate(good);
      }
      draft.expect(sizeBytes);
      Staging staging = new Staging(draft, name, sizeBytes, hash, owner);
      staging.syncedAt = good;
      return staging;
    } catch (IOException | RuntimeException e) {
      draft.close();
      throw e;
    }
  }

  private static long goodPrefix(SnapshotStore.Draft draft, String name) throws IOException {
    FrameReader frames;
    try {
      frames = new FrameReader(name, draft);
    } catch (UnusableSnapshotException e) {
      return 0;
    }
    try {
      while (frames.next()) {
        // Goes as far as it is good.
      }
    } catch (UnusableSnapshotException e) {
      // That is where the draft ends, or where it is damaged.
    }
    return frames.position();
  }

  /** How much there is: what comes next begins here. */
  long offset() throws IOException {
    return draft.size();
  }

  long sizeBytes() {
    return sizeBytes;
  }

  void append(byte[] bytes, int offset, int length) throws IOException {
    draft.append(ByteBuffer.wrap(bytes, offset, length));
    if (draft.size() - syncedAt >= SnapshotOutput.SYNC_EVERY_BYTES) {
      draft.sync();
      syncedAt = draft.size();
    }
  }

  /**
   * Checks all of it, as it stands in the store, and makes it a snapshot, durably. If it is not
   * what was announced, nothing is left of it.
   */
  SnapshotInfo complete() throws IOException {
    try {
      FrameReader frames = new FrameReader(name, draft);
      owner.check(name, frames.header());
      while (frames.next()) {
        // Checks each part.
      }
      if (!frames.hash().equals(hash) || draft.size() != sizeBytes) {
        throw new UnusableSnapshotException(name, "it is not the one that was announced");
      }
      SnapshotInfo info = new SnapshotInfo(name, frames.header(), sizeBytes, hash);
      if (!Snapshots.nameOf(info.position()).equals(name)) {
        throw new UnusableSnapshotException(name, "it is the one at " + info.position());
      }
      draft.publish(name);
      return info;
    } catch (UnusableSnapshotException e) {
      draft.discard();
      throw e;
    }
  }

  void discard() throws IOException {
    draft.discard();
  }

  @Override
  public void close() throws IOException {
    draft.close();
  }
}
