package org.raftactors.testkit.simulation.check;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.raftactors.core.RaftCore;
import org.raftactors.core.Role;
import org.raftactors.core.log.LogEntry;
import org.raftactors.core.log.RaftLog;
import org.raftactors.core.log.TermRanges;
import org.raftactors.core.membership.Configuration;
import org.raftactors.core.membership.ReplicaId;
import org.raftactors.core.message.PreVoteResponse;
import org.raftactors.core.message.RaftMessage;
import org.raftactors.core.message.VoteResponse;
import org.raftactors.core.write.HardState;
import org.raftactors.core.write.Written;

/**
 * The safety of the whole cluster, judged after every step of a replica. Incremental: a step that
 * changed nothing costs a few comparisons.
 */
public final class Safety {

  /** What was seen of a replica after its last step; forgotten when it restarts. */
  private static final class Seen {
    HardState hardState = HardState.INITIAL;
    long leads;
    long commit;
    long applied;
    long last;
    long durable;

    /** Whom it followed or led. */
    @Nullable ReplicaId leader;

    /** What it has applied since its start, and the chained hash of that. */
    long machine;

    long chain;

    void forget(HardState onDisk, long kept, long keptChain) {
      hardState = onDisk;
      leads = 0;
      commit = 0;
      applied = 0;
      last = 0;
      durable = 0;
      leader = null;
      machine = kept;
      chain = keptChain;
    }
  }

  private final List<? extends ReplicaView> replicas;
  private final Seen[] seen;
  private final Ballots ballots;
  private final Facts facts;
  private final Committed committed;
  private final Candidacies candidacies;
  private final Confirmations confirmations;
  private final Configuration configuration;
  private final Promises promises;

  /**
   * Checks for a cluster that has not started.
   *
   * @param configuration the members
   * @param replicas one for each member, in the order of their numbers
   * @param requests of the clients
   */
  public Safety(
      Configuration configuration, List<? extends ReplicaView> replicas, Requests requests) {
    this.replicas = replicas;
    this.seen = new Seen[replicas.size()];
    for (int i = 0; i < seen.length; i++) {
      seen[i] = new Seen();
    }
    this.configuration = configuration;
    this.ballots = new Ballots(configuration);
    this.facts = new Facts(requests);
    this.committed = new Committed(configuration, replicas, requests);
    this.candidacies = new Candidacies(configuration, replicas);
    this.confirmations = new Confirmations(configuration);
    this.promises = new Promises(replicas, ballots, facts, candidacies);
  }

  /** {@return the highest index that any replica knows to be committed} */
  public long highestCommitted() {
    return committed.highest();
  }

  /** {@return the rules of messages that leave} */
  public Promises promises() {
    return promises;
  }

  /** {@return who has heard which leader} */
  public Confirmations confirmations() {
    return confirmations;
  }

  /**
   * What a new incarnation of a replica can know about how fresh it is.
   *
   * @param replica which one
   * @return nothing yet
   */
  public Freshness freshness(ReplicaId replica) {
    return new Freshness(replica, configuration, committed);
  }

  /**
   * A replica starts again, with what is on its disk.
   *
   * @param replica which one
   * @param kept up to where its state machine has everything
   */
  public void restarted(ReplicaView replica, long kept) {
    seen[replica.index()].forget(replica.durable().hardState(), kept, committed.chainAt(kept));
  }

  /**
   * An event is about to be written.
   *
   * @param event what is written
   */
  public void writing(Written event) {
    facts.see(event.previous(), event.entries());
  }

  /**
   * An event has become durable.
   *
   * @param replica where
   * @param event what was written
   */
  public void durable(ReplicaView replica, Written event) {
    HardState hardState = event.hardState();
    ReplicaId candidate = hardState.votedFor();
    if (candidate != null) {
      ballots.votes(replica, candidate, hardState.term());
    }
  }

