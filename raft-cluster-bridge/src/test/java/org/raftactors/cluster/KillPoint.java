package org.raftactors.cluster;

import java.util.concurrent.atomic.AtomicReference;

/**
 * Places in the taking and installing of snapshots at which a process of {@link KilledNode} ends as
 * if by SIGKILL, when it is told to. Production has no such places: they are where tests have put
 * files, plugins and a state machine of their own in between.
 */
public enum KillPoint {
  /** Half of the bytes of a write to the draft of a snapshot are in the file. */
  TAKING_HALF_WRITTEN,
  /** All is written, nothing is synced. */
  TAKING_NOT_SYNCED,
  /** The draft is synced and has not got its name. */
  TAKING_NOT_RENAMED,
  /** It has its name, which is not synced. */
  TAKING_NAME_NOT_SYNCED,
  /** It is durable, and the log does not stand on anything later than before. */
  TAKING_NOT_IN_THE_LOG,
  /** The event that moves the log's base is durable; the saved state is from before. */
  BASE_IS_DURABLE,
  /** The state with the new base is saved; nothing is deleted. */
  STATE_IS_SAVED,
  /** Events below the base are deleted. */
  EVENTS_ARE_DELETED,
  /** The first old snapshot is about to be deleted. */
  OLD_SNAPSHOT_IS_THERE,
  /** It is deleted. */
  OLD_SNAPSHOT_IS_GONE,

  /** Half of a chunk of a received snapshot is in the file. */
  RECEIVING_HALF_A_CHUNK,
  /** All of it was received, checked and synced, and has not got its name. */
  RECEIVED_NOT_RENAMED,
  /** It is durable under its name; the log knows nothing of it. */
  RECEIVED_NOT_IN_THE_LOG,
  /** The log stands on it; the state machine is what it was. */
  RECEIVED_NOT_RESTORED,
  /** The state machine has it; the leader was told nothing. */
  RECEIVED_NOT_ACKNOWLEDGED;

  /** How such a process ends. */
  public static final int STATUS = 86;

  private static final AtomicReference<KillPoint> ARMED = new AtomicReference<>();

  /** Whether it is about the installing of another replica's snapshot. */
  public boolean isAboutInstalling() {
    return compareTo(RECEIVING_HALF_A_CHUNK) >= 0;
  }

  static void arm(KillPoint point) {
    ARMED.set(point);
  }

  /** Whether the process is to end there. */
  public boolean isArmed() {
    return ARMED.get() == this;
  }

  /** The process is there; it ends if it is to. */
  public void reached() {
    if (isArmed()) {
      Runtime.getRuntime().halt(STATUS);
    }
  }
}
