package org.raftactors.cluster.bootstrap;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import org.raftactors.cluster.internal.NodeMessage;

/** What a node writes down about itself: two events in the life of its store. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = RecordEvent.Prepared.class, name = "prepared"),
  @JsonSubTypes.Type(value = RecordEvent.Activated.class, name = "activated")
})
public sealed interface RecordEvent extends NodeMessage {

  /** The version of these events that this program writes, and the only one that it reads. */
  int VERSION = 1;

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
}
