package org.raftactors.core;

import java.util.List;
import java.util.Objects;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.raftactors.core.invariant.Invariant;
import org.raftactors.core.log.LogEntry;
import org.raftactors.core.membership.ReplicaId;
import org.raftactors.core.message.AppendAccepted;
import org.raftactors.core.message.AppendRejected;
import org.raftactors.core.message.AppendRequest;
import org.raftactors.core.message.Heartbeat;
import org.raftactors.core.message.HeartbeatAck;
import org.raftactors.core.message.PreVoteRequest;
import org.raftactors.core.message.PreVoteResponse;
import org.raftactors.core.message.RaftMessage;
import org.raftactors.core.message.ReadIndexRequest;
import org.raftactors.core.message.ReadIndexResponse;
import org.raftactors.core.message.SnapshotRequest;
import org.raftactors.core.message.TimeoutNow;
import org.raftactors.core.message.VoteRequest;
import org.raftactors.core.message.VoteResponse;

/**
 * The parts of a replica put together: which of them a message, a tick or a completion goes to, and
 * what happens to all of them when the role changes.
 */
final class Replica {

  final ReplicaState state;
  final Applying applying;
  final Proposals proposals;
  final Reads reads;
  final Transfers transfers;
  final Snapshots snapshots;

  private final Followership followership;
  private final Elections elections;

  /** Of the current leadership, null while not leading. */
  private @Nullable Replication replication;

  private long noOpIndex;
  private long nextHeartbeat;
  private long lastWallClockMillis;

  Replica(ReplicaState state, long stateMachineIndex, RandomGenerator random) {
    this.state = state;
    this.applying = new Applying(state, stateMachineIndex);
    this.proposals = new Proposals(state, applying);
    this.reads = new Reads(state, applying, random.nextLong(1L << 62));
    this.transfers = new Transfers(state);
    this.snapshots = new Snapshots(state, applying);
    this.followership = new Followership(state, applying);
    this.elections = new Elections(state, this::becomeLeader);
  }

  @Nullable Replication replication() {
    return replication;
  }

  long nextHeartbeat() {
    return nextHeartbeat;
  }

  void dispatch(ReplicaId from, RaftMessage message) {
    if (message.term() > ReplicaState.HIGHEST_TERM || from.equals(state.self)) {
      return;
    }
    if (message instanceof PreVoteRequest request) {
      elections.onPreVoteRequest(from, request);
      return;
    }
    if (message instanceof PreVoteResponse response && response.granted()) {
      elections.onPreVoteGranted(from, response);
      return;
    }
    if (message instanceof VoteRequest request && elections.ignores(from, request)) {
      return;
    }
    if (message.term() > state.term()) {
      state.enterTerm(message.term(), null);
      becomeFollower(null);
    }
    if (message.term() < state.term()) {
      answerStale(from, message);
    } else if (message instanceof AppendRequest || message instanceof Heartbeat) {
      fromLeader(from, message);
    } else {
      dispatchOfThisTerm(from, message);
    }
  }

  private void dispatchOfThisTerm(ReplicaId from, RaftMessage message) {
    if (message instanceof VoteRequest request) {
      elections.onVoteRequest(from, request);
    } else if (message instanceof VoteResponse response) {
      elections.onVoteResponse(from, response);
    } else if (message instanceof TimeoutNow) {
      onTimeoutNow(from);
    } else if (message instanceof ReadIndexRequest request) {
      reads.onRequest(from, request);
    } else if (message instanceof ReadIndexResponse response) {
      reads.onResponse(response);
    } else if (replication != null) {
      fromFollower(from, message, replication);
    }
  }

  /**
   * Who speaks for an older term is told the current one, so that it catches up or steps down
   * (scenario 19).
   */
  private void answerStale(ReplicaId from, RaftMessage message) {
    if (message instanceof AppendRequest append) {
      state.outbox.sendAfterTerm(
          from,
          new AppendRejected(
              state.term(),
              append.previous().index(),
              state.log.positionAt(state.commitIndex()),
              state.log.lastIndex()));
    } else if (message instanceof Heartbeat) {
      // The sender may lead the present term too: this must not confirm a round of that leadership.
      state.outbox.sendAfterTerm(from, new HeartbeatAck(state.term(), HeartbeatAck.NO_ROUND));
    } else if (message instanceof VoteRequest) {
      state.outbox.sendAfterTerm(from, new VoteResponse(state.term(), false));
    } else if (message instanceof ReadIndexRequest request) {
      state.outbox.sendAfterTerm(from, new ReadIndexResponse(state.term(), request.readId(), -1));
    }
  }

