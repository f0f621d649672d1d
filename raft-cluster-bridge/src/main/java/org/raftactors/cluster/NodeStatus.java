package org.raftactors.cluster;

/**
 * What the Pekko cluster says of a node. Advice only: it decides about no quorum, and partitions
 * elect and serve without it.
 *
 * @param node the node
 * @param host where the others reach it
 * @param port the port of its remoting
 * @param member whether it is a member of this node's Pekko cluster
 * @param reachable whether it is a member that is reachable, as far as this node knows
 */
public record NodeStatus(NodeId node, String host, int port, boolean member, boolean reachable) {}
