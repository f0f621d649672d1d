package org.raftactors.core;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.raftactors.core.membership.ReplicaId;
import org.raftactors.core.message.ReadIndexRequest;
import org.raftactors.core.message.ReadIndexResponse;
import org.raftactors.core.read.PendingRead;
import org.raftactors.core.read.ReadRounds;

/**
 * Linearizable reads at a leader and at a follower (thesis 6.4). At the leader a read waits for a
 * round that starts after it; at a follower it waits for the leader to do the same. Everybody who
 * waits is answered: served, or refused when leadership changes or the leader does not answer
 * within an election timeout.
 */
final class Reads {

  private record Forwarded(List<Object> waiters, long deadline) {}

  private final ReplicaState state;
  private final Applying applying;
  private final ReadRounds rounds = new ReadRounds();
  private List<Object> gatheredAtFollower = new ArrayList<>();
  private final Map<Long, Forwarded> forwarded = new LinkedHashMap<>();
  private int forwardedReads;
  private long lastReadId;

  Reads(ReplicaState state, Applying applying, long firstReadId) {
    this.state = state;
    this.applying = applying;
    this.lastReadId = firstReadId;
  }

  void read(Object waiter) {
    if (size() >= state.settings.maxPendingReads()) {
      reject(waiter, Refusal.OVERLOADED);
    } else if (state.isLeader()) {
      rounds.add(PendingRead.local(waiter));
    } else if (state.leader() != null) {
      gatheredAtFollower.add(waiter);
    } else {
      reject(waiter, Refusal.NOT_LEADER);
    }
  }

  private int size() {
    return rounds.size() + gatheredAtFollower.size() + forwardedReads + applying.waitingReads();
  }

  /**
   * Whether the end of the drain has something to do; at the leader not before its first own entry
   * is committed.
   */
  boolean wantsDrain(boolean ownTermCommitted) {
    return state.isLeader()
        ? rounds.hasWaiting() && ownTermCommitted
        : !gatheredAtFollower.isEmpty();
  }

  /** At the leader: opens a round for all reads that wait. */
  void openRound(Replication replication) {
    replication.heartbeat();
    rounds.open(replication.round(), state.commitIndex());
    confirm(replication);
  }

  /** At the leader: a round was acknowledged, perhaps by a majority now. */
  void confirm(Replication replication) {
    for (ReadRounds.Confirmed confirmed : rounds.confirm(replication.confirmedRound())) {
      PendingRead read = confirmed.read();
      if (read.waiter() != null) {
        applying.serveWhenApplied(read.waiter(), confirmed.readIndex());
      } else {
        respond(Objects.requireNonNull(read.follower()), read.readId(), confirmed.readIndex());
      }
    }
  }

  /** At a follower: one request for all reads that gathered. */
  void forward() {
    ReplicaId leader = state.leader();
    List<Object> waiters = gatheredAtFollower;
    gatheredAtFollower = new ArrayList<>();
    if (leader == null) {
      waiters.forEach(waiter -> reject(waiter, Refusal.NOT_LEADER));
      return;
    }
    long id = ++lastReadId;
    forwarded.put(id, new Forwarded(waiters, state.now() + state.settings.electionTimeoutMin()));
    forwardedReads += waiters.size();
    state.outbox.sendAfterTerm(leader, new ReadIndexRequest(state.term(), id));
  }

  void onRequest(ReplicaId from, ReadIndexRequest request) {
    if (state.isLeader() && size() < state.settings.maxPendingReads()) {
      rounds.add(PendingRead.remote(from, request.readId()));
    } else {
      respond(from, request.readId(), -1);
    }
  }

  void onResponse(ReadIndexResponse response) {
    Forwarded answered = forwarded.remove(response.readId());
    if (answered == null) {
      return;
    }
    forwardedReads -= answered.waiters().size();
    for (Object waiter : answered.waiters()) {
      if (response.readIndex() >= 0) {
        applying.serveWhenApplied(waiter, response.readIndex());
      } else {
        reject(waiter, Refusal.NOT_LEADER);
      }
    }
  }

  /** When the next forwarded read is given up. */
  long nextDeadline() {
    return forwarded.isEmpty()
        ? ReplicaState.NEVER
        : forwarded.values().iterator().next().deadline();
  }

  void onTick() {
    while (nextDeadline() <= state.now()) {
      Map.Entry<Long, Forwarded> oldest = forwarded.entrySet().iterator().next();
      forwarded.remove(oldest.getKey());
      forwardedReads -= oldest.getValue().waiters().size();
      oldest.getValue().waiters().forEach(waiter -> reject(waiter, Refusal.NOT_LEADER));
    }
  }

  /** The leader changed or was lost: what is not confirmed never will be (scenario 60). */
  void abandonUnconfirmed(Refusal refusal) {
    for (PendingRead read : rounds.clear()) {
      if (read.waiter() != null) {
        reject(read.waiter(), refusal);
      } else {
        respond(Objects.requireNonNull(read.follower()), read.readId(), -1);
      }
    }
    List<Object> waiters = new ArrayList<>(gatheredAtFollower);
    forwarded.values().forEach(one -> waiters.addAll(one.waiters()));
    gatheredAtFollower = new ArrayList<>();
    forwarded.clear();
    forwardedReads = 0;
    waiters.forEach(waiter -> reject(waiter, refusal));
  }

  /** No leader is heard any more: nobody brings the entries that some of the reads must see. */
  void abandonUnreachable(Refusal refusal) {
    abandonUnconfirmed(refusal);
    applying.clearReadsAbove(state.commitIndex()).forEach(waiter -> reject(waiter, refusal));
  }

  /** The replica stops: also what was confirmed will not be served. */
  void abandonAll(Refusal refusal) {
    abandonUnconfirmed(refusal);
    applying.clearReadsAbove(-1).forEach(waiter -> reject(waiter, refusal));
  }

  private void respond(ReplicaId follower, long readId, long readIndex) {
    state.outbox.sendAfterTerm(follower, new ReadIndexResponse(state.term(), readId, readIndex));
  }

  private void reject(Object waiter, Refusal refusal) {
    state.effect(new Effect.RejectRead(waiter, refusal, state.leader()));
  }
}