  private void fromLeader(ReplicaId from, RaftMessage message) {
    Invariant.check(
        !state.isLeader(),
        () -> "two leaders in term " + state.term() + ": " + from + " and " + state.self);
    if (!from.equals(state.leader())) {
      becomeFollower(from);
    }
    state.leaderContact();
    if (message instanceof AppendRequest append) {
      followership.onAppend(from, append);
    } else {
      followership.onHeartbeat(from, (Heartbeat) message);
      snapshots.askFor(from);
    }
    evict();
  }

  private void fromFollower(ReplicaId from, RaftMessage message, Replication leading) {
    boolean committed = false;
    if (message instanceof AppendAccepted accepted) {
      leading.onAccepted(from, accepted);
      committed = commitWhatAMajorityHas(leading);
    } else if (message instanceof AppendRejected rejected) {
      leading.onRejected(from, rejected);
    } else if (message instanceof HeartbeatAck ack) {
      leading.onHeartbeatAck(from, ack.round());
      reads.confirm(leading);
    } else if (message instanceof SnapshotRequest request) {
      leading.onSnapshotRequested(from, request.atLeastIndex());
    }
    if (committed || from.equals(transfers.target())) {
      transfers.progress(leading, !proposals.hasGathered());
    }
  }

  private void onTimeoutNow(ReplicaId from) {
    boolean obey =
        state.role() == Role.FOLLOWER
            && from.equals(state.leader())
            && state.mayCampaign()
            && !snapshots.isInstalling();
    if (obey) {
      reads.abandonUnconfirmed(Refusal.NOT_LEADER);
      elections.campaign(true);
    }
  }

  private void becomeFollower(@Nullable ReplicaId leader) {
    boolean ledBefore = replication != null;
    boolean leaderChanged = !Objects.equals(leader, state.leader());
    if (state.role() != Role.FOLLOWER) {
      state.drawElectionTimeout();
    }
    state.become(Role.FOLLOWER, leader, leader != null);
    if (ledBefore) {
      replication = null;
      proposals.abandon(Refusal.NOT_LEADER);
      applying.leadershipLost();
      transfers.finish(TransferOutcome.DONE);
    }
    if (ledBefore || leaderChanged) {
      reads.abandonUnconfirmed(Refusal.NOT_LEADER);
    }
  }

  private void becomeLeader() {
    state.become(Role.LEADER, state.self, false);
    Replication leading = new Replication(state, snapshots);
    replication = leading;
    noOpIndex = proposals.appendNoOp(lastWallClockMillis).index();
    nextHeartbeat = heartbeatDue();
    leading.sendAppends();
  }

  /**
   * The moment next to one interval from now at which all leaders of a process send heartbeats,
   * since they share its clock: sent together, many of them wake few threads, and leave in few
   * packets. Never sooner than after half an interval: who was late already must not hurry.
   */
  private long heartbeatDue() {
    long interval = state.settings.heartbeatInterval();
    return (state.now() + interval + interval / 2) / interval * interval;
  }

  void drained(long wallClockMillis, boolean writeStarts) {
    lastWallClockMillis = wallClockMillis;
    drain(writeStarts ? proposals.mayForm() : proposals.mayFormEarly());
  }

  private void drain(boolean formBatch) {
    if (replication == null) {
      if (reads.wantsDrain(false)) {
        reads.forward();
      }
      return;
    }
    if (formBatch && proposals.formBatch(lastWallClockMillis)) {
      replication.sendAppends();
    }
    if (reads.wantsDrain(isOwnTermCommitted())) {
      reads.openRound(replication);
    }
    transfers.progress(replication, !proposals.hasGathered());
  }

  private boolean commitWhatAMajorityHas(Replication leading) {
    long index = leading.committable();
    if (index <= state.commitIndex()) {
      return false;
    }
    state.commitTo(index);
    proposals.committed(index);
    applying.advance();
    return true;
  }

