package org.raftactors.core.message;

/**
 * Says what the sender has applied, for comparison. Not a matter of the protocol: nothing follows
 * from it for votes, commits or leaders.
 *
 * @param term the sender's term
 * @param index up to where it has applied
 * @param digest of all entries up to there
 */
public record StateDigest(long term, long index, long digest) implements RaftMessage {}
