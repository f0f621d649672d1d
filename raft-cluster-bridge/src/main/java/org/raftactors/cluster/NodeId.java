package org.raftactors.cluster;

import java.util.regex.Pattern;

/**
 * Names a node of a cluster. It stays with the node's data for good: it is not an address, and it
 * is never given to another node.
 *
 * @param value 1 to 64 letters, digits, underscores or hyphens
 */
public record NodeId(String value) implements Comparable<NodeId> {

  private static final Pattern FORM = Pattern.compile("[a-zA-Z0-9_-]{1,64}");

  /**
   * Checks the form.
   *
   * @param value 1 to 64 letters, digits, underscores or hyphens
   * @throws IllegalArgumentException naming the value, if it is of another form
   */
  public NodeId {
    if (!FORM.matcher(value).matches()) {
      throw new IllegalArgumentException(
          "node id '" + value + "' must be 1 to 64 letters, digits, underscores or hyphens");
    }
  }

  @Override
  public int compareTo(NodeId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
