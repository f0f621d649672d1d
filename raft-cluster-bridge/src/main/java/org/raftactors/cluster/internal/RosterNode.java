package org.raftactors.cluster.internal;

import org.raftactors.cluster.NodeId;

/**
 * One initial node.
 *
 * @param id its name
 * @param host where the others reach it
 * @param port the port of its remoting
 */
public record RosterNode(NodeId id, String host, int port) {

  @Override
  public String toString() {
    return id + "@" + host + ":" + port;
  }
}
