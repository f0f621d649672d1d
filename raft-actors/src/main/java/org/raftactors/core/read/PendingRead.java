package org.raftactors.core.read;

import org.jspecify.annotations.Nullable;
import org.raftactors.core.membership.ReplicaId;

/**
 * A linearizable read that waits for confirmation at the leader.
 *
 * @param waiter the local reader, null for a follower's request
 * @param follower who asked, null for a local reader
 * @param readId the follower's name for it
 */
public record PendingRead(@Nullable Object waiter, @Nullable ReplicaId follower, long readId) {

  public static PendingRead local(Object waiter) {
    return new PendingRead(waiter, null, 0);
  }

  public static PendingRead remote(ReplicaId follower, long readId) {
    return new PendingRead(null, follower, readId);
  }
}
