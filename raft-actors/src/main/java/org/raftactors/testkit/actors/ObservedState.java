package org.raftactors.testkit.actors;

import java.io.DataInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.raftactors.SnapshotReader;

/** What an {@link ObservedView} wrote, without its note. */
final class ObservedState implements SnapshotReader {

  /** Tells a state machine that fails from a disk that does. */
  private static final class Guarded extends FilterInputStream {
    private boolean failed;

    private Guarded(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      try {
        return in.read(bytes, offset, length);
      } catch (IOException | RuntimeException e) {
        failed = true;
        throw e;
      }
    }
  }

  private final SnapshotReader reader;
  private final Guarded state;
  private final Progress inside;

  ObservedState(SnapshotReader reader) throws IOException {
    this.reader = reader;
    this.state = new Guarded(reader.state());
    this.inside = Progress.readFrom(new DataInputStream(state));
  }

  /** What the state includes. */
  Progress inside() {
    return inside;
  }

  /** Whether the disk has failed: then nobody else is to blame. */
  boolean isDiskFailure() {
    return state.failed;
  }

  @Override
  public long index() {
    return reader.index();
  }

  @Override
  public long term() {
    return reader.term();
  }

  @Override
  public InputStream state() {
    return state;
  }
}