  private void publishIfApplied() {
    if (replication != null && !state.isPublished() && applying.appliedIndex() >= noOpIndex) {
      state.become(Role.LEADER, state.self, true);
      refreshOwnFreshness();
    }
  }

  void refreshOwnFreshness() {
    if (replication != null && state.isPublished()) {
      applying.freshAsOf(replication.majorityContact());
    }
  }

  boolean isOwnTermCommitted() {
    return replication != null && state.commitIndex() >= noOpIndex;
  }

  void startTransfer(@Nullable Object waiter, @Nullable ReplicaId target) {
    transfers.start(waiter, target, replication);
    if (replication != null) {
      transfers.progress(replication, !proposals.hasGathered());
    }
  }

  void onTick() {
    reads.onTick();
    applying.retry();
    if (replication != null) {
      leaderTick(replication);
    } else if (state.now() >= state.electionDeadline()) {
      reads.abandonUnreachable(Refusal.NOT_LEADER);
      elections.onTimeout();
    }
  }

  void written(long number) {
    state.pipeline.completed(number);
    state.outbox.durable(state.term());
    elections.onDurable();
    snapshots.onDurable();
    if (replication != null && commitWhatAMajorityHas(replication)) {
      transfers.progress(replication, !proposals.hasGathered());
    }
    applying.advance();
    evict();
  }

  void applied(long index) {
    applying.applied(index);
    publishIfApplied();
    evict();
  }

  void snapshotSaved(SavedSnapshot snapshot) {
    snapshots.saved(snapshot, replication);
  }

  void snapshotSent(ReplicaId to, long term, long index, boolean delivered) {
    if (replication != null && term == state.term()) {
      replication.snapshotSent(to, index, delivered);
    }
  }

  void fetched(Effect.Fetch fetch, List<LogEntry> entries) {
    List<LogEntry> valid = validPrefix(fetch, entries);
    ReplicaId receiver = fetch.receiver();
    if (receiver == null) {
      applying.fetched(valid);
    } else if (replication != null) {
      replication.fetched(receiver, valid);
    }
  }

  private void leaderTick(Replication leading) {
    long silence = state.now() - leading.majorityContact();
    if (silence >= state.settings.electionTimeoutMin()) {
      transfers.finish(TransferOutcome.TIMED_OUT); // nobody took over
      becomeFollower(null); // check-quorum (thesis 6.2): a minority refuses instead of waiting
      return;
    }
    transfers.onTick();
    if (state.isStorageSlow() && !transfers.isActive()) {
      startTransfer(null, null);
    }
    evict();
    if (state.now() >= nextHeartbeat) {
      nextHeartbeat = heartbeatDue();
      leading.heartbeat();
    }
  }

  /**
   * Read-back entries count only as far as they are the ones that the log has at their indexes, and
   * as they fit: an append that is too large would never arrive.
   */
  private List<LogEntry> validPrefix(Effect.Fetch fetch, List<LogEntry> entries) {
    long index = fetch.firstIndex();
    int valid = 0;
    long bytes = 0;
    while (valid < entries.size()) {
      LogEntry entry = entries.get(valid);
      bytes += entry.sizeBytes();
      boolean fits = valid == 0 || bytes <= fetch.maxBytes();
      if (!fits || entry.index() != index || !state.log.contains(entry.position())) {
        break;
      }
      valid++;
      index++;
    }
    return entries.subList(0, valid);
  }

  private void evict() {
    long tail = state.tailBytes();
    // What all have, hardly anyone asks for, and entries that stay for a second are copied by each
    // collection of the heap. A follower sends nothing: should it lead, it reads back.
    long everyoneHas = replication == null ? Long.MAX_VALUE : replication.everyoneHas();
    state.log.evict(
        Math.min(applying.appliedIndex(), everyoneHas),
        Math.min(tail, state.settings.maxAppendBytes()));
    state.log.evict(applying.appliedIndex(), tail);
    // What is not committed has its own bound. If it took this one's room, the backlog that refuses
    // proposals would not see what it pushed out.
    long uncommitted = state.log.bytesBetween(state.commitIndex(), state.log.lastIndex());
    state.log.evict(
        state.pipeline.durableIndex(), tail + state.settings.maxApplyBacklogBytes() + uncommitted);
  }
}
