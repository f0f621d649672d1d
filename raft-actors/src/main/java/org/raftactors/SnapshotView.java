package org.raftactors;

import java.io.IOException;
import java.io.OutputStream;

/**
 * The state of a {@link StateMachine} as of one log position, for as long as it takes to write it
 * down. The state machine goes on applying meanwhile, and nothing of that may show in here.
 *
 * <p>Taken on the state machine's thread, written on another one, closed once. There is at most one
 * open view of a state machine at a time.
 */
@FunctionalInterface
public interface SnapshotView extends AutoCloseable {

  /**
   * Writes the state, from its first byte to its last. Called once at most, on a thread that may
   * block, while the state machine applies commands on another: what both touch must be immutable
   * or otherwise safe to read. Whatever {@link StateMachine#restore} needs to make the same state
   * again belongs into it, and nothing else; its format is the application's, and should begin with
   * a version.
   *
   * <p>The stream takes any number of bytes, holds none of them for long, and blocks while the disk
   * is busy. It is buffered. It need not be closed or flushed, but whatever is wrapped around it
   * must be flushed.
   *
   * @param out takes the state
   * @throws IOException to be passed on if it comes from the stream; if this throws anything, this
   *     snapshot is given up, which harms nothing, and taken again later
   */
  void writeTo(OutputStream out) throws IOException;

  /**
   * The view is needed no more, whether it was written or not. Called once, on any thread, also
   * while the state machine applies.
   */
  @Override
  default void close() {}

  /**
   * A view of a state that is small enough to be turned into bytes at once.
   *
   * @param state the whole state, not to be changed afterwards
   * @return a view of it
   */
  static SnapshotView of(byte[] state) {
    return out -> out.write(state);
  }
}
