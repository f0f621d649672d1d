package org.raftactors.core;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.raftactors.core.log.SnapshotBase;
import org.raftactors.core.membership.ReplicaId;
import org.raftactors.core.message.RaftMessage;

/**
 * What the core wants done. Effects of a step come out after its invariants held, in order, and
 * everything that they promise is durable already: whoever executes them has no ordering left to
 * get wrong. Writes are not among them, see {@link RaftCore#nextWrite}.
 */
public sealed interface Effect {

  /**
   * Send a message to a replica; it may get lost.
   *
   * @param to the receiver
   * @param message the message
   */
  record Send(ReplicaId to, RaftMessage message) implements Effect {}

  /**
   * Give entries to the state machine, answer their waiters, then call {@link RaftCore#applied}.
   *
   * @param batch the entries
   */
  record Apply(ApplyBatch batch) implements Effect {}

  /**
   * Answer a proposer: it has not happened and never will.
   *
   * @param waiter the proposal's waiter
   * @param refusal why
   * @param leader who may lead instead, if known
   */
  record RejectProposal(Object waiter, Refusal refusal, @Nullable ReplicaId leader)
      implements Effect {}

  /**
   * Answer a proposer: it may or may not happen.
   *
   * @param waiter the proposal's waiter
   * @param uncertainty why
   */
  record ProposalUnknown(Object waiter, Uncertainty uncertainty) implements Effect {}

  /**
   * Serve a read: everything that it must see was handed to the state machine in an earlier {@link
   * Apply}.
   *
   * @param waiter the read's waiter
   * @param readIndex the index that the read covers
   */
  record ServeRead(Object waiter, long readIndex) implements Effect {}

  /**
   * Answer a reader: not served, safe to try again.
   *
   * @param waiter the read's waiter
   * @param refusal why
   * @param leader who may lead instead, if known
   */
  record RejectRead(Object waiter, Refusal refusal, @Nullable ReplicaId leader) implements Effect {}

  /**
   * Read entries back from the journal that are no longer in memory, then call {@link
   * RaftCore#fetched}, with what was found or with an empty list after a failure; an empty list is
   * asked for again later. At most one fetch is open for each receiver.
   *
   * @param receiver the follower that lacks them, or null for the state machine
   * @param firstIndex the first index wanted
   * @param lastIndex the last index wanted
   * @param maxBytes stop before the entry that would exceed this size; at least one entry. What is
   *     given beyond is not used
   */
  record Fetch(@Nullable ReplicaId receiver, long firstIndex, long lastIndex, int maxBytes)
      implements Effect {}

  /**
   * Send the newest snapshot, then call {@link RaftCore#snapshotSent}: the log no longer reaches
   * back to what the follower lacks, or is larger than the snapshot. At most one is under way for
   * each follower and term; it is of no use any more once this replica has ceased to lead in that
   * term. Whatever becomes of it, {@code snapshotSent} is called once, and only after the
   * follower's core has handled {@link RaftCore#snapshotReceived} it counts as delivered, also if
   * the follower had the file before. The snapshot is chosen while this replica leads in the term
   * and is the same to the end of the transfer: the follower concludes from the term that all in it
   * is committed.
   *
   * @param to the follower
   * @param atLeastIndex what the snapshot must include; if there is none, one is taken
   * @param term goes with it
   */
  record SendSnapshot(ReplicaId to, long atLeastIndex, long term) implements Effect {}

  /**
   * Replace the state machine by the snapshot that was received, after all that was handed over
   * before, then call {@link RaftCore#snapshotInstalled}. The log stands on it durably.
   *
   * @param base the snapshot
   */
  record InstallSnapshot(SnapshotBase base) implements Effect {}

  /**
   * Leadership as it is now known here; for logs, hints and events.
   *
   * @param term the current term
   * @param role this replica's role
   * @param leader the leader of that term, null if unknown
   * @param published true once the leader is this replica and its first own entry was applied, or
   *     it is another one
   */
  record LeadershipChanged(long term, Role role, @Nullable ReplicaId leader, boolean published)
      implements Effect {}

  /**
   * Answer a request to transfer leadership.
   *
   * @param waiter the request's waiter
   * @param outcome how it ended
   */
  record TransferEnded(Object waiter, TransferOutcome outcome) implements Effect {}

  /**
   * Stop this replica: its storage does not answer.
   *
   * @param reason in words
   */
  record FailStop(String reason) implements Effect {}

  /** A list that steps add to. */
  interface Sink {
    /**
     * Adds one.
     *
     * @param effect to be executed after the step
     */
    void add(Effect effect);

    /**
     * Adds several.
     *
     * @param effects to be executed after the step, in order
     */
    default void addAll(List<? extends Effect> effects) {
      effects.forEach(this::add);
    }
  }
}
