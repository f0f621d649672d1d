package org.raftactors;

import java.io.InputStream;

/** A state that a {@link SnapshotView} wrote once, perhaps on another replica. */
public interface SnapshotReader {

  /**
   * The log index of the last entry that the state includes.
   *
   * @return at least 1; what is applied next has a greater index
   */
  long index();

  /**
   * The term of that entry.
   *
   * @return at least 1
   */
  long term();

  /**
   * The bytes of the state, each checked before it is handed out. They come from disk as they are
   * read, so a state of any size passes through little memory. The stream is buffered. It throws an
   * {@link java.io.IOException} if the snapshot is damaged, also at its very end.
   *
   * @return the same stream each time, which need not be closed
   */
  InputStream state();
}
