package org.raftactors.cluster.internal;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.raftactors.cluster.NodeId;
import org.raftactors.core.membership.ReplicaId;

/**
 * The initial nodes in the order of their ids. A node's replicas have its place in this order as
 * their replica id, counted from 1: the same on every node, whatever the order in the
 * configuration.
 */
public final class Roster {

  private final List<RosterNode> nodes;

  private Roster(List<RosterNode> nodes) {
    this.nodes = nodes;
  }

  /**
   * Reads and checks a list of nodes.
   *
   * @param key the configuration key, for error messages
   * @param entries of the form node-id@host:port
   */
  public static Roster parse(String key, List<String> entries) {
    if (entries.isEmpty()) {
      throw new IllegalArgumentException(
          key + " = [] must name all initial nodes of the cluster, each as node-id@host:port");
    }
    List<RosterNode> nodes = new ArrayList<>();
    Set<NodeId> ids = new HashSet<>();
    Set<String> places = new HashSet<>();
    for (String entry : entries) {
      RosterNode node = parse(key, entry);
      if (!ids.add(node.id())) {
        throw broken(key, entry, "a node id must not occur twice");
      }
      if (!places.add(node.host() + ":" + node.port())) {
        throw broken(key, entry, "an address must not occur twice");
      }
      nodes.add(node);
    }
    nodes.sort(Comparator.comparing(RosterNode::id));
    return new Roster(List.copyOf(nodes));
  }

  private static RosterNode parse(String key, String entry) {
    int at = entry.indexOf('@');
    int colon = entry.lastIndexOf(':');
    if (at < 1 || colon < at + 2) {
      throw broken(key, entry, "the form is node-id@host:port");
    }
    int port;
    try {
      port = Integer.parseInt(entry.substring(colon + 1));
    } catch (NumberFormatException e) {
      throw broken(key, entry, "the port must be a number");
    }
    if (port < 1 || port > 65535) {
      throw broken(key, entry, "the port must be from 1 to 65535");
    }
    try {
      return new RosterNode(
          new NodeId(entry.substring(0, at)), entry.substring(at + 1, colon), port);
    } catch (IllegalArgumentException e) {
      throw broken(key, entry, String.valueOf(e.getMessage()));
    }
  }

  private static IllegalArgumentException broken(String key, String entry, String rule) {
    return new IllegalArgumentException(key + " holds '" + entry + "': " + rule);
  }

  /** All nodes, by id. */
  public List<RosterNode> nodes() {
    return nodes;
  }

  /** The ids of all nodes, sorted. */
  public List<String> ids() {
    return nodes.stream().map(node -> node.id().value()).toList();
  }

  /** The replica ids of all nodes, in order. */
  public List<ReplicaId> replicas() {
    return nodes.stream().map(node -> replicaOf(node.id()).orElseThrow()).toList();
  }

  /** The nodes apart from one. */
  public List<RosterNode> othersThan(NodeId id) {
    return nodes.stream().filter(node -> !node.id().equals(id)).toList();
  }

  /** A node by its id. */
  public Optional<RosterNode> node(NodeId id) {
    return nodes.stream().filter(node -> node.id().equals(id)).findFirst();
  }

  /** The replica id of a node's replicas; empty for a node that is not listed. */
  public Optional<ReplicaId> replicaOf(NodeId id) {
    for (int i = 0; i < nodes.size(); i++) {
      if (nodes.get(i).id().equals(id)) {
        return Optional.of(new ReplicaId(i + 1L));
      }
    }
    return Optional.empty();
  }

  /** The node that holds the replicas of an id; empty for an id beyond the list. */
  public Optional<RosterNode> nodeOf(ReplicaId replica) {
    return replica.value() <= nodes.size()
        ? Optional.of(nodes.get((int) replica.value() - 1))
        : Optional.empty();
  }

  /** How many nodes are a majority. */
  public int majority() {
    return nodes.size() / 2 + 1;
  }

  @Override
  public String toString() {
    return nodes.toString();
  }
}
