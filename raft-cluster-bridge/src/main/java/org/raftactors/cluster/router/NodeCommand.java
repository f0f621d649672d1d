package org.raftactors.cluster.router;

import java.util.List;
import java.util.Map;
import org.apache.pekko.cluster.ClusterEvent;
import org.apache.pekko.remote.artery.ThisActorSystemQuarantinedEvent;
import org.raftactors.PartitionId;
import org.raftactors.PartitionStatus;
import org.raftactors.cluster.bootstrap.Greeting;
import org.raftactors.cluster.bootstrap.RecordEvent;
import org.raftactors.cluster.bootstrap.RestoredAt;
import org.raftactors.cluster.formation.Sight;
import org.raftactors.cluster.internal.NodeMessage;

/** What the actor of a node understands. */
public sealed interface NodeCommand {

  /** The version of hellos that this program speaks, and the only one that it understands. */
  int VERSION = 1;

  /**
   * What nodes tell each other, again and again: who they are, and what they see. Lost ones do no
   * harm.
   *
   * @param version of this message
   * @param to the node that is meant to be at the address
   * @param run a random number of this run of the sender
   * @param number counts the hellos of a run
   * @param answer whether it answers one, and wants no answer
   * @param greeting who the sender is
   * @param sight what it sees of the Pekko cluster
   */
  record Hello(
      int version, String to, long run, long number, boolean answer, Greeting greeting, Sight sight)
      implements NodeCommand, NodeMessage {}

  /**
   * The record of this node was read.
   *
   * @param events in order
   */
  record RecordLoaded(List<RecordEvent> events) implements NodeCommand {}

  /** An event of the record is durable. */
  record RecordWritten() implements NodeCommand {}

  /**
   * The backup was taken over, or not.
   *
   * @param positions where each partition begins, by its id
   * @param problem why it was not, empty if it was
   */
  record TookOver(Map<Long, RestoredAt> positions, String problem) implements NodeCommand {}

  /** Time for hellos. */
  record Tick() implements NodeCommand {}

  /** Somebody became reachable or unreachable. */
  record Reachability(ClusterEvent.ReachabilityEvent event) implements NodeCommand {}

  /** Somebody takes nothing more from this process. */
  record Quarantined(ThisActorSystemQuarantinedEvent event) implements NodeCommand {}

  /** How this node's replica of partition 1 is. */
  record FirstPartition(PartitionStatus status) implements NodeCommand {}

  /** It did not say. */
  record FirstPartitionSilent(String failure) implements NodeCommand {}

  /** The actor of a replica has stopped. */
  record PartitionGone(PartitionId partition) implements NodeCommand {}

  /** Stop the partitions, then this actor. */
  record Stop() implements NodeCommand {}
}
