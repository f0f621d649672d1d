package org.raftactors.testkit.simulation.check;

import java.util.List;
import org.raftactors.core.log.LogPosition;
import org.raftactors.core.membership.Configuration;
import org.raftactors.core.membership.ReplicaId;
import org.raftactors.core.message.PreVoteRequest;
import org.raftactors.core.message.TimeoutNow;
import org.raftactors.core.message.VoteRequest;

/**
 * How terms begin: who is a voter campaigns, with the pre-votes of a majority or at the word of its
 * leader, and gets votes and pre-votes only from replicas whose log is not ahead of its own.
 */
final class Candidacies {

  /** What one replica asked for and got, by the term that it wants to lead. */
  private static final class Candidacy {
    /** The furthest end of its log that it showed. */
    final Terms shownIndex = new Terms();

    final Terms shownTerm = new Terms();

    /** Whose pre-votes it has heard, one bit for each voter. */
    final Terms preVotes = new Terms();

    /** Whether the leader of a term has told it to campaign. */
    final Terms told = new Terms();

    void shows(long term, LogPosition last) {
      boolean further =
          last.term() != shownTerm.get(term)
              ? last.term() > shownTerm.get(term)
              : last.index() > shownIndex.get(term);
      if (further) {
        shownIndex.set(term, last.index());
        shownTerm.set(term, last.term());
      }
    }
  }

  private final Configuration configuration;
  private final Candidacy[] candidacies;

  /** The highest term for which anybody has campaigned. */
  private long highest;

  Candidacies(Configuration configuration, List<? extends ReplicaView> replicas) {
    this.configuration = configuration;
    this.candidacies = new Candidacy[replicas.size()];
    for (int i = 0; i < candidacies.length; i++) {
      candidacies[i] = new Candidacy();
    }
  }

  private Candidacy of(ReplicaId replica) {
    return candidacies[(int) replica.value() - 1];
  }

  void asks(ReplicaView sender, PreVoteRequest request) {
    requireVoter(sender.id(), request.term());
    of(sender.id()).shows(request.term(), request.last());
  }

  void grants(ReplicaView sender, ReplicaId to, long term) {
    requireNotAhead(sender, to, term);
  }

  /** A pre-vote has arrived. */
  void hears(ReplicaView candidate, ReplicaView voter, long term) {
    if (configuration.isVoter(voter.id())) {
      Terms granted = of(candidate.id()).preVotes;
      granted.set(term, granted.get(term) | 1L << voter.index());
    }
  }

  void tells(ReplicaId to, TimeoutNow message) {
    of(to).told.set(message.term(), 1);
  }

  void asks(ReplicaView sender, VoteRequest request) {
    Candidacy own = of(sender.id());
    own.shows(request.term(), request.last());
    long granted = own.preVotes.get(request.term()) | 1L << sender.index();
    boolean may =
        request.leadershipTransfer()
            ? own.told.get(request.term() - 1) == 1
            : 2 * Long.bitCount(granted) > configuration.voters().size();
    if (!may) {
      throw new Violation(
          Property.MANDATE_TO_CAMPAIGN,
          sender.id()
              + " sends "
              + request
              + (request.leadershipTransfer()
                  ? ", but its leader has not told it to"
                  : ", with pre-votes of " + Long.bitCount(granted) + " voters, its own included"));
    }
  }

  /** A replica has entered a term. */
  void entered(ReplicaView replica, long term, boolean votesForItself) {
    if (votesForItself) {
      requireVoter(replica.id(), term);
      highest = Math.max(highest, term);
    } else if (term > highest) {
      throw new Violation(
          Property.MANDATE_TO_CAMPAIGN,
          replica.id() + " enters term " + term + ", for which nobody has campaigned");
    }
  }

  /** A replica has decided to vote for another one. */
  void votes(ReplicaView voter, ReplicaId candidate, long term) {
    requireNotAhead(voter, candidate, term);
  }

  private void requireVoter(ReplicaId replica, long term) {
    if (!configuration.isVoter(replica)) {
      throw new Violation(
          Property.MANDATE_TO_CAMPAIGN, replica + " is no voter and wants to lead term " + term);
    }
  }

  private void requireNotAhead(ReplicaView voter, ReplicaId candidate, long term) {
    long shownTerm = of(candidate).shownTerm.get(term);
    long shownIndex = of(candidate).shownIndex.get(term);
    LogPosition last = voter.log().last();
    boolean ahead = last.term() != shownTerm ? last.term() > shownTerm : last.index() > shownIndex;
    if (ahead) {
      throw new Violation(
          Property.ELECTION_RESTRICTION,
          voter.id()
              + ", whose log ends at "
              + last
              + ", helps "
              + candidate
              + " to lead term "
              + term
              + ", whose log ended at "
              + shownIndex
              + "/"
              + shownTerm);
    }
  }
}