  /**
   * A message arrives at a replica that runs.
   *
   * @param receiver of the message
   * @param sender of the message
   * @param message what arrives
   */
  public void arrives(ReplicaView receiver, ReplicaView sender, RaftMessage message) {
    if (message instanceof VoteResponse response && response.granted()) {
      ballots.hears(receiver, sender, response.term());
    } else if (message instanceof PreVoteResponse response && response.granted()) {
      candidacies.hears(receiver, sender, response.term());
    }
  }

  /**
   * A replica has made a step.
   *
   * @param replica which one
   */
  public void stepped(ReplicaView replica) {
    Seen before = seen[replica.index()];
    RaftCore core = replica.core();
    HardState hardState = core.hardState();
    long commit = core.commitIndex();
    long applied = core.appliedIndex();
    long last = replica.log().lastIndex();
    checkOrder(replica, before, hardState, commit, applied, last);
    if (core.role() == Role.LEADER) {
      checkLeader(replica, before, hardState.term(), last);
    } else {
      before.leads = 0;
    }
    if (commit > before.commit) {
      committed.advance(replica, before.commit, commit, hardState.term());
    }
    if (isOther(hardState, before.hardState)) {
      checkBallot(replica, before.hardState, hardState);
    }
    checkNamed(replica, before, hardState.term());
    checkDurable(replica, before, last);
    before.hardState = hardState;
    before.commit = commit;
    before.applied = applied;
    before.last = last;
  }

  @SuppressWarnings("ReferenceEquality") // nearly always the very same one
  private static boolean isOther(HardState one, HardState other) {
    return one != other && !one.equals(other);
  }

  private void checkBallot(ReplicaView replica, HardState before, HardState after) {
    ReplicaId candidate = after.votedFor();
    boolean own = replica.id().equals(candidate);
    if (after.term() > before.term()) {
      candidacies.entered(replica, after.term(), own);
    }
    if (candidate != null
        && !own
        && (after.term() > before.term() || !candidate.equals(before.votedFor()))) {
      candidacies.votes(replica, candidate, after.term());
    }
  }

  /** Who is followed leads. */
  private void checkNamed(ReplicaView replica, Seen before, long term) {
    ReplicaId leader = replica.core().leader();
    boolean isNew =
        leader != null && (term != before.hardState.term() || !leader.equals(before.leader));
    if (leader != null && isNew && ballots.leaderOf(term) != leader.value()) {
      throw new Violation(
          Property.ELECTION_SAFETY,
          replica.id()
              + " follows "
              + leader
              + " in term "
              + term
              + ", which r"
              + ballots.leaderOf(term)
              + " leads");
    }
    before.leader = leader;
  }

  /** What a core takes for durable is on its disk. */
  private static void checkDurable(ReplicaView replica, Seen before, long last) {
    long durable = replica.core().durableIndex();
    if ((durable != before.durable || last != before.last)
        && !replica.durable().holds(durable, replica.log().termAt(durable))) {
      throw new Violation(
          Property.STATE_ORDER,
          replica.id()
              + " takes "
              + replica.log().positionAt(durable)
              + " for durable, its disk holds something else");
    }
    before.durable = durable;
  }

  private static void checkOrder(
      ReplicaView replica, Seen before, HardState hardState, long commit, long applied, long last) {
    if (hardState.term() < before.hardState.term()
        || commit < before.commit
        || applied < before.applied) {
      throw new Violation(
          Property.MONOTONIC,
          replica.id()
              + " went back from "
              + before.hardState
              + ", committed "
              + before.commit
              + ", applied "
              + before.applied
              + " to "
              + hardState
              + ", committed "
              + commit
              + ", applied "
              + applied);
    }
    long durable = replica.durable().lastIndex();
    if (applied > commit || applied > durable || commit > last || applied > before.machine) {
      throw new Violation(
          Property.STATE_ORDER,
          replica.id()
              + ": applied "
              + applied
              + " (its state machine "
              + before.machine
              + "), committed "
              + commit
              + ", durable "
              + durable
              + ", last "
              + last);
    }
  }

