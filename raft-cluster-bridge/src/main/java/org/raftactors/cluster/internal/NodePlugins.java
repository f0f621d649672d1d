package org.raftactors.cluster.internal;

/** The configuration paths of the plugins that a node's partitions write with. */
public final class NodePlugins {

  /** The journal. */
  public static final String JOURNAL = "raft-actors.node.journal";

  /** The snapshot store, for the position of the log; not the state machines' snapshots. */
  public static final String SNAPSHOT = "raft-actors.node.snapshot";

  private NodePlugins() {}
}
