package org.raftactors.cluster.bootstrap;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.raftactors.cluster.internal.NodeMessage;

/**
 * What a node writes down about itself: two events in the life of its store, and a third one if its
 * cluster begins with a backup.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = RecordEvent.Prepared.class, name = "prepared"),
  @JsonSubTypes.Type(value = RecordEvent.Activated.class, name = "activated"),
  @JsonSubTypes.Type(value = RecordEvent.Restored.class, name = "restored")
})
public sealed interface RecordEvent extends NodeMessage {

  /** The version of these events for a cluster that begins with nothing. */
  int VERSION = 1;

  /**
   * The version for one that begins with a backup, and the latest that this program reads: a
   * program that knows nothing of backups would begin with nothing.
   */
  int WITH_ORIGIN = 2;

  /** The version of the format. */
  int version();

  /**
   * The node will belong to this cluster and to no other.
   *
   * @param version of the format
   * @param node this node's id
   * @param record the cluster
   */
  record Prepared(int version, String node, NodeRecord record) implements RecordEvent {}

  /**
   * Every node of the record has prepared it: voting may begin.
   *
   * @param version of the format
   * @param clusterId of the prepared record
   */
  record Activated(int version, String clusterId) implements RecordEvent {}

  /**
   * The snapshots of the backup are in the stores of this node's replicas, as those of this
   * cluster.
   *
   * @param version of the format
   * @param clusterId of the prepared record
   * @param positions where each partition begins, by its id
   */
  record Restored(int version, String clusterId, Map<Long, RestoredAt> positions)
      implements RecordEvent {

    /** Copies the positions, in the order of partition ids: the same bytes in every process. */
    public Restored {
      positions = Collections.unmodifiableMap(new TreeMap<>(Map.copyOf(positions)));
    }
  }
}
