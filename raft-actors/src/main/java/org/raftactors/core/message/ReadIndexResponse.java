package org.raftactors.core.message;

/**
 * Answers a read index request, after the leader confirmed that it still leads.
 *
 * @param term the leader's term
 * @param readId the request's id
 * @param readIndex the read is linearizable once the sender has applied up to here; -1 if the
 *     receiver of the request does not lead
 */
public record ReadIndexResponse(long term, long readId, long readIndex) implements RaftMessage {}
