package org.raftactors.core.message;

/**
 * Keeps followers from electing, carries the commit index without traffic, and opens a round that
 * confirms leadership for reads.
 *
 * @param term the leader's term
 * @param leaderCommit the leader's commit index; the follower goes no further than what it has
 *     verified against this leader
 * @param round identity of the round, growing within a term (rule 12)
 */
public record Heartbeat(long term, long leaderCommit, long round) implements RaftMessage {}
