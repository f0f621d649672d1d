package org.raftactors.cluster.formation;

import java.util.List;

/**
 * What a node sees of its Pekko cluster, told in each hello.
 *
 * @param standing whether it is in one
 * @param incarnation its address and the uid of this run
 * @param members address and uid of the members that it knows, itself included; empty if in none
 * @param leads the term in which it leads partition 1 and serves; 0 if it does not
 */
public record Sight(Standing standing, String incarnation, List<String> members, long leads) {

  /** Whether a node is in a Pekko cluster. */
  public enum Standing {
    /** In none; it may be trying to join one. */
    NONE,
    /** In one. */
    MEMBER,
    /** It was in one and is on its way out, or out: this run will never be in one again. */
    LEFT
  }

  /** Copies the members. */
  public Sight {
    members = List.copyOf(members);
  }
}
