package org.raftactors.cluster.router;

import java.util.function.Consumer;
import org.raftactors.cluster.NodeId;
import org.raftactors.cluster.internal.NodeSettings;

/**
 * What the actor of a node is made of.
 *
 * @param settings the checked settings
 * @param storeId the identity of its store
 * @param storePlace where that is, for messages
 * @param journal plugin id
 * @param snapshots plugin id
 * @param addresses where the others are
 * @param spawner makes replicas
 * @param restoration the backup that was restored beside the store, if any
 * @param board where it shows what others may see
 * @param giveWay called when the node should leave for the Pekko cluster of another one
 * @param quarantined called when another node takes nothing more from this process, for ever
 * @param epoch reading of the monotonic clock that counts as 0
 */
public record NodeSetup(
    NodeSettings settings,
    String storeId,
    String storePlace,
    String journal,
    String snapshots,
    Addresses addresses,
    PartitionSpawner spawner,
    Restoration restoration,
    NodeBoard board,
    Consumer<NodeId> giveWay,
    Consumer<NodeId> quarantined,
    long epoch) {}
