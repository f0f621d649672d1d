package org.raftactors.core.message;

/**
 * Says that the sender's log equals the leader's up to an index, durably. Cumulative.
 *
 * @param term the follower's term: an acknowledgement from another term counts for nothing
 * @param matchIndex everything up to here is durable at the sender and equals the log of the leader
 *     of that term
 */
public record AppendAccepted(long term, long matchIndex) implements RaftMessage {}
