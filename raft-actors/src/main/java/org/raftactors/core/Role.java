package org.raftactors.core;

/** What a replica is doing (Raft figure 4, with the pre-candidate of thesis 9.6). */
public enum Role {
  /** Follows a leader or waits for one. */
  FOLLOWER,
  /** Asks whether an election could succeed, without changing any term. */
  PRE_CANDIDATE,
  /** Asks for votes in a term of its own. */
  CANDIDATE,
  /** Was elected. */
  LEADER
}
