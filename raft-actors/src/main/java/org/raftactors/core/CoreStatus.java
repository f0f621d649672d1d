package org.raftactors.core;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.raftactors.core.log.LogPosition;
import org.raftactors.core.membership.Configuration;
import org.raftactors.core.membership.ReplicaId;
import org.raftactors.core.write.HardState;

/**
 * A look at a replica's protocol state.
 *
 * @param role what it does
 * @param hardState term and vote, as in memory
 * @param leader the leader of the term, null if unknown
 * @param leaderPublished whether that leader's first own entry was applied here (leader) or it was
 *     heard (follower)
 * @param commitIndex highest index known to be committed
 * @param appliedIndex highest index that the state machine has applied
 * @param durableIndex highest index that is durable here
 * @param last end of the log
 * @param base position that the log stands on
 * @param snapshotIndex what the newest snapshot here includes, 0 if none is known
 * @param installing whether the state machine has less than the base: a snapshot of another replica
 *     is being installed, or asked for since the state was lost
 * @param configuration members
 * @param caughtUp whether it has applied the commit index of the first leader that it heard after
 *     its start; one that lies before that leader's own term does not count, since no leader knows
 *     from the beginning what is committed
 * @param peers the leader's view of the others, empty if not leader
 */
public record CoreStatus(
    Role role,
    HardState hardState,
    @Nullable ReplicaId leader,
    boolean leaderPublished,
    long commitIndex,
    long appliedIndex,
    long durableIndex,
    LogPosition last,
    LogPosition base,
    long snapshotIndex,
    boolean installing,
    Configuration configuration,
    boolean caughtUp,
    List<Peer> peers) {

  /**
   * The leader's view of one follower.
   *
   * @param replica the follower
   * @param state PROBE, REPLICATE or SNAPSHOT
   * @param matchIndex highest index known to be durable there
   * @param nextIndex the next index to send
   * @param inflightBytes bytes sent but not acknowledged
   */
  public record Peer(
      ReplicaId replica, String state, long matchIndex, long nextIndex, long inflightBytes) {}
}
