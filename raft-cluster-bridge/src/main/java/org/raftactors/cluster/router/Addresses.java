package org.raftactors.cluster.router;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorRefResolver;
import org.apache.pekko.actor.typed.ActorSystem;
import org.raftactors.PartitionId;
import org.raftactors.RaftPartition;
import org.raftactors.cluster.internal.RosterNode;

/**
 * Where the actors of nodes and partitions are: at fixed paths below the addresses of the roster.
 * No registry has to be asked, and none can be wrong. All nodes' actor systems have the same name.
 */
public final class Addresses {

  /** The name of a node's actor below {@code /system}. */
  public static final String NODE = "raft-node";

  private final ActorSystem<?> system;
  private final Map<String, ActorRef<RaftPartition.Command>> replicas = new ConcurrentHashMap<>();

  /** Resolves for this system. */
  public Addresses(ActorSystem<?> system) {
    this.system = system;
  }

  /** The address of a node's actor system. */
  public Address of(RosterNode node) {
    return new Address(system.address().protocol(), system.name(), node.host(), node.port());
  }

  /** The actor of a node. */
  public ActorRef<NodeCommand> actor(RosterNode node) {
    return ActorRefResolver.get(system).resolveActorRef(of(node) + "/system/" + NODE);
  }

  /** The replica of a partition on another node. */
  public ActorRef<RaftPartition.Command> replica(RosterNode node, PartitionId partition) {
    return replicas.computeIfAbsent(
        of(node) + "/system/" + NODE + "/" + name(partition),
        path -> ActorRefResolver.get(system).resolveActorRef(path));
  }

  /** The name of a partition's actor below that of the node. */
  static String name(PartitionId partition) {
    return "p-" + partition.value();
  }
}
