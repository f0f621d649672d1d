package org.raftactors.core;

import java.util.List;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.raftactors.core.invariant.Invariant;
import org.raftactors.core.log.LogEntry;
import org.raftactors.core.log.LogPosition;
import org.raftactors.core.log.RaftLog;
import org.raftactors.core.log.SnapshotBase;
import org.raftactors.core.membership.ReplicaId;
import org.raftactors.core.message.RaftMessage;
import org.raftactors.core.replication.Progress;
import org.raftactors.core.write.DurableState;
import org.raftactors.core.write.HardState;
import org.raftactors.core.write.PendingWrite;

/**
 * One replica's protocol. Inputs are messages, proposals, reads, "this write is durable", "applied
 * up to here", and the current time; outputs are effects and writes. The same inputs give the same
 * outputs. One thread at a time; each input is a step, after which the invariants are checked: a
 * violated one is thrown as {@link org.raftactors.core.invariant.InvariantViolation} before
 * anything of the step has left.
 *
 * <p>Durable when: term, vote and entries with the write that contains them; nothing that promises
 * them leaves before. A crash at any point leaves what the completed writes add up to.
 */
public final class RaftCore {

  private final ReplicaState state;
  private final Replica replica;
  private final RaftStateChecker checker;
  private boolean stopped;

  /**
   * A replica that has just recovered; it begins as a follower.
   *
   * @param settings the numbers
   * @param self this replica
   * @param durable what the journal holds
   * @param log the same log, with a tail in memory; owned by the core from now on
   * @param stateMachineIndex up to where the state machine has applied already; below the base
   *     index if the state there is lost: then this replica does not lead, and asks the leader for
   *     a snapshot
   * @param random draws election timeouts
   * @param now monotonic nanoseconds, at least 0
   */
  public RaftCore(
      CoreSettings settings,
      ReplicaId self,
      DurableState durable,
      RaftLog log,
      long stateMachineIndex,
      RandomGenerator random,
      long now) {
    Invariant.check(
        durable.last().equals(log.last()),
        () -> "journal ends at " + durable.last() + " but the log at " + log.last());
    Invariant.check(
        durable.base().equals(log.base()),
        () -> "journal stands on " + durable.base() + " but the log on " + log.base());
    Invariant.check(
        stateMachineIndex >= 0 && stateMachineIndex <= log.lastIndex(),
        () ->
            "the state machine has applied up to "
                + stateMachineIndex
                + " but the log ends at "
                + log.lastIndex());
    this.state = new ReplicaState(settings, self, durable, log, random, now);
    state.stateMissing(stateMachineIndex < log.terms().baseIndex());
    this.replica = new Replica(state, stateMachineIndex, random);
    this.checker = new RaftStateChecker(state, replica.applying, replica.snapshots);
    state.commitTo(stateMachineIndex); // what a state machine kept was committed
    replica.applying.advance();
    checker.check();
  }

  /**
   * A message from another replica.
   *
   * @param from its sender
   * @param message the message, already checked to be well-formed and meant for this replica
   * @param now monotonic nanoseconds
   */
  public void receive(ReplicaId from, RaftMessage message, long now) {
    step(now, () -> replica.dispatch(from, message));
  }

  /**
   * A command to replicate. Its waiter is handed back exactly once: with an {@link Effect.Apply},
   * an {@link Effect.RejectProposal} or an {@link Effect.ProposalUnknown}.
   *
   * @param proposal the command and its waiter
   * @param now monotonic nanoseconds
   */
  public void propose(Proposal proposal, long now) {
    if (stopped) {
      state.effect(new Effect.RejectProposal(proposal.waiter(), Refusal.STOPPED, null));
      return;
    }
    step(now, () -> replica.proposals.propose(proposal, replica.transfers.isActive()));
  }

  /**
   * Commands to replicate in this order, which came together. Each waiter is handed back as that of
   * {@link #propose}. From the first one on that is refused for what may pass, all of them are:
   * none overtakes one of them that is proposed again. Too large is none but that one.
   *
   * @param proposals the commands and their waiters
   * @param now monotonic nanoseconds
   */
  public void proposeAll(List<Proposal> proposals, long now) {
    if (stopped) {
      for (Proposal proposal : proposals) {
        state.effect(new Effect.RejectProposal(proposal.waiter(), Refusal.STOPPED, null));
      }
      return;
    }
    step(now, () -> replica.proposals.proposeAll(proposals, replica.transfers.isActive()));
  }

  /**
   * A linearizable read. Its waiter is handed back exactly once: with an {@link Effect.ServeRead}
   * or an {@link Effect.RejectRead}.
   *
   * @param waiter the reader
   * @param now monotonic nanoseconds
   */
  public void read(Object waiter, long now) {
    if (stopped) {
      state.effect(new Effect.RejectRead(waiter, Refusal.STOPPED, null));
      return;
    }
    step(now, () -> replica.reads.read(waiter));
  }

