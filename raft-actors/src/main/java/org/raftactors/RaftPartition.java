package org.raftactors;

import java.util.Map;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Props;
import org.raftactors.actor.PartitionParent;
import org.raftactors.actor.ReplicaBlueprint;
import org.raftactors.actor.Surroundings;
import org.raftactors.actor.UndeliveredRequests;
import org.raftactors.core.membership.ReplicaId;

/**
 * One replica of a partition as an actor. Its reference stays the same when the replica crashes and
 * is started again, so peers and clients may keep it for as long as the actor system lives.
 *
 * <p>A replica that crashes, because its journal failed or did not answer, is started again after a
 * back-off, from what is durable. One whose state machine throws, whose journal is damaged, or that
 * finds a state that must never be, stays stopped for as long as the actor system lives, keeps its
 * files, and says so in {@link PartitionStatus} and in the log. Damage is found when a record is
 * read: at a start, or when entries that are not in memory any more are read back.
 */
public final class RaftPartition {

  private RaftPartition() {}

  /**
   * What a replica understands: {@link Propose}, {@link ProposeBatch}, {@link Read}, {@link
   * Describe}, {@link TransferLeadership}, {@link TakeSnapshot}, {@link ReadLog}, {@link Connect},
   * and messages of its own. Not meant to be implemented by applications.
   */
  public interface Command {}

  /**
   * The behavior of one replica. Never run two at a time with the same {@link
   * ReplicaSpec#persistenceId()}, in all of the cluster.
   *
   * @param settings of the partition
   * @param spec which replica it is
   * @param codecs of commands, queries and results
   * @param factory makes the state machine
   * @param logStore the storage behind the journal; at the least it must tell damage
   * @param peers the other replicas as far as they are known; more by {@link Connect}
   * @param <C> commands
   * @param <Q> queries
   * @param <R> results
   * @return the behavior, to be spawned under any name on any dispatcher
   */
  public static <C, Q, R> Behavior<Command> create(
      PartitionSettings settings,
      ReplicaSpec spec,
      Codecs<C, Q, R> codecs,
      StateMachineFactory<C, Q, R> factory,
      LogStore logStore,
      Map<ReplicaId, ActorRef<Command>> peers) {
    ReplicaBlueprint<C, Q, R> blueprint =
        new ReplicaBlueprint<>(
            settings, spec, codecs, factory, logStore, Surroundings.ofProduction());
    return PartitionParent.create(blueprint, peers);
  }

  /**
   * Makes an actor system refuse the requests that come to it for replicas which have stopped, or
   * were not started yet: they did not happen. Without this, their senders would wait until their
   * deadlines for an unknown outcome. To be called once, before the first replica is started.
   *
   * @param system the actor system
   * @param settings of its partitions
   */
  public static void refuseUndelivered(ActorSystem<?> system, PartitionSettings settings) {
    system.systemActorOf(UndeliveredRequests.create(settings), "raft-undelivered", Props.empty());
  }
}
