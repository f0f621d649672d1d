package org.raftactors.snapshot;

/**
 * A state machine could not take over a state that is what it wrote once: its fault, on every
 * replica, and so a reason to stop.
 */
public final class RestoreFailedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /**
   * The failure to restore a snapshot that is good.
   *
   * @param snapshot which one
   * @param cause what the state machine threw
   */
  public RestoreFailedException(SnapshotInfo snapshot, Throwable cause) {
    super("the state machine cannot restore snapshot " + snapshot.name() + ": " + cause, cause);
  }
}
