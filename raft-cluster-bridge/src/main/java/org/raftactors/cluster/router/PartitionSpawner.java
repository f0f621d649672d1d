package org.raftactors.cluster.router;

import java.util.Map;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.raftactors.RaftPartition;
import org.raftactors.ReplicaSpec;
import org.raftactors.core.membership.ReplicaId;

/** Makes the replicas of the application. */
@FunctionalInterface
public interface PartitionSpawner {

  /**
   * Makes a replica.
   *
   * @param spec which
   * @param peers the others
   */
  Behavior<RaftPartition.Command> create(
      ReplicaSpec spec, Map<ReplicaId, ActorRef<RaftPartition.Command>> peers);
}
