package org.raftactors.cluster;

import java.util.List;
import org.raftactors.PartitionId;

/**
 * A node takes part in its cluster.
 *
 * @param node the node
 * @param clusterId the cluster, minted when it was created
 * @param partitions the partitions of which the node holds a replica
 */
public record Started(NodeId node, String clusterId, List<PartitionId> partitions) {}
