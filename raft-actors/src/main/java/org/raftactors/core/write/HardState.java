package org.raftactors.core.write;

import org.jspecify.annotations.Nullable;
import org.raftactors.core.membership.ReplicaId;

/**
 * What a replica must never forget (Raft figure 2): its term and the vote that it gave in that
 * term, always written together.
 *
 * @param term the current term, 0 before the first election
 * @param votedFor whom it voted for in that term, null if for nobody
 */
public record HardState(long term, @Nullable ReplicaId votedFor) {

  /** Of a replica that has never taken part. */
  public static final HardState INITIAL = new HardState(0, null);
}
