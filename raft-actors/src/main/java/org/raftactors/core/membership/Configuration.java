package org.raftactors.core.membership;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * The members of a partition: voters count for elections, commits and read confirmations; learners
 * only receive.
 *
 * @param voters in ascending order, none of them a learner
 * @param learners in ascending order
 */
public record Configuration(List<ReplicaId> voters, List<ReplicaId> learners) {

  /**
   * Sorts the members and refuses a replica that is named twice.
   *
   * @param voters in any order
   * @param learners in any order
   */
  public Configuration {
    voters = List.copyOf(new TreeSet<>(voters));
    learners = List.copyOf(new TreeSet<>(learners));
    for (ReplicaId learner : learners) {
      if (voters.contains(learner)) {
        throw new IllegalArgumentException("replica " + learner + " is voter and learner");
      }
    }
  }

  /**
   * A configuration without learners.
   *
   * @param voters the voters
   * @return the configuration
   */
  public static Configuration ofVoters(List<ReplicaId> voters) {
    return new Configuration(voters, List.of());
  }

  /**
   * Whether the replica counts in a quorum.
   *
   * @param replica any replica
   * @return true for a voter
   */
  public boolean isVoter(ReplicaId replica) {
    return voters.contains(replica);
  }

  /**
   * All voters and learners.
   *
   * @return the members in ascending order
   */
  public List<ReplicaId> members() {
    List<ReplicaId> all = new ArrayList<>(voters);
    all.addAll(learners);
    all.sort(null);
    return all;
  }
}
