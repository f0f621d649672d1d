package org.raftactors.cluster.internal;

import com.typesafe.config.Config;
import java.time.Duration;
import java.util.Set;
import org.raftactors.cluster.NodeId;
import org.raftactors.core.membership.ReplicaId;

/**
 * The checked settings of a node; {@code raft-actors.node} explains each.
 *
 * @param self this node
 * @param roster the initial nodes, this one among them
 * @param partitions how many partitions the cluster has
 * @param helloInterval between two hellos to each other node
 * @param handOverTimeout how long a stop may take to hand over leadership
 * @param describeTimeout how long a replica may take to say how it is
 * @param formCluster whether the node joins or forms a Pekko cluster by itself
 * @param splitGrace how long two Pekko clusters may exist side by side until one gives way
 * @param client of clients on this node
 */
public record NodeSettings(
    NodeId self,
    Roster roster,
    int partitions,
    Duration helloInterval,
    Duration handOverTimeout,
    Duration describeTimeout,
    boolean formCluster,
    Duration splitGrace,
    ClientSettings client) {

  private static final String PATH = "raft-actors.node";

  /** Configuration path of the dispatcher that partitions run on; Pekko reads what is there. */
  public static final String DISPATCHER = PATH + ".dispatcher";

  /**
   * Reads and checks the settings.
   *
   * @param config the actor system's configuration
   * @throws IllegalArgumentException naming the key, the value and the rule
   */
  public static NodeSettings read(Config config) {
    ConfigReader reader = new ConfigReader(config, PATH);
    reader.allowOnly(
        Set.of(
            "node-id",
            "initial-nodes",
            "partitions",
            "hello-interval",
            "hand-over-timeout",
            "describe-timeout",
            "form-cluster",
            "split-grace",
            "dispatcher",
            "journal",
            "snapshot",
            "client"));
    NodeId self;
    try {
      self = new NodeId(reader.text("node-id"));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(reader.key("node-id") + ": " + e.getMessage(), e);
    }
    Roster roster = Roster.parse(reader.key("initial-nodes"), reader.texts("initial-nodes"));
    if (roster.node(self).isEmpty()) {
      throw new IllegalArgumentException(
          reader.key("node-id")
              + " = "
              + self
              + " must be one of "
              + reader.key("initial-nodes")
              + " = "
              + roster);
    }
    Duration tenMillis = Duration.ofMillis(10);
    Duration minute = Duration.ofMinutes(1);
    return new NodeSettings(
        self,
        roster,
        reader.number("partitions", 1, 100_000),
        reader.duration("hello-interval", tenMillis, minute),
        reader.duration("hand-over-timeout", tenMillis, minute),
        reader.duration("describe-timeout", tenMillis, minute),
        reader.flag("form-cluster"),
        reader.duration("split-grace", tenMillis, Duration.ofHours(1)),
        ClientSettings.read(config));
  }

  /** This node in the roster. */
  public RosterNode selfNode() {
    return roster.node(self).orElseThrow();
  }

  /** The id of this node's replicas. */
  public ReplicaId selfReplica() {
    return roster.replicaOf(self).orElseThrow();
  }
}
