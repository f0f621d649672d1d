package org.raftactors.core;

import org.jspecify.annotations.Nullable;
import org.raftactors.core.membership.ReplicaId;
import org.raftactors.core.message.TimeoutNow;
import org.raftactors.core.replication.Progress;
import org.raftactors.core.transfer.TransferState;

/**
 * Hands leadership over (thesis 3.10): no new proposals, bring the target to the end of the log,
 * tell it to campaign at once. The leader leads until it sees a newer term, and goes on as before
 * if none has come within an election timeout.
 */
final class Transfers {

  private final ReplicaState state;
  private @Nullable TransferState current;

  Transfers(ReplicaState state) {
    this.state = state;
  }

  boolean isActive() {
    return current != null;
  }

  long nextDeadline() {
    return current == null ? ReplicaState.NEVER : current.deadline();
  }

  /** Starts a hand-over, or answers at once why there will be none. */
  void start(
      @Nullable Object waiter, @Nullable ReplicaId wanted, @Nullable Replication replication) {
    if (replication == null) {
      end(waiter, TransferOutcome.NOT_LEADER);
      return;
    }
    if (state.self.equals(wanted)) {
      end(waiter, TransferOutcome.ALREADY_LEADER);
      return;
    }
    if (current != null) {
      end(waiter, TransferOutcome.IN_PROGRESS);
      return;
    }
    ReplicaId target = wanted == null ? replication.furthestVoter() : wanted;
    if (target == null || !state.configuration().isVoter(target)) {
      end(waiter, TransferOutcome.NO_SUCH_VOTER);
      return;
    }
    current = new TransferState(target, waiter, state.now() + state.settings.electionTimeoutMin());
  }

  /**
   * Tells the target to campaign if it has the whole log; repeated with each of its answers, since
   * messages get lost. Not before all of it is committed, unless this replica's disk is what it
   * waits for: whoever waits for an entry then learns that it is done, not that nobody knows.
   */
  void progress(Replication replication, boolean intakeDrained) {
    if (current == null || !intakeDrained) {
      return;
    }
    Progress target = replication.follower(current.target());
    long last = state.log.lastIndex();
    boolean committed = state.commitIndex() == last || state.isStorageSlow();
    if (target != null && target.matchIndex() == last && committed) {
      state.outbox.send(current.target(), new TimeoutNow(state.term()));
    }
  }

  @Nullable ReplicaId target() {
    return current == null ? null : current.target();
  }

  void onTick() {
    if (nextDeadline() <= state.now()) {
      finish(TransferOutcome.TIMED_OUT);
    }
  }

  void finish(TransferOutcome outcome) {
    if (current != null) {
      Object waiter = current.waiter();
      current = null;
      end(waiter, outcome);
    }
  }

  private void end(@Nullable Object waiter, TransferOutcome outcome) {
    if (waiter != null) {
      state.effect(new Effect.TransferEnded(waiter, outcome));
    }
  }
}
