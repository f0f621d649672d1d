package org.raftactors.testkit.simulation.check;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.raftactors.core.RaftCore;
import org.raftactors.core.Role;
import org.raftactors.core.log.LogEntry;
import org.raftactors.core.log.LogPosition;
import org.raftactors.core.log.RaftLog;
import org.raftactors.core.log.SnapshotBase;
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
    SnapshotBase base;

    Seen(SnapshotBase base) {
      this.base = base;
    }

    void forget(HardState onDisk, SnapshotBase newBase, long kept, long keptChain) {
      hardState = onDisk;
      base = newBase;
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
      seen[i] = new Seen(SnapshotBase.initial(configuration));
    }
    this.configuration = configuration;
    this.ballots = new Ballots(configuration);
    this.facts = new Facts(requests);
    this.committed = new Committed(configuration, replicas, requests);
    this.candidacies = new Candidacies(configuration, replicas);
    this.confirmations = new Confirmations(configuration);
    this.promises = new Promises(replicas, ballots, facts, candidacies, committed);
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
    seen[replica.index()].forget(
        replica.durable().hardState(),
        SnapshotBase.initial(configuration),
        kept,
        committed.chainAt(kept));
  }

  /** {@return the hash of all that a replica's state machine has applied} */
  public long chain(ReplicaView replica) {
    return seen[replica.index()].chain;
  }

  /**
   * A state machine gets the state of a snapshot instead of its own.
   *
   * @param replica whose
   * @param base the label of the snapshot
   * @param chain the hash of what it holds
   */
  public void restored(ReplicaView replica, SnapshotBase base, long chain) {
    Seen own = seen[replica.index()];
    long index = base.position().index();
    if (!committed.has(base.position())
        || committed.chainAt(index) != chain
        || !configuration.equals(base.configuration())) {
      throw new Violation(
          Property.SNAPSHOT_TRUTH,
          replica.id() + " gets the snapshot " + base + ", which holds something else");
    }
    if (index < own.machine) {
      throw new Violation(
          Property.STATE_MACHINE_SAFETY,
          replica.id() + " has applied " + own.machine + " and goes back to the snapshot " + base);
    }
    own.machine = index;
    own.chain = chain;
  }

  /**
   * Whether an entry is on a replica's disk: in its log, or in what that stands on.
   *
   * @param replica whose
   * @param index of the entry
   * @param term of the entry
   * @return true if it is
   */
  public boolean isDurable(ReplicaView replica, long index, long term) {
    return committed.isDurable(replica, index, term);
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
    promises.durable(replica);
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
    checkBase(replica, before);
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

  /** What the log stands on is committed, and what that replaces is judged by it. */
  @SuppressWarnings("ReferenceEquality") // nearly always the very same one
  private void checkBase(ReplicaView replica, Seen before) {
    SnapshotBase base = replica.log().base();
    if (base == before.base) {
      return;
    }
    LogPosition position = base.position();
    if (position.index() < before.base.position().index()
        || !committed.has(position)
        || (position.index() > 0 && !configuration.equals(base.configuration()))) {
      throw new Violation(
          Property.LOG_BASE,
          replica.id()
              + " stands on "
              + base
              + " after "
              + before.base
              + ", committed there is term "
              + committed.termAt(position.index()));
    }
    before.base = base;
  }

  /** What a core takes for durable is on its disk. */
  private void checkDurable(ReplicaView replica, Seen before, long last) {
    long durable = replica.core().durableIndex();
    if ((durable != before.durable || last != before.last)
        && !committed.isDurable(replica, durable, committed.termIn(replica, durable))) {
      throw new Violation(
          Property.STATE_ORDER,
          replica.id() + " takes " + durable + " for durable, its disk holds something else");
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
    if (match > 0
        && follows
        && !committed.isDurable(follower, match, committed.termIn(leader, match))) {
      throw new Violation(
          Property.MATCH_INDEX_TRUTH,
          leader.id() + " believes that " + follower.id() + " has all up to " + match);
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
            && replica.core().hardState().equals(replica.durable().hardState())
            && replica.log().base().position().equals(replica.durable().base());
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
