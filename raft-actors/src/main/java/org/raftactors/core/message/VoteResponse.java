package org.raftactors.core.message;

/**
 * Answers a vote request. A grant leaves only when it is durable.
 *
 * @param term the voter's current term
 * @param granted whether the vote was given
 */
public record VoteResponse(long term, boolean granted) implements RaftMessage {}
