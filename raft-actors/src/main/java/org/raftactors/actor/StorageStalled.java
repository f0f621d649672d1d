package org.raftactors.actor;

/** The journal does not answer: the replica stops, and its successor waits for the journal. */
final class StorageStalled extends RuntimeException {

  private static final long serialVersionUID = 1L;

  StorageStalled(String message) {
    super(message);
  }
}
