package org.raftactors;

import java.util.List;
import java.util.Optional;
import org.raftactors.codec.CborMessage;
import org.raftactors.core.Role;
import org.raftactors.core.membership.ReplicaId;

/**
 * A look at one replica.
 *
 * @param partition the partition
 * @param replica the replica
 * @param state whether it serves
 * @param detail why it does not serve, empty if it does
 * @param role what it does in the protocol
 * @param term its current term
 * @param leader the leader of that term, if known
 * @param leaderPublished whether the leader's term has begun to serve, as far as this replica knows
 * @param commitIndex highest log index known to be committed
 * @param appliedIndex highest log index that the state machine has applied
 * @param durableIndex highest log index that is durable at this replica
 * @param lastIndex end of its log
 * @param snapshots what it has of snapshots
 * @param voters replicas that count in quorums
 * @param learners replicas that only receive
 * @param caughtUp whether it has applied the commit index of the first leader that it heard after
 *     its start; one that lies before that leader's own term does not count, since no leader knows
 *     from the beginning what is committed
 * @param peers the leader's view of the other replicas, empty if it does not lead
 */
public record PartitionStatus(
    PartitionId partition,
    ReplicaId replica,
    State state,
    String detail,
    Role role,
    long term,
    Optional<ReplicaId> leader,
    boolean leaderPublished,
    long commitIndex,
    long appliedIndex,
    long durableIndex,
    long lastIndex,
    Snapshots snapshots,
    List<ReplicaId> voters,
    List<ReplicaId> learners,
    boolean caughtUp,
    List<Peer> peers)
    implements CborMessage {

  /** Whether a replica serves. */
  public enum State {
    /** It reads its log. */
    RESTORING,
    /** It takes part. */
    RUNNING,
    /** It crashed and will be started again after a back-off. */
    RESTARTING,
    /**
     * It stopped for good: an invariant was violated, the state machine failed, or the journal is
     * damaged. Its files are kept.
     */
    FAILED
  }

  /**
   * What a replica has of snapshots, and what it is getting.
   *
   * @param baseIndex highest log index that is no longer in the log, since a snapshot replaces it
   * @param newestIndex the log index that the newest snapshot includes, 0 if there is none
   * @param installing whether the state machine has less than that base: it gets a snapshot
   * @param receivedBytes how much of a snapshot has come, 0 if none is coming
   * @param receivingBytes the size of that snapshot
   */
  public record Snapshots(
      long baseIndex,
      long newestIndex,
      boolean installing,
      long receivedBytes,
      long receivingBytes) {

    /** Of a replica that does not run. */
    public static final Snapshots UNKNOWN = new Snapshots(0, 0, false, 0, 0);
  }

  /**
   * The leader's view of one follower.
   *
   * @param replica the follower
   * @param state PROBE, REPLICATE or SNAPSHOT
   * @param matchIndex highest log index known to be durable there
   * @param inflightBytes bytes sent but not acknowledged
   */
  public record Peer(ReplicaId replica, String state, long matchIndex, long inflightBytes) {}
}
