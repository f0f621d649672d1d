package org.raftactors.core.message;

/**
 * Answers a pre-vote request. A grant names the requested term and promises nothing; a rejection
 * carries the rejecter's own term, which the requester adopts (openraft 1796).
 *
 * @param term the requested term if granted, else the rejecter's current term
 * @param granted whether the rejecter would vote for the requester
 */
public record PreVoteResponse(long term, boolean granted) implements RaftMessage {}
