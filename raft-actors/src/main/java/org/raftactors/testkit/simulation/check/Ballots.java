package org.raftactors.testkit.simulation.check;

import org.raftactors.core.membership.Configuration;
import org.raftactors.core.membership.ReplicaId;

/**
 * Who led each term, and for whom each replica voted in it, durably or by a message that left: one
 * vote each, and a majority of them before anybody leads.
 */
final class Ballots {

  private final Configuration configuration;
  private final Terms leaders = new Terms();
  private final Terms[] votes;

  /** Whose votes each replica has heard, one bit for each voter. */
  private final Terms[] grants;

  Ballots(Configuration configuration) {
    this.configuration = configuration;
    this.votes = new Terms[configuration.members().size()];
    this.grants = new Terms[votes.length];
    for (int i = 0; i < votes.length; i++) {
      votes[i] = new Terms();
      grants[i] = new Terms();
    }
  }

  void leads(ReplicaId leader, long term) {
    long before = leaders.get(term);
    if (before != 0 && before != leader.value()) {
      throw new Violation(
          Property.ELECTION_SAFETY, "r" + before + " and " + leader + " lead term " + term);
    }
    leaders.set(term, leader.value());
  }

  void checkElected(ReplicaId leader, long term) {
    int granted = 0;
    for (ReplicaId voter : configuration.voters()) {
      int number = (int) voter.value() - 1;
      boolean heard = (grants[(int) leader.value() - 1].get(term) & 1L << number) != 0;
      boolean voted = votes[number].get(term) == leader.value();
      if (voted && (heard || voter.equals(leader))) {
        granted++;
      }
    }
    if (2 * granted <= configuration.voters().size()) {
      throw new Violation(
          Property.ELECTED_BY_QUORUM,
          leader
              + " leads term "
              + term
              + ", but "
              + granted
              + " of "
              + configuration.voters().size()
              + " voters have voted for it durably and told it so");
    }
  }

  /** A granted vote has arrived. */
  void hears(ReplicaView candidate, ReplicaView voter, long term) {
    Terms heard = grants[candidate.index()];
    heard.set(term, heard.get(term) | 1L << voter.index());
  }

  /** The number of the replica that led a term, 0 if none is known. */
  long leaderOf(long term) {
    return leaders.get(term);
  }

  void votes(ReplicaView voter, ReplicaId candidate, long term) {
    Terms own = votes[voter.index()];
    long before = own.get(term);
    if (before != 0 && before != candidate.value()) {
      throw new Violation(
          Property.ONE_VOTE_PER_TERM,
          voter.id() + " votes for r" + before + " and for " + candidate + " in term " + term);
    }
    own.set(term, candidate.value());
  }
}
