package org.raftactors.core.message;

/**
 * Asks the leader for a snapshot: the sender has its log, but lost the state that the log stands
 * on.
 *
 * @param term the follower's term
 * @param atLeastIndex the base of its log, which the snapshot must include
 */
public record SnapshotRequest(long term, long atLeastIndex) implements RaftMessage {}
