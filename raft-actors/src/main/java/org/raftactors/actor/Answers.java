package org.raftactors.actor;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;
import org.raftactors.Describe;
import org.raftactors.LogPage;
import org.raftactors.PartitionSettings;
import org.raftactors.PartitionStatus;
import org.raftactors.ProposalResult;
import org.raftactors.Propose;
import org.raftactors.ProposeBatch;
import org.raftactors.RaftPartition;
import org.raftactors.Read;
import org.raftactors.ReadLog;
import org.raftactors.ReadResult;
import org.raftactors.RejectReason;
import org.raftactors.SnapshotResult;
import org.raftactors.TakeSnapshot;
import org.raftactors.TransferLeadership;
import org.raftactors.UnknownReason;
import org.raftactors.core.Refusal;
import org.raftactors.core.TransferOutcome;
import org.raftactors.core.Uncertainty;
import org.raftactors.core.membership.ReplicaId;

/** Turns what the core says about a request into the answer that its sender gets. */
final class Answers {

  private final Duration soon;
  private final Duration afterElection;

  Answers(PartitionSettings settings) {
    this.soon = Duration.ofNanos(settings.core().heartbeatInterval());
    this.afterElection = Duration.ofNanos(settings.core().electionTimeoutMin());
  }

  /** How long an election may take, for those who have to wait for one. */
  Duration afterElection() {
    return afterElection;
  }

  /**
   * Answers for a replica that does not run. What peers say is dropped: they will say it again.
   *
   * @param message any message
   * @param reason why requests are refused
   * @param retryAfter when to try again
   * @param status the answer to a question for it
   */
  static void whileWithout(
      RaftPartition.Command message,
      RejectReason reason,
      Duration retryAfter,
      Supplier<PartitionStatus> status) {
    if (message instanceof Describe describe) {
      describe.replyTo().tell(status.get());
    } else {
      refuse(message, reason, retryAfter, () -> status.get().detail());
    }
  }

  /**
   * Refuses a request, if it is one that can be refused.
   *
   * @param message any message
   * @param reason why
   * @param retryAfter when to try again
   * @param detail the same in words
   */
  static void refuse(
      RaftPartition.Command message,
      RejectReason reason,
      Duration retryAfter,
      Supplier<String> detail) {
    if (message instanceof Propose propose) {
      tell(propose.replyTo(), rejected(reason, null, retryAfter));
    } else if (message instanceof ProposeBatch batch) {
      rejectAll(batch, rejected(reason, null, retryAfter));
    } else if (message instanceof Read read) {
      reject(read, reason, null, retryAfter);
    } else if (message instanceof TransferLeadership transfer) {
      transferEnded(transfer, TransferOutcome.NOT_LEADER);
    } else if (message instanceof TakeSnapshot request) {
      SnapshotResult.Reason why =
          reason == RejectReason.RESTORING
              ? SnapshotResult.Reason.RESTORING
              : SnapshotResult.Reason.UNAVAILABLE;
      notTaken(request, why, detail.get());
    } else if (message instanceof ReadLog readLog) {
      readLog
          .replyTo()
          .tell(new LogPage(LogPage.Outcome.UNAVAILABLE, List.of(), readLog.fromIndex(), 0));
    }
  }

  /** The disk of this leader is full: nothing has happened, and later it may. */
  ProposalResult<byte[]> noSpace() {
    return rejected(RejectReason.NO_SPACE, null, afterElection);
  }

  ProposalResult<byte[]> rejected(Refusal refusal, @Nullable ReplicaId leader) {
    return rejected(reasonOf(refusal), leader, waitAfter(refusal, leader));
  }

  void reject(Read read, Refusal refusal, @Nullable ReplicaId leader) {
    reject(read, reasonOf(refusal), leader, waitAfter(refusal, leader));
  }

  private static ProposalResult<byte[]> rejected(
      RejectReason reason, @Nullable ReplicaId leader, Duration retryAfter) {
    return new ProposalResult.Rejected<>(reason, Optional.ofNullable(leader), retryAfter);
  }

  /** All commands of a batch have the same outcome. */
  static void rejectAll(ProposeBatch batch, ProposalResult<byte[]> result) {
    ProposalAnswers answers = new ProposalAnswers();
    for (int i = 0; i < batch.commands().size(); i++) {
      answers.tell(new BatchedCommand(batch, i), result);
    }
    answers.flush();
  }

  static void reject(
      Read read, RejectReason reason, @Nullable ReplicaId leader, Duration retryAfter) {
    tell(
        read.replyTo(), new ReadResult.Rejected<>(reason, Optional.ofNullable(leader), retryAfter));
  }

  static void reject(TakeSnapshot request, Refusal refusal) {
    SnapshotResult.Reason reason =
        switch (refusal) {
          case NOT_LEADER -> SnapshotResult.Reason.NO_LEADER;
          case OVERLOADED, TOO_LARGE -> SnapshotResult.Reason.OVERLOADED;
          case TRANSFERRING, STORAGE_STALLED, STOPPED -> SnapshotResult.Reason.UNAVAILABLE;
        };
    notTaken(request, reason, "what it must include was not confirmed: " + refusal);
  }

  static void notTaken(TakeSnapshot request, SnapshotResult.Reason reason, String detail) {
    request.replyTo().tell(new SnapshotResult.NotTaken(reason, detail));
  }

  static ProposalResult<byte[]> unknown(Uncertainty uncertainty) {
    return new ProposalResult.Unknown<>(reasonOf(uncertainty));
  }

  static void transferEnded(TransferLeadership request, TransferOutcome outcome) {
    request.replyTo().tell(outcome);
  }

  /** What a proposer or reader expects is fixed by its request, not by the compiler. */
  @SuppressWarnings("unchecked")
  static void tell(ActorRef<?> replyTo, Object answer) {
    ((ActorRef<Object>) replyTo).tell(answer);
  }

  private Duration waitAfter(Refusal refusal, @Nullable ReplicaId leader) {
    return switch (refusal) {
      case NOT_LEADER -> leader != null ? Duration.ZERO : soon;
      case OVERLOADED, TRANSFERRING -> soon;
      case TOO_LARGE -> Duration.ZERO;
      case STORAGE_STALLED, STOPPED -> afterElection;
    };
  }

  private static RejectReason reasonOf(Refusal refusal) {
    return switch (refusal) {
      case NOT_LEADER -> RejectReason.NOT_LEADER;
      case OVERLOADED -> RejectReason.OVERLOADED;
      case TOO_LARGE -> RejectReason.TOO_LARGE;
      case TRANSFERRING, STORAGE_STALLED, STOPPED -> RejectReason.UNAVAILABLE;
    };
  }

  private static UnknownReason reasonOf(Uncertainty uncertainty) {
    return switch (uncertainty) {
      case LEADERSHIP_LOST -> UnknownReason.LEADERSHIP_LOST;
      case SUPERSEDED -> UnknownReason.SUPERSEDED;
      case STOPPED -> UnknownReason.STOPPED;
      case APPLIED_BY_SNAPSHOT -> UnknownReason.RESULT_LOST;
    };
  }
}
