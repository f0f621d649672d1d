package org.raftactors.core.message;

/**
 * Asks the leader for an index that makes a read at the sender linearizable (thesis 6.4).
 *
 * @param term the follower's term
 * @param readId names the request at its sender; never used twice
 */
public record ReadIndexRequest(long term, long readId) implements RaftMessage {}