  /**
   * A request to hand leadership over. Its waiter is handed back exactly once, with an {@link
   * Effect.TransferEnded}.
   *
   * @param waiter who asks
   * @param target the voter that shall lead, null for the one that is furthest
   * @param now monotonic nanoseconds
   */
  public void transferLeadership(Object waiter, @Nullable ReplicaId target, long now) {
    if (stopped) {
      state.effect(new Effect.TransferEnded(waiter, TransferOutcome.NOT_LEADER));
      return;
    }
    step(now, () -> replica.startTransfer(waiter, target));
  }

  /**
   * Time has passed. Calling it early or late is harmless.
   *
   * @param now monotonic nanoseconds
   */
  public void tick(long now) {
    step(
        now,
        () -> {
          long age = state.pipeline.writeAge(state.now());
          if (age >= state.settings.writeStallTimeout()) {
            failStop(age);
          } else {
            replica.onTick();
          }
        });
  }

  /**
   * All messages that had arrived were handled: what gathered may leave as one batch.
   *
   * @param now monotonic nanoseconds
   * @param wallClockMillis for the timestamps of entries
   */
  public void drained(long now, long wallClockMillis) {
    step(now, () -> replica.drained(wallClockMillis, false));
  }

  /**
   * Starts the next write, if none is in flight and there is something to write: everything that
   * gathered, as one event.
   *
   * @param now monotonic nanoseconds
   * @param wallClockMillis for the timestamps of entries
   * @return the write, or null
   */
  public @Nullable PendingWrite nextWrite(long now, long wallClockMillis) {
    if (stopped || state.pipeline.isWriting()) {
      return null;
    }
    step(now, () -> replica.drained(wallClockMillis, true));
    return state.pipeline.start(
        state.hardState(),
        state.log,
        state.commitIndex(),
        state.settings.maxWriteBytes(),
        state.now());
  }

  /**
   * A write is durable.
   *
   * @param number the number of the write in flight
   * @param now monotonic nanoseconds
   */
  public void written(long number, long now) {
    step(now, () -> replica.written(number));
  }

  /**
   * The state machine has applied entries and their waiters were answered.
   *
   * @param index the last of them
   * @param now monotonic nanoseconds
   */
  public void applied(long index, long now) {
    step(now, () -> replica.applied(index));
  }

  /**
   * Entries that an {@link Effect.Fetch} asked for.
   *
   * @param fetch what was asked for
   * @param entries contiguous from its first index, perhaps fewer than asked for; empty after a
   *     failure
   * @param now monotonic nanoseconds
   */
  public void fetched(Effect.Fetch fetch, List<LogEntry> entries, long now) {
    step(now, () -> replica.fetched(fetch, entries));
  }

  /**
   * A snapshot of the state machine was saved durably: what it makes superfluous leaves the log.
   * Also called with the newest one at the start and after an installation, since what a crash cut
   * short is done then.
   *
   * @param snapshot the snapshot and what may go, all of it applied here
   * @param now monotonic nanoseconds
   */
  public void snapshotSaved(SavedSnapshot snapshot, long now) {
    step(now, () -> replica.snapshotSaved(snapshot));
  }

  /**
   * What an {@link Effect.SendSnapshot} asked for has ended.
   *
   * @param to the follower
   * @param term of the effect
   * @param index what the snapshot includes, 0 if there was none
   * @param delivered whether the follower has said that it has all of it, durably
   * @param now monotonic nanoseconds
   */
  public void snapshotSent(ReplicaId to, long term, long index, boolean delivered, long now) {
    step(now, () -> replica.snapshotSent(to, term, index, delivered));
  }

  /**
   * A snapshot of another replica of this partition is durable here, complete and verified. It is
   * installed if it holds more than this log has; otherwise nothing happens.
   *
   * @param term of the {@link Effect.SendSnapshot} that sent it
   * @param base what it includes
   * @param timestampMillis of the entry there: entries that follow are never earlier
   * @param now monotonic nanoseconds
   */
  public void snapshotReceived(long term, SnapshotBase base, long timestampMillis, long now) {
    step(now, () -> replica.snapshots.received(term, base, timestampMillis));
  }

  /**
   * The state machine was replaced as {@link Effect.InstallSnapshot} asked for.
   *
   * @param index what the snapshot includes
   * @param now monotonic nanoseconds
   */
  public void snapshotInstalled(long index, long now) {
    step(now, () -> replica.snapshots.installed(index));
  }

  /**
   * The replica stops: hands back every waiter that the core still holds. Nothing but that comes
   * out any more.
   *
   * @param now monotonic nanoseconds
   */
  public void stop(long now) {
    if (stopped) {
      return;
    }
    state.beginStep(now);
    stopped = true;
    replica.proposals.abandon(Refusal.STOPPED);
    replica.applying.abandonProposals();
    replica.reads.abandonAll(Refusal.STOPPED);
    replica.transfers.finish(TransferOutcome.TIMED_OUT);
  }

  /**
   * What the tail of the log may take in memory from now on, as many replicas share a process.
   *
   * @param bytes counts if it is less than the settings allow
   */
  public void limitTail(long bytes) {
    state.limitTail(bytes);
  }

