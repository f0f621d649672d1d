package org.raftactors.testkit.actors;

import java.io.DataOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import org.raftactors.SnapshotView;

/** A view of a state, behind a note of what that state includes. */
final class ObservedView implements SnapshotView {

  /** Tells a view that fails from a disk that does. */
  private static final class Guarded extends FilterOutputStream {
    private boolean failed;

    private Guarded(OutputStream out) {
      super(out);
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      try {
        out.write(bytes, offset, length);
      } catch (IOException | RuntimeException e) {
        failed = true;
        throw e;
      }
    }
  }

  private final String who;
  private final SnapshotView view;
  private final Progress progress;
  private final Findings findings;

  ObservedView(String who, SnapshotView view, Progress progress, Findings findings) {
    this.who = who;
    this.view = view;
    this.progress = progress;
    this.findings = findings;
  }

  @Override
  public void writeTo(OutputStream out) throws IOException {
    Guarded guarded = new Guarded(out);
    try {
      progress.writeTo(new DataOutputStream(guarded));
      view.writeTo(guarded);
    } catch (IOException | RuntimeException | Error e) {
      if (!guarded.failed) {
        findings.violated(
            Checks.NO_REPLICA_FAILS,
            "the view of %s at index %d threw %s".formatted(who, progress.index(), e));
      }
      throw e;
    }
  }

  @Override
  public void close() {
    view.close();
  }
}
