package org.raftactors.core.message;

import org.raftactors.core.log.LogPosition;

/**
 * Asks for the receiver's vote (Raft 5.2). Leaves only when the sender's own vote is durable.
 *
 * @param term the candidate's term
 * @param last the end of the candidate's log
 * @param leadershipTransfer true if the leader itself asked for this election, which exempts it
 *     from leader stickiness
 */
public record VoteRequest(long term, LogPosition last, boolean leadershipTransfer)
    implements RaftMessage {}
