package org.raftactors.testkit.simulation.check;

import java.util.Arrays;
import java.util.List;
import org.raftactors.core.Role;
import org.raftactors.core.log.LogPosition;
import org.raftactors.core.membership.ReplicaId;
import org.raftactors.core.message.AppendAccepted;
import org.raftactors.core.message.AppendRequest;
import org.raftactors.core.message.PreVoteRequest;
import org.raftactors.core.message.PreVoteResponse;
import org.raftactors.core.message.RaftMessage;
import org.raftactors.core.message.TimeoutNow;
import org.raftactors.core.message.VoteRequest;
import org.raftactors.core.message.VoteResponse;
import org.raftactors.core.write.HardState;

/** What a message promises must be on the sender's disk when it leaves. */
public final class Promises {

  private final List<? extends ReplicaView> replicas;
  private final Ballots ballots;
  private final Facts facts;
  private final Candidacies candidacies;
  private final Committed committed;

  /** What each replica has acknowledged last, to the leader of that term. */
  private final LogPosition[] acknowledged;

  Promises(
      List<? extends ReplicaView> replicas,
      Ballots ballots,
      Facts facts,
      Candidacies candidacies,
      Committed committed) {
    this.replicas = replicas;
    this.ballots = ballots;
    this.facts = facts;
    this.candidacies = candidacies;
    this.committed = committed;
    this.acknowledged = new LogPosition[replicas.size()];
    Arrays.fill(acknowledged, LogPosition.ZERO);
  }

  /**
   * A message leaves.
   *
   * @param sender whose message
   * @param to the receiver
   * @param message what leaves
   */
  public void leaves(ReplicaView sender, ReplicaId to, RaftMessage message) {
    HardState durable = sender.durable().hardState();
    if (message instanceof AppendAccepted accepted) {
      require(durable.term() >= accepted.term(), sender, to, message);
      accepts(sender, to, accepted);
    } else if (message instanceof AppendRequest append) {
      require(durable.term() >= append.term(), sender, to, message);
      facts.see(append.previous(), append.entries());
    } else if (message instanceof VoteRequest request) {
      require(
          durable.term() == request.term() && sender.id().equals(durable.votedFor()),
          sender,
          to,
          message);
      ballots.votes(sender, sender.id(), request.term());
      candidacies.asks(sender, request);
    } else if (message instanceof VoteResponse response && response.granted()) {
      require(
          durable.term() == response.term() && to.equals(durable.votedFor()), sender, to, message);
      ballots.votes(sender, to, response.term());
    } else if (message instanceof PreVoteRequest request) {
      candidacies.asks(sender, request);
    } else if (message instanceof PreVoteResponse response) {
      if (response.granted()) {
        candidacies.grants(sender, to, response.term());
      }
    } else {
      require(durable.term() >= message.term(), sender, to, message);
      if (message instanceof TimeoutNow told) {
        candidacies.tells(to, told);
      }
    }
  }

  /** The entries that are acknowledged are on the disk, and are those of the leader. */
  private void accepts(ReplicaView sender, ReplicaId to, AppendAccepted accepted) {
    long match = accepted.matchIndex();
    require(sender.durable().lastIndex() >= match, sender, to, accepted);
    LogPosition before = acknowledged[sender.index()];
    if (accepted.term() > before.term() || match > before.index()) {
      acknowledged[sender.index()] = new LogPosition(match, accepted.term());
    }
    ReplicaView leader = replicas.get((int) to.value() - 1);
    boolean leads =
        leader.isRunning()
            && leader.core().role() == Role.LEADER
            && leader.core().hardState().term() == accepted.term()
            && ballots.leaderOf(accepted.term()) == to.value();
    if (leads && match > 0) {
      require(
          match <= leader.log().lastIndex()
              && committed.isDurable(sender, match, committed.termIn(leader, match)),
          sender,
          to,
          accepted);
    }
  }

  /** An event is durable: nothing that was acknowledged in its term may be gone. */
  void durable(ReplicaView replica) {
    LogPosition acked = acknowledged[replica.index()];
    if (replica.durable().hardState().term() == acked.term()
        && replica.durable().lastIndex() < acked.index()) {
      throw new Violation(
          Property.DURABLE_BEFORE_PROMISED,
          replica.id()
              + " has acknowledged "
              + acked.index()
              + " in term "
              + acked.term()
              + ", now its log ends at "
              + replica.durable().lastIndex());
    }
  }

  private static void require(boolean kept, ReplicaView sender, ReplicaId to, RaftMessage message) {
    if (!kept) {
      throw new Violation(
          Property.DURABLE_BEFORE_PROMISED,
          sender.id()
              + " sends "
              + message
              + " to "
              + to
              + ", but durable are "
              + sender.durable().hardState()
              + " and the log up to "
              + sender.durable().lastIndex());
    }
  }
}