  /** {@return whether something gathered that {@link #drained} would send on its way} */
  public boolean wantsDrain() {
    boolean wantsBatch = state.isLeader() && replica.proposals.mayFormEarly();
    return !stopped && (wantsBatch || replica.reads.wantsDrain(replica.isOwnTermCommitted()));
  }

  /** {@return whether {@link #nextWrite} would return a write} */
  public boolean wantsWrite() {
    return !stopped
        && !state.pipeline.isWriting()
        && (replica.proposals.mayForm() || state.pipeline.hasWork(state.hardState(), state.log));
  }

  /**
   * When {@link #tick} is due at the latest.
   *
   * @return monotonic nanoseconds, {@link Long#MAX_VALUE} for never
   */
  public long nextDeadline() {
    if (stopped) {
      return ReplicaState.NEVER;
    }
    long deadline = state.isLeader() ? replica.nextHeartbeat() : state.electionDeadline();
    deadline = Math.min(deadline, replica.transfers.nextDeadline());
    deadline = Math.min(deadline, replica.reads.nextDeadline());
    deadline = Math.min(deadline, replica.applying.nextDeadline());
    if (state.pipeline.isWriting()) {
      long started = state.pipeline.writeStartedAt();
      deadline = Math.min(deadline, started + state.settings.writeStallTimeout());
    }
    return deadline;
  }

  /**
   * Takes out what the steps so far want done. Everything that it promises is durable.
   *
   * @param executor gets the effects in order
   */
  public void takeEffects(Consumer<Effect> executor) {
    state.takeEffects(executor);
  }

  /** {@return what it does in its term} */
  public Role role() {
    return state.role();
  }

  /** {@return term and vote, as in memory} */
  public HardState hardState() {
    return state.hardState();
  }

  /** {@return the leader of the term as far as known} */
  public @Nullable ReplicaId leader() {
    return state.leader();
  }

  /** {@return the highest index known to be committed} */
  public long commitIndex() {
    return state.commitIndex();
  }

  /** {@return the highest index that the state machine has applied} */
  public long appliedIndex() {
    return replica.applying.appliedIndex();
  }

  /** {@return the highest index that is durable here and still in the log} */
  public long durableIndex() {
    return state.pipeline.durableIndex();
  }

  /**
   * What a leader believes of a follower.
   *
   * @param follower another member
   * @return the highest index known to be durable there and equal to this log; 0 if none is, -1 if
   *     this replica does not lead or does not know the other
   */
  public long matchIndex(ReplicaId follower) {
    Replication replication = replica.replication();
    Progress progress = replication == null ? null : replication.follower(follower);
    return progress == null ? -1 : progress.matchIndex();
  }

  /**
   * What a leader has sent to a follower and not heard of again.
   *
   * @param follower another member
   * @return bytes, 0 if this replica does not lead or does not know the other
   */
  public long inflightBytes(ReplicaId follower) {
    Replication replication = replica.replication();
    Progress progress = replication == null ? null : replication.follower(follower);
    return progress == null ? 0 : progress.inflightBytes();
  }

  /** {@return how it is} */
  public CoreStatus status() {
    Replication replication = replica.replication();
    return new CoreStatus(
        state.role(),
        state.hardState(),
        state.leader(),
        state.isPublished(),
        state.commitIndex(),
        replica.applying.appliedIndex(),
        state.pipeline.durableIndex(),
        state.log.last(),
        state.log.base().position(),
        replica.snapshots.newestIndex(),
        replica.snapshots.isInstalling() || state.isStateMissing(),
        state.configuration(),
        replica.applying.isCaughtUp(),
        replication == null ? List.of() : replication.describe());
  }

  /**
   * For stale reads.
   *
   * @param now monotonic nanoseconds
   * @return how long ago the applied state was last known to be the leader's; {@link
   *     Long#MAX_VALUE} if never
   */
  public long stalenessNanos(long now) {
    state.beginStep(now);
    replica.refreshOwnFreshness();
    return replica.applying.stalenessNanos();
  }

  private void step(long now, Runnable body) {
    if (stopped) {
      return;
    }
    state.beginStep(now);
    body.run();
    checker.check();
    Replication replication = replica.replication();
    if (replication != null) {
      replication.checkInvariants();
    }
  }

  /**
   * Whether an entry with this index and term is in this log and committed: then it is the same on
   * every replica, for ever.
   *
   * @param position of the entry
   * @return false also of what a snapshot has replaced
   */
  public boolean isCommitted(LogPosition position) {
    return position.index() <= state.commitIndex() && state.log.contains(position);
  }

  /** {@return what the log stands on, as in memory} */
  public SnapshotBase base() {
    return state.log.base();
  }

  private void failStop(long writeAge) {
    state.effect(
        new Effect.FailStop(
            "the journal has not answered a write for "
                + writeAge / 1_000_000
                + " ms (raft-actors.partition.write-stall-timeout)"));
    stop(state.now());
  }
}
