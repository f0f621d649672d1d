package org.raftactors.core.script;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.raftactors.core.CoreStatus;
import org.raftactors.core.Role;
import org.raftactors.core.log.EntryKind;
import org.raftactors.core.log.LogEntry;
import org.raftactors.core.log.LogPosition;
import org.raftactors.core.membership.Configuration;
import org.raftactors.core.membership.Quorum;
import org.raftactors.core.membership.ReplicaId;
import org.raftactors.core.write.HardState;
import org.raftactors.core.write.Written;

/**
 * What must hold across the replicas of a cluster, judged after every step from durable images and
 * from what left a replica: the properties of Raft figure 3, and that nobody promises what is not
 * durable.
 */
final class SafetyChecker {

  private record Ballot(ReplicaId voter, long term) {}

  private record Fact(String content, long previousTerm) {}

  private final Configuration configuration;
  private final Map<Long, ReplicaId> leaderOf = new HashMap<>();
  private final Map<Ballot, ReplicaId> votes = new HashMap<>();
  private final Map<LogPosition, Fact> facts = new HashMap<>();
  private final Map<Long, Long> committedTerms = new HashMap<>();

  /** The term of the leader that was the first to commit an index. */
  private final Map<Long, Long> committedIn = new HashMap<>();

  private final Map<ReplicaId, CoreStatus> lastStatus = new HashMap<>();
  private final Map<String, Waiter> waiters = new HashMap<>();
  private final Set<String> appended = new HashSet<>();
  private final Map<String, Long> appliedAt = new HashMap<>();
  private long highestCommitted;

  SafetyChecker(Configuration configuration) {
    this.configuration = configuration;
  }

  /** The highest index that any replica knew to be committed. */
  long highestCommitted() {
    return highestCommitted;
  }

  void waits(Waiter waiter) {
    Require.that(waiters.put(waiter.name(), waiter) == null, "a second waiter %s", waiter);
  }

  @Nullable Waiter waiter(String name) {
    return waiters.get(name);
  }

  Collection<Waiter> waiters() {
    return waiters.values();
  }

  /** A script's set-up says that this is committed; nobody has to have counted it. */
  void given(ScriptReplica replica, long commitIndex) {
    lastStatus.remove(replica.id());
    for (long index = 1; index <= commitIndex; index++) {
      LogEntry entry = replica.disk().entry(index);
      if (entry != null) {
        commit(index, entry.term(), entry.term());
      }
    }
    LogPosition base = replica.disk().base().position();
    commit(base.index(), base.term(), base.term());
  }

  /** A replica lost its memory; what it knew of commit and apply may begin again. */
  void restarted(ReplicaId replica) {
    lastStatus.remove(replica);
  }

  /** Log matching, over everything that was ever written or sent (Raft figure 3). */
  void entries(LogPosition previous, List<LogEntry> entries) {
    long previousTerm = previous.term();
    for (LogEntry entry : entries) {
      Fact fact = new Fact(EntryText.content(entry), previousTerm);
      Fact known = facts.putIfAbsent(entry.position(), fact);
      Require.that(
          known == null || known.equals(fact),
          "log matching: at %s is %s, and elsewhere %s",
          entry.position(),
          fact,
          String.valueOf(known));
      previousTerm = entry.term();
      if (known == null && entry.kind() == EntryKind.COMMAND) {
        String name = EntryText.name(entry.payload());
        Waiter waiter = waiters.get(name);
        Require.that(
            waiter == null || !waiter.isRejected(), "%s was rejected, and now comes", name);
        appended.add(name);
      }
    }
  }

  /** A proposal is rejected: then it must not be, and never come, in any log. */
  void rejected(Waiter waiter) {
    Require.that(!appended.contains(waiter.name()), "%s is rejected, but is in a log", waiter);
  }

  /** An event became durable. */
  void durable(ReplicaId replica, Written event) {
    vote(replica, event.hardState());
    entries(event.previous(), event.entries());
  }

  private void vote(ReplicaId voter, HardState hardState) {
    ReplicaId candidate = hardState.votedFor();
    if (candidate != null) {
      ReplicaId before = votes.putIfAbsent(new Ballot(voter, hardState.term()), candidate);
      Require.that(
          before == null || before.equals(candidate),
          "%s voted for %s and %s in term %s",
          voter,
          String.valueOf(before),
          candidate,
          hardState.term());
    }
  }

  /** Everything that can be judged from one replica after one of its steps. */
  void stepped(ScriptReplica replica, Collection<ScriptReplica> all) {
    CoreStatus status = replica.status();
    CoreStatus before = lastStatus.put(replica.id(), status);
    checkOrder(replica, status);
    Require.that(
        before == null
            || (status.hardState().term() >= before.hardState().term()
                && status.commitIndex() >= before.commitIndex()),
        "%s went from %s back to %s",
        replica.id(),
        String.valueOf(before),
        status);
    if (status.role() == Role.LEADER) {
      checkLeader(replica, status, before, all);
    }
    long from = before == null ? status.base().index() : before.commitIndex();
    if (status.commitIndex() > from) {
      checkCommit(replica, status, from, all);
    }
  }

