package org.raftactors.cluster.bootstrap;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * What makes the initial nodes one cluster. Minted once, the same on every node, never changed.
 *
 * @param clusterId random
 * @param partitions how many partitions the keys are spread over
 * @param stores the id of each initial node's store, by node id
 * @param origin the id of the backup that the cluster begins with, empty if it begins with nothing
 */
public record NodeRecord(
    String clusterId, int partitions, Map<String, String> stores, String origin) {

  /** Copies the stores, in the order of node ids. */
  public NodeRecord {
    stores = Collections.unmodifiableMap(new TreeMap<>(stores));
  }
}
