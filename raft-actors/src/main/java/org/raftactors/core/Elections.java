package org.raftactors.core;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.raftactors.core.election.VoteTally;
import org.raftactors.core.membership.ReplicaId;
import org.raftactors.core.message.PreVoteRequest;
import org.raftactors.core.message.PreVoteResponse;
import org.raftactors.core.message.RaftMessage;
import org.raftactors.core.message.VoteRequest;
import org.raftactors.core.message.VoteResponse;
import org.raftactors.core.write.HardState;

/**
 * Candidacies of this replica and its answers to those of others (Raft 5.2 and 5.4.1, thesis 4.2.3
 * and 9.6). A vote counts and leaves only when it is durable, this replica's own included.
 */
final class Elections {

  private final ReplicaState state;
  private final Runnable won;
  private final VoteTally tally = new VoteTally();

  Elections(ReplicaState state, Runnable won) {
    this.state = state;
    this.won = won;
  }

  /** The election time-out has passed without a leader. */
  void onTimeout() {
    state.drawElectionTimeout();
    if (!state.mayCampaign()) {
      return;
    }
    tally.reset();
    tally.grant(state.self); // promises nothing, so there is nothing to make durable
    state.become(Role.PRE_CANDIDATE, null, false);
    if (tally.isWonIn(state.configuration())) {
      campaign(false);
    } else {
      PreVoteRequest request = new PreVoteRequest(state.term() + 1, state.log.last());
      toOtherVoters(voter -> state.outbox.send(voter, request));
    }
  }

  /** Starts an election now, in a new term. */
  void campaign(boolean leadershipTransfer) {
    tally.reset();
    state.enterTerm(state.term() + 1, state.self);
    state.become(Role.CANDIDATE, null, false);
    state.drawElectionTimeout();
    HardState promised = state.hardState();
    RaftMessage request = new VoteRequest(state.term(), state.log.last(), leadershipTransfer);
    toOtherVoters(voter -> state.outbox.sendAfterVote(voter, request, promised));
  }

  /** Something became durable: perhaps this candidate's vote for itself. */
  void onDurable() {
    if (state.role() == Role.CANDIDATE && state.pipeline.durableState().equals(state.hardState())) {
      count(state.self);
    }
  }

  void onPreVoteRequest(ReplicaId from, PreVoteRequest request) {
    boolean leaderIsAlive = state.hasFreshLeader() && !from.equals(state.leader());
    boolean granted =
        request.term() > state.term()
            && !leaderIsAlive
            && !state.isStorageSlow()
            && request.last().isAtLeastAsUpToDateAs(state.log.last());
    long term = granted ? request.term() : state.term();
    state.outbox.send(from, new PreVoteResponse(term, granted));
  }

  /**
   * Returns true if the request must be ignored, as if it had never come: not even its term counts
   * (rule 6).
   */
  boolean ignores(ReplicaId from, VoteRequest request) {
    return request.term() > state.term()
        && !request.leadershipTransfer()
        && state.hasFreshLeader()
        && !from.equals(state.leader());
  }

  void onVoteRequest(ReplicaId from, VoteRequest request) {
    @Nullable ReplicaId votedFor = state.hardState().votedFor();
    boolean granted =
        (votedFor == null || votedFor.equals(from))
            && request.last().isAtLeastAsUpToDateAs(state.log.last());
    if (granted) {
      state.vote(from);
      if (state.role() == Role.PRE_CANDIDATE) {
        state.become(Role.FOLLOWER, null, false);
      }
      state.drawElectionTimeout();
      state.outbox.sendAfterVote(from, new VoteResponse(state.term(), true), state.hardState());
    } else {
      state.outbox.sendAfterTerm(from, new VoteResponse(state.term(), false));
    }
  }

  void onPreVoteGranted(ReplicaId from, PreVoteResponse response) {
    if (state.role() == Role.PRE_CANDIDATE && response.term() == state.term() + 1) {
      tally.grant(from);
      if (tally.isWonIn(state.configuration())) {
        campaign(false);
      }
    }
  }

  void onVoteResponse(ReplicaId from, VoteResponse response) {
    if (state.role() == Role.CANDIDATE && response.granted()) {
      count(from);
    }
  }

  private void count(ReplicaId voter) {
    tally.grant(voter);
    if (tally.isWonIn(state.configuration())) {
      won.run();
    }
  }

  private void toOtherVoters(Consumer<ReplicaId> send) {
    for (ReplicaId voter : state.configuration().voters()) {
      if (!voter.equals(state.self)) {
        send.accept(voter);
      }
    }
  }
}
