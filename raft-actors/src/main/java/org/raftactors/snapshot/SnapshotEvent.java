package org.raftactors.snapshot;

import org.raftactors.RaftPartition;
import org.raftactors.SnapshotResult;
import org.raftactors.core.membership.ReplicaId;

/** What a replica learns about its snapshots. None of it leaves the process. */
public sealed interface SnapshotEvent extends RaftPartition.Command {

  /**
   * A snapshot was written and is durable, name and all.
   *
   * @param snapshot which one
   * @param oldestRetainedIndex the index of the oldest one that stays when those beyond the number
   *     to be kept are deleted: the log must go on standing there or before it
   */
  record Saved(SnapshotInfo snapshot, long oldestRetainedIndex) implements SnapshotEvent {}

  /**
   * A snapshot could not be taken. Nothing is left of it.
   *
   * @param reason in words
   * @param permanent whether the state machine has no snapshots at all; otherwise it is tried again
   *     without being asked
   */
  record SaveFailed(String reason, boolean permanent) implements SnapshotEvent {}

  /**
   * Somebody who asked for a snapshot is to be answered.
   *
   * @param number of the request
   * @param result the answer
   */
  record Requested(long number, SnapshotResult result) implements SnapshotEvent {}

  /**
   * There is no snapshot here that is good and new enough for another replica that needs one.
   *
   * @param to the other replica
   * @param term in which it was to be sent
   */
  record NoneToSend(ReplicaId to, long term) implements SnapshotEvent {}

  /**
   * A transfer to another replica has ended.
   *
   * @param to the receiver
   * @param term in which it was begun
   * @param index of the snapshot that was sent, 0 if there was none to send
   * @param delivered whether the receiver has all of it, durably
   * @param detail in words
   */
  record Sent(ReplicaId to, long term, long index, boolean delivered, String detail)
      implements SnapshotEvent {}

  /**
   * How far receiving has got; told now and then.
   *
   * @param from the sender
   * @param receivedBytes of it
   * @param sizeBytes of the whole
   */
  record Receiving(ReplicaId from, long receivedBytes, long sizeBytes) implements SnapshotEvent {}

  /**
   * A snapshot was received, is whole, and is durable. It may be one that was here before.
   *
   * @param snapshot which one
   * @param term in which the sender leads
   */
  record Received(SnapshotInfo snapshot, long term) implements SnapshotEvent {}

  /**
   * Receiving has ended without a snapshot. What was received is kept if it may be of use.
   *
   * @param from the sender
   * @param reason in words
   */
  record ReceiveFailed(ReplicaId from, String reason) implements SnapshotEvent {}

  /**
   * The state machine has taken over the state of a received snapshot.
   *
   * @param snapshot which one
   */
  record Installed(SnapshotInfo snapshot) implements SnapshotEvent {}

  /**
   * The snapshot that was to be installed cannot be used any more: damaged since it was received,
   * or gone. The state machine has no state; the replica needs another snapshot.
   *
   * @param index of the snapshot
   * @param reason in words
   */
  record InstallFailed(long index, String reason) implements SnapshotEvent {}
}
