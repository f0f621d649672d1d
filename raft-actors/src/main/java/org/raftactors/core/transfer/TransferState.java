package org.raftactors.core.transfer;

import org.jspecify.annotations.Nullable;
import org.raftactors.core.membership.ReplicaId;

/**
 * A hand-over of leadership under way.
 *
 * @param target who is to take over
 * @param waiter who asked for it, null if the leader itself decided
 * @param deadline when the leader gives up and goes on
 */
public record TransferState(ReplicaId target, @Nullable Object waiter, long deadline) {}
