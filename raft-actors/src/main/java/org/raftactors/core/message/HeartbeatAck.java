package org.raftactors.core.message;

/**
 * Acknowledges a heartbeat of exactly the named round.
 *
 * @param term the follower's term; above the heartbeat's if that was stale
 * @param round the round of the heartbeat that is answered
 */
public record HeartbeatAck(long term, long round) implements RaftMessage {}
