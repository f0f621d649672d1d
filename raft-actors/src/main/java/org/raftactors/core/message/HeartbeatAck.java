package org.raftactors.core.message;

/**
 * Answers a heartbeat.
 *
 * @param term the follower's term
 * @param round the round that is acknowledged, {@link #NO_ROUND} if the heartbeat was of an older
 *     term
 */
public record HeartbeatAck(long term, long round) implements RaftMessage {

  /**
   * Lies before every round. Each leadership counts its rounds from 1, so an answer in a newer term
   * must not repeat the number of an older one.
   */
  public static final long NO_ROUND = 0;
}
