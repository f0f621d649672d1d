package org.raftactors.cluster.bootstrap;

import java.util.List;
import java.util.Optional;

/**
 * What a node says about its identity in each hello: only what is durable.
 *
 * @param from its id
 * @param store the id of its store
 * @param nodes its configured initial nodes, sorted
 * @param partitions its configured number of partitions
 * @param record the cluster that it belongs to, if it has a record
 * @param activated whether that cluster is active there
 * @param confirmed whether, since it started, a majority of nodes has shown it the same record
 * @param origin the id of the backup that was restored beside its store, empty if none was
 */
public record Greeting(
    String from,
    String store,
    List<String> nodes,
    int partitions,
    Optional<NodeRecord> record,
    boolean activated,
    boolean confirmed,
    String origin) {}
