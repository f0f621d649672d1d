package org.raftactors.snapshot;

import java.io.IOException;

/**
 * A snapshot is not what was written: damaged, cut off, of another partition, or of a version that
 * this release does not know. It is never used, and never gets better.
 */
public final class UnusableSnapshotException extends IOException {

  private static final long serialVersionUID = 1L;

  /** The name of the snapshot. */
  private final String name;

  /**
   * The refusal of a snapshot.
   *
   * @param name of the snapshot
   * @param problem what is wrong with it
   */
  public UnusableSnapshotException(String name, String problem) {
    super("snapshot " + name + " is unusable: " + problem);
    this.name = name;
  }

  /** {@return the name of the snapshot} */
  public String name() {
    return name;
  }
}
