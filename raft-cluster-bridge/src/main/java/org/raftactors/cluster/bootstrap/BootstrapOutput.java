package org.raftactors.cluster.bootstrap;

import java.util.Map;

/** What the bootstrap asks of the actor around it. */
public sealed interface BootstrapOutput {

  /**
   * Make this durable, then say so. Never two at a time.
   *
   * @param event to be appended to the record
   */
  record Persist(RecordEvent event) implements BootstrapOutput {}

  /** What the greeting says has changed: send it to all now instead of at the next interval. */
  record Announce() implements BootstrapOutput {}

  /**
   * Give the replicas of this node the snapshots of the backup, then call {@link
   * BootstrapProtocol#tookOver} or {@link BootstrapProtocol#notTakenOver}. What an attempt before
   * has left of that may be there.
   *
   * @param record the cluster
   */
  record TakeOver(NodeRecord record) implements BootstrapOutput {}

  /**
   * Start the partitions.
   *
   * @param record the cluster
   * @param positions where each partition begins, by its id; empty if all begin with nothing
   */
  record Start(NodeRecord record, Map<Long, RestoredAt> positions) implements BootstrapOutput {}

  /**
   * This node must not take part: stop.
   *
   * @param reason what is wrong and what to do
   */
  record Refuse(String reason) implements BootstrapOutput {}

  /**
   * Something is wrong at another node. Repeated with each of its hellos.
   *
   * @param node the other node
   * @param text what is wrong and what to do
   */
  record Warn(String node, String text) implements BootstrapOutput {}
}