  private static void checkOrder(ScriptReplica replica, CoreStatus status) {
    long durable = replica.disk().lastIndex();
    Require.that(
        (status.base().index() <= status.appliedIndex() || status.installing())
            && status.appliedIndex() <= Math.min(status.commitIndex(), durable)
            && status.commitIndex() <= status.last().index()
            && status.durableIndex() <= durable,
        "%s is out of order: %s, durable %s",
        replica.id(),
        status,
        durable);
  }

  private void checkLeader(
      ScriptReplica replica,
      CoreStatus status,
      @Nullable CoreStatus before,
      Collection<ScriptReplica> all) {
    long term = status.hardState().term();
    ReplicaId other = leaderOf.putIfAbsent(term, replica.id());
    Require.that(
        other == null || other.equals(replica.id()),
        "%s and %s lead term %s",
        replica.id(),
        String.valueOf(other),
        term);
    if (before == null || before.role() != Role.LEADER) {
      // Late votes may elect a leader of a term that others have left behind, and committed in.
      committedTerms.forEach(
          (index, committedTerm) ->
              Require.that(
                  index <= status.base().index()
                      || committedIn.getOrDefault(index, 0L) >= term
                      || replica.hasTermAt(index, committedTerm),
                  "%s leads term %s without %s/%s, which is committed",
                  replica.id(),
                  term,
                  index,
                  committedTerm));
    } else {
      Require.that(
          status.last().index() >= before.last().index(), "leader %s cut its log", replica.id());
    }
    for (CoreStatus.Peer peer : status.peers()) {
      for (ScriptReplica follower : all) {
        boolean follows =
            follower.id().equals(peer.replica()) && follower.disk().hardState().term() <= term;
        if (follows && peer.matchIndex() > status.base().index()) {
          Require.that(
              follower.disk().holds(peer.matchIndex(), replica.termAt(peer.matchIndex())),
              "%s lacks what %s thinks it has: %s",
              peer.replica(),
              replica.id(),
              peer);
        }
      }
    }
  }

  private void checkCommit(
      ScriptReplica replica, CoreStatus status, long from, Collection<ScriptReplica> all) {
    if (status.commitIndex() > highestCommitted) {
      long index = status.commitIndex();
      long term = replica.termAt(index);
      Require.that(
          status.role() == Role.LEADER && term == status.hardState().term(),
          "%s, %s of term %s, is the first to commit %s/%s",
          replica.id(),
          status.role(),
          status.hardState().term(),
          index,
          term);
      Require.that(
          Quorum.reached(configuration, voter -> isDurableAt(voter, index, term, all)),
          "%s commits %s/%s, which is not durable at a majority",
          replica.id(),
          index,
          term);
    }
    long lowest = Math.max(from + 1, status.base().index());
    for (long index = lowest; index <= status.commitIndex(); index++) {
      commit(index, replica.termAt(index), status.hardState().term());
    }
  }

  private static boolean isDurableAt(
      ReplicaId voter, long index, long term, Collection<ScriptReplica> all) {
    return all.stream().anyMatch(r -> r.id().equals(voter) && r.disk().holds(index, term));
  }

  private void commit(long index, long term, long leaderTerm) {
    committedIn.putIfAbsent(index, leaderTerm);
    Long before = committedTerms.putIfAbsent(index, term);
    Require.that(
        before == null || before == term,
        "%s/%s is committed, and was with term %s",
        index,
        term,
        String.valueOf(before));
    highestCommitted = Math.max(highestCommitted, index);
  }

  /** State machine safety: the same entry at the same index everywhere, and none twice. */
  void applied(ScriptReplica replica, LogEntry entry) {
    Long committedTerm = committedTerms.get(entry.index());
    Require.that(
        committedTerm != null && committedTerm == entry.term(),
        "%s applies %s, committed there is term %s",
        replica.id(),
        entry.position(),
        String.valueOf(committedTerm));
    if (entry.kind() == EntryKind.COMMAND) {
      String name = EntryText.name(entry.payload());
      Long before = appliedAt.putIfAbsent(name, entry.index());
      Require.that(
          before == null || before == entry.index(),
          "%s is applied at %s and at %s",
          name,
          String.valueOf(before),
          entry.index());
    }
  }

  /** The outcomes of all waiters so far, by name. */
  List<String> outcomes() {
    List<String> outcomes = new ArrayList<>();
    waiters.values().stream()
        .sorted((a, b) -> a.name().compareTo(b.name()))
        .forEach(w -> outcomes.add(w + " " + (w.outcome() == null ? "waits" : w.outcome())));
    return outcomes;
  }
}
