package org.raftactors.testkit.simulation.check;

import java.util.List;
import org.raftactors.core.RaftCore;
import org.raftactors.core.Role;
import org.raftactors.core.log.LogEntry;
import org.raftactors.core.log.LogPosition;
import org.raftactors.core.log.RaftLog;
import org.raftactors.core.membership.Configuration;
import org.raftactors.core.membership.ReplicaId;
import org.raftactors.core.write.HardState;
import org.raftactors.core.write.Written;

/**
 * The safety of the whole cluster, judged after every step of a replica. Incremental: a step that
 * changed nothing costs a few comparisons.
 */
public final class Safety {

  /** How far back entries in memory are compared with the durable ones, after each write. */
  private static final int COMPARED_ENTRIES = 16;

  /** What was seen of a replica after its last step; forgotten when it restarts. */
  private static final class Seen {
    HardState hardState = HardState.INITIAL;
    long leads;
    long commit;
    long applied;
    long last;

    /** What it has applied since its start, and the chained hash of that. */
    long machine;

    long chain;

    void forget(HardState durable) {
      hardState = durable;
      leads = 0;
      commit = 0;
      applied = 0;
      last = 0;
      machine = 0;
      chain = 0;
    }
  }

  private final List<? extends ReplicaView> replicas;
  private final Seen[] seen;
  private final Ballots ballots;
  private final Facts facts;
  private final Committed committed;
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
    this.ballots = new Ballots(seen.length);
    this.facts = new Facts(requests);
    this.committed = new Committed(configuration, replicas, requests);
    this.promises = new Promises(replicas, ballots, facts);
  }

  /** {@return the highest index that any replica knows to be committed} */
  public long highestCommitted() {
    return committed.highest();
  }

  /** {@return the rules of messages that leave} */
  public Promises promises() {
    return promises;
  }

  /**
   * A replica starts again, with what is on its disk.
   *
   * @param replica which one
   */
  public void restarted(ReplicaView replica) {
    seen[replica.index()].forget(replica.durable().hardState());
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
    before.hardState = hardState;
    before.commit = commit;
    before.applied = applied;
    before.last = last;
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
  }

  /**
   * What the journal of a replica adds up to must be what it has in memory.
   *
   * @param replica with nothing left to write
   * @param replayed the end of the replayed log
   */
  public void replayed(ReplicaView replica, LogPosition replayed) {
    if (!replayed.equals(replica.log().last())
        || !replica.core().hardState().equals(replica.durable().hardState())) {
      throw new Violation(
          Property.REPLAY,
          replica.id()
              + " has "
              + replica.log().last()
              + " and "
              + replica.core().hardState()
              + " in memory, but replaying gives "
              + replayed
              + " and "
              + replica.durable().hardState());
    }
    RaftLog log = replica.log();
    long from = Math.max(log.firstInMemory(), log.lastIndex() - COMPARED_ENTRIES + 1);
    if (from <= log.lastIndex()) {
      for (LogEntry entry : log.slice(from, log.lastIndex(), Long.MAX_VALUE)) {
        if (!entry.equals(replica.durable().entry(entry.index()))) {
          throw new Violation(
              Property.REPLAY,
              replica.id()
                  + " has "
                  + entry.position()
                  + " in memory, but replaying gives another");
        }
      }
    }
  }

  /** {@return how many replicas there are} */
  public int size() {
    return replicas.size();
  }
}
