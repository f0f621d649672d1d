package org.raftactors.actor;

/** The journal does not answer: the replica stops, and its successor waits for the journal. */
public final class StorageStalled extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /**
   * Made by a replica, and by tests.
   *
   * @param message what took how long
   */
  public StorageStalled(String message) {
    super(message);
  }
}
