package org.raftactors.testkit.simulation.check;

import java.util.Arrays;
import org.raftactors.core.membership.ReplicaId;

/** Who led each term, and for whom each replica voted in it, durably or by a message that left. */
final class Ballots {

  private long[] leaders = new long[64];
  private final long[][] votes;

  Ballots(int replicas) {
    votes = new long[replicas][64];
  }

  void leads(ReplicaId leader, long term) {
    leaders = grown(leaders, term);
    long before = leaders[(int) term];
    if (before != 0 && before != leader.value()) {
      throw new Violation(
          Property.ELECTION_SAFETY, "r" + before + " and " + leader + " lead term " + term);
    }
    leaders[(int) term] = leader.value();
  }

  /** The number of the replica that led a term, 0 if none is known. */
  long leaderOf(long term) {
    return term < leaders.length ? leaders[(int) term] : 0;
  }

  void votes(ReplicaView voter, ReplicaId candidate, long term) {
    long[] own = grown(votes[voter.index()], term);
    votes[voter.index()] = own;
    long before = own[(int) term];
    if (before != 0 && before != candidate.value()) {
      throw new Violation(
          Property.ONE_VOTE_PER_TERM,
          voter.id() + " votes for r" + before + " and for " + candidate + " in term " + term);
    }
    own[(int) term] = candidate.value();
  }

  private static long[] grown(long[] array, long term) {
    return term < array.length
        ? array
        : Arrays.copyOf(array, Math.max((int) term + 1, array.length * 2));
  }
}
