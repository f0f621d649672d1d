package org.raftactors.cluster.bootstrap;

import java.util.Map;
import java.util.Set;

/** The words for what can be wrong: what was found, what was expected, where, and what to do. */
final class Texts {

  private Texts() {}

  static String version(NodeIdentity own, RecordEvent event) {
    return "the record of node %s in %s has format version %d, but this program reads versions %d to %d: use the program that wrote it or a later one"
        .formatted(
            own.node(), own.place(), event.version(), RecordEvent.VERSION, RecordEvent.WITH_ORIGIN);
  }

  /** What is wrong with the record in the own store, or an empty text. */
  static String recordProblem(NodeIdentity own, RecordEvent.Prepared prepared) {
    NodeRecord record = prepared.record();
    if (!prepared.node().equals(own.node())) {
      return "raft-actors.node.node-id is %s, but the data in %s (store %s) is that of node %s of cluster %s: start node %s with its own data directory"
          .formatted(
              own.node(),
              own.place(),
              own.store(),
              prepared.node(),
              record.clusterId(),
              own.node());
    }
    if (!own.store().equals(record.stores().get(own.node()))) {
      return "the store in %s has the id %s, but its record says that node %s of cluster %s has store %s: the directory holds a mixture of stores; restore the original one"
          .formatted(
              own.place(),
              own.store(),
              own.node(),
              record.clusterId(),
              record.stores().get(own.node()));
    }
    if (!record.stores().keySet().equals(Set.copyOf(own.nodes()))) {
      return "raft-actors.node.initial-nodes names %s, but cluster %s, whose data is in %s, was created with %s: the list must stay as it was"
          .formatted(own.nodes(), record.clusterId(), own.place(), record.stores().keySet());
    }
    if (record.partitions() != own.partitions()) {
      return "raft-actors.node.partitions is %d, but cluster %s, whose data is in %s, was created with %d: the number must stay as it was"
          .formatted(own.partitions(), record.clusterId(), own.place(), record.partitions());
    }
    return "";
  }

  /** What is wrong with the backup beside the store, or its absence; or an empty text. */
  static String originProblem(NodeIdentity own, NodeRecord record, boolean takenOver) {
    if (!own.origin().isEmpty() && !own.origin().equals(record.origin())) {
      return "%s holds the data of node %s of cluster %s, and beside it is the restored backup %s, which that cluster did not begin with: a backup is restored into empty directories only. Remove the backup, or give the node an empty data directory"
          .formatted(own.place(), own.node(), record.clusterId(), own.origin());
    }
    if (!record.origin().isEmpty() && !takenOver && own.origin().isEmpty()) {
      return "cluster %s begins with backup %s, but node %s has not taken it over, and there is no restored backup beside %s any more: copy that file to the directory that ends with -restored, beside the store, under the name backup, and leave the store as it is"
          .formatted(record.clusterId(), record.origin(), own.node(), own.place());
    }
    return "";
  }

  static String partlyRestored(NodeIdentity own, Greeting greeting) {
    return "node %s %s, but node %s %s: the new cluster would begin without what some of its nodes were given. Restore the same backup for every initial node, or for none, before the first start of any of them"
        .formatted(
            greeting.from(),
            restored(greeting.origin()),
            own.node(),
            restored(own.origin()) + " beside " + own.place());
  }

  static String otherOrigin(NodeIdentity own, Greeting greeting, NodeRecord shown) {
    return "node %s belongs to cluster %s, which %s, but node %s %s beside %s: restore the backup that the cluster begins with, into an empty data directory"
        .formatted(
            greeting.from(),
            shown.clusterId(),
            shown.origin().isEmpty()
                ? "begins with nothing"
                : "begins with backup " + shown.origin(),
            own.node(),
            restored(own.origin()),
            own.place());
  }

  private static String restored(String origin) {
    return origin.isEmpty() ? "has no restored backup" : "has the restored backup " + origin;
  }

  static String stranger(NodeIdentity own, Greeting greeting) {
    return "a node that calls itself %s said hello to %s, but raft-actors.node.initial-nodes here names %s"
        .formatted(greeting.from(), own.node(), own.nodes());
  }

  static String otherSetup(NodeIdentity own, Greeting greeting) {
    return "node %s is configured with the initial nodes %s and %d partitions, node %s with %s and %d: raft-actors.node.initial-nodes and raft-actors.node.partitions must be the same everywhere before the cluster can be created"
        .formatted(
            greeting.from(),
            greeting.nodes(),
            greeting.partitions(),
            own.node(),
            own.nodes(),
            own.partitions());
  }

  static String otherRecordSetup(NodeIdentity own, Greeting greeting, NodeRecord shown) {
    return "node %s is configured with the initial nodes %s and %d partitions, but node %s belongs to cluster %s of %s with %d: correct raft-actors.node.initial-nodes and raft-actors.node.partitions"
        .formatted(
            own.node(),
            own.nodes(),
            own.partitions(),
            greeting.from(),
            shown.clusterId(),
            shown.stores().keySet(),
            shown.partitions());
  }

  static String unknownStore(NodeIdentity own, Greeting greeting, NodeRecord shown) {
    return "node %s has an empty store (%s in %s), but node %s says that node %s of cluster %s has store %s. Its data was lost, or the directory is not the right one: voting without the data could lose acknowledged writes, so the node does not start. Give it the directory that holds store %s; a node whose data is gone for good must not come back under this node id"
        .formatted(
            own.node(),
            own.store(),
            own.place(),
            greeting.from(),
            own.node(),
            shown.clusterId(),
            shown.stores().get(own.node()),
            shown.stores().get(own.node()));
  }

  static String lostRecord(NodeIdentity own, Greeting greeting, NodeRecord shown) {
    return "the store of node %s (%s in %s) holds no record, but node %s says that it wrote down cluster %s before that became active: the store has lost data, so the node does not start. Restore the directory as it was last"
        .formatted(own.node(), own.store(), own.place(), greeting.from(), shown.clusterId());
  }

  static String otherCluster(
      NodeIdentity own, NodeRecord record, Greeting greeting, NodeRecord shown) {
    return "node %s (store %s in %s) belongs to cluster %s, but node %s belongs to cluster %s: the data directory is that of another cluster, or raft-actors.node.initial-nodes leads to one. Correct the one that is wrong"
        .formatted(
            own.node(),
            own.store(),
            own.place(),
            record.clusterId(),
            greeting.from(),
            shown.clusterId());
  }

  static String otherClusterThere(
      NodeIdentity own, NodeRecord record, Greeting greeting, NodeRecord shown) {
    return "node %s belongs to cluster %s, node %s to cluster %s: they ignore each other. The data directory of one of them is that of another cluster, or raft-actors.node.initial-nodes leads to one"
        .formatted(greeting.from(), shown.clusterId(), own.node(), record.clusterId());
  }

  static String refusedStore(NodeIdentity own, Greeting greeting, NodeRecord record) {
    return "node %s came with store %s, but node %s knows it by store %s (cluster %s): it is refused until it comes with its own data"
        .formatted(
            greeting.from(),
            greeting.store(),
            own.node(),
            record.stores().get(greeting.from()),
            record.clusterId());
  }

  static String sharedStore(NodeIdentity own, Map<String, String> stores) {
    return "two initial nodes have the same store, so one directory is a copy of the other's: %s. Empty the data directories of all initial nodes and start again (seen by %s)"
        .formatted(stores, own.node());
  }
}