  private void checkLeader(ReplicaView replica, Seen before, long term, long last) {
    if (before.leads != term) {
      before.leads = term;
      ballots.leads(replica.id(), term);
      committed.elected(replica, term);
      ballots.checkElected(replica.id(), term);
    } else if (last < before.last) {
      throw new Violation(
          Property.LEADER_APPEND_ONLY,
          replica.id() + " leads and cut its log from " + before.last + " to " + last);
    }
  }

  /**
   * A leader has heard how far a follower is.
   *
   * @param leader who believes
   * @param follower of whom
   */
  public void matched(ReplicaView leader, ReplicaView follower) {
    long match = leader.core().matchIndex(follower.id());
    boolean follows = follower.durable().hardState().term() <= leader.core().hardState().term();
    if (match > 0 && follows && !follower.durable().holds(match, leader.log().termAt(match))) {
      throw new Violation(
          Property.MATCH_INDEX_TRUTH,
          leader.id()
              + " believes that "
              + follower.id()
              + " has all up to "
              + leader.log().positionAt(match));
    }
  }

  /**
   * A state machine has applied an entry.
   *
   * @param replica whose
   * @param entry what it applied
   */
  public void applied(ReplicaView replica, LogEntry entry) {
    Seen own = seen[replica.index()];
    if (entry.index() != own.machine + 1) {
      throw new Violation(
          Property.STATE_MACHINE_SAFETY,
          replica.id() + " applies " + entry.position() + " after " + own.machine);
    }
    if (!replica.durable().holds(entry.index(), entry.term())) {
      throw new Violation(
          Property.STATE_ORDER,
          replica.id() + " applies " + entry.position() + ", which is not durable there");
    }
    own.machine = entry.index();
    own.chain = committed.applied(replica, entry, own.chain);
  }

  /**
   * A read is served.
   *
   * @param replica where
   * @param request the read
   * @param readIndex what the core said that it covers
   */
  public void served(ReplicaView replica, Request request, long readIndex) {
    long machine = seen[replica.index()].machine;
    if (machine < readIndex || machine < request.floor()) {
      throw new Violation(
          Property.READ_FLOOR,
          request
              + " is served by "
              + replica.id()
              + " at "
              + machine
              + ", covers "
              + readIndex
              + ", and when it was asked "
              + request.floor()
              + " was committed");
    }
    request.applied(machine);
  }

  /**
   * What the journal of a replica adds up to must be what it has in memory: the term of every
   * index, and the entries that were just written. All others were compared when they were.
   *
   * @param replica with nothing left to write
   * @param replayed the terms of the replayed log
   * @param written what was written last
   */
  public void replayed(ReplicaView replica, TermRanges replayed, Written written) {
    TermRanges inMemory = replica.log().terms();
    boolean same =
        replayed.lastIndex() == inMemory.lastIndex()
            && Arrays.equals(replayed.firstIndexes(), inMemory.firstIndexes())
            && Arrays.equals(replayed.terms(), inMemory.terms())
            && replica.core().hardState().equals(replica.durable().hardState());
    if (!same || !areInMemory(replica.log(), written.entries())) {
      throw new Violation(
          Property.REPLAY,
          replica.id()
              + " has "
              + replica.log().last()
              + " and "
              + replica.core().hardState()
              + " in memory, but replaying gives "
              + replayed.last()
              + " and "
              + replica.durable().hardState()
              + ", or something else before that");
    }
  }

  private static boolean areInMemory(RaftLog log, List<LogEntry> written) {
    int evicted = 0;
    while (evicted < written.size() && written.get(evicted).index() < log.firstInMemory()) {
      evicted++;
    }
    if (evicted == written.size()) {
      return true;
    }
    long from = written.get(evicted).index();
    long to = written.get(written.size() - 1).index();
    return log.slice(from, to, Long.MAX_VALUE).equals(written.subList(evicted, written.size()));
  }

  /** {@return how many replicas there are} */
  public int size() {
    return replicas.size();
  }
}
