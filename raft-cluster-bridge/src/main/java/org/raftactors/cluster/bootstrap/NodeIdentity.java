package org.raftactors.cluster.bootstrap;

import java.util.List;

/**
 * A node as it is configured, with the store that it was given.
 *
 * @param node its id
 * @param nodes the ids of all initial nodes, sorted, this one among them
 * @param partitions how many partitions the cluster has
 * @param store the id of its store
 * @param place where that store is, for error messages
 * @param origin the id of the backup that was restored beside the store and has not been taken over
 *     yet, or not removed since; empty if there is none
 * @param originProblem why that backup cannot be read, which is no matter if it has been taken
 *     over; empty if it can, or if there is none
 */
public record NodeIdentity(
    String node,
    List<String> nodes,
    int partitions,
    String store,
    String place,
    String origin,
    String originProblem) {

  boolean isCoordinator() {
    return nodes.get(0).equals(node);
  }
}
