package org.raftactors.core.message;

import org.raftactors.core.log.LogPosition;

/**
 * Asks whether the receiver would vote for the sender in the given term (thesis 9.6). Changes
 * nothing at the receiver.
 *
 * @param term the term that the sender would start, one above its own
 * @param last the end of the sender's log
 */
public record PreVoteRequest(long term, LogPosition last) implements RaftMessage {}
