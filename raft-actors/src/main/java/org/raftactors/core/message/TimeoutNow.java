package org.raftactors.core.message;

/**
 * Asks an up-to-date follower to start an election at once, without pre-vote (thesis 3.10).
 *
 * @param term the leader's term; a late one of an older term does nothing
 */
public record TimeoutNow(long term) implements RaftMessage {}
