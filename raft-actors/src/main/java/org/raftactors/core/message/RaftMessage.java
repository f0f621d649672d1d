package org.raftactors.core.message;

/**
 * A message between two replicas of one partition. Each carries the sender's term; sender and
 * receiver are named by the envelope. Delivery is neither reliable nor ordered nor unique, and
 * nothing here needs it to be.
 */
public sealed interface RaftMessage
    permits PreVoteRequest,
        PreVoteResponse,
        VoteRequest,
        VoteResponse,
        AppendRequest,
        AppendAccepted,
        AppendRejected,
        Heartbeat,
        HeartbeatAck,
        TimeoutNow,
        ReadIndexRequest,
        ReadIndexResponse,
        SnapshotRequest,
        StateDigest {

  /**
   * The term that the message speaks for. For pre-vote requests, and their grants, this is a term
   * that nobody is in yet.
   *
   * @return at least 0
   */
  long term();
}
