package org.raftactors.cluster.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.raftactors.ProposalResult;
import org.raftactors.ProposalResult.Committed;
import org.raftactors.ProposalResult.Rejected;
import org.raftactors.ProposalResult.Unknown;
import org.raftactors.RejectReason;
import org.raftactors.UnknownReason;
import org.raftactors.cluster.internal.ClientSettings;
import org.raftactors.core.membership.ReplicaId;

/**
 * The proposals of one client to one partition: a state machine without I/O, clock or threads.
 *
 * <p>It <b>flows</b> while the leader is known: proposals are sent behind those that are not
 * answered yet, so they reach the leader in the order in which they came. One that comes alone is
 * sent at once. While others are in flight, what comes leaves together as soon as a thread is free
 * for it; with many messages {@link Unanswered}, when one of them is, or when there is enough for a
 * full one, or after a moment. The first rejection or unknown outcome <b>stops</b> it: nothing is
 * sent until everything in flight is answered; then what was rejected is sent again, in the old
 * order, followed by what came meanwhile. Where it is not sure who leads, it sends one proposal
 * alone, and the rest only after that was committed: if the supposed leader is dead, the outcome of
 * one is unknown and not that of all.
 *
 * <p>Only a rejection is ever followed by another attempt, since only then is it certain that the
 * command has not been appended. Whatever was sent and not answered is reported as unknown: at its
 * deadline, or once another leader, or a later term of the same one, has been serving for a while.
 * A leader that has been silent for a while is sent nothing more until it answers, but one message
 * each time it says that it still leads: what it did not answer may be lost. Proposals go to the
 * replica on this node, which answers quickly in every state, or to a replica that was named as the
 * leader: never to one about which nothing is known, which may be dead. A leader that was not heard
 * for a moment counts as one about which nothing is known: it may have stopped since.
 */
final class ProposalPipeline {

  /** What the pipeline asks its owner to do. */
  interface Effects {

    /** Send it, and report the answers as they come. */
    void send(ProposalBatch batch);

    /** No answer to it is waited for any more. */
    void settled(ProposalBatch batch);

    /** Call {@link #flush} as soon as a thread is free for it. */
    void flushSoon();

    /** This is its outcome. */
    void complete(PendingProposal proposal, ProposalResult<byte[]> result);

    /** Ask all replicas how they are, and report what they say. */
    void look();

    /** Ask only the replica on this node, which costs next to nothing. */
    void lookHere();
  }

  /** How often a hint is followed without a pause: two replicas may name each other. */
  private static final int MAX_HOPS = 2;

  /** Rejections by this node's replica without a hint after which the others are asked too. */
  private static final int FAILURES_BEFORE_LOOK = 2;

  /**
   * How long after its last answer a leader is sent the next proposal without asking the replica on
   * this node first. That one hears of each leader by itself, within about a heartbeat, and names
   * it at once; a leader that is gone would only let the outcome be unknown.
   */
  private static final long FRESH = Duration.ofMillis(100).toNanos();

  /**
   * How often the replica on this node is asked whether a silent leader was replaced. It hears of
   * that by itself; what it has not heard yet is all that there is to wait for.
   */
  private static final long LOOK_HERE = Duration.ofMillis(50).toNanos();

  private static final long NEVER = Long.MAX_VALUE;

  private final ReplicaId local;
  private final Effects effects;
  private final long maxBatchBytes;
  private final BackOff backOff;
  private final long suspectAfter;
  private final long giveUpGrace;

  private final WaitingProposals waiting = new WaitingProposals();
  private final Set<PendingProposal> inFlight = new LinkedHashSet<>();
  private final Unanswered unanswered = new Unanswered();
  private boolean flushAsked;
  private long lastNumber;

  /** Not later than that of any that waits or is in flight. */
  private long earliestDeadline = NEVER;

  private ReplicaId target;
  private boolean sure;
  private long knownTerm;

  private boolean stopped;
  private long resumeAt = NEVER;
  private int hops;
  private @Nullable ReplicaId hint;
  private boolean stay;
  private Duration pause = Duration.ZERO;

  private long quietSince;
  private long lookedAt;
  private long lookedHereAt;
  private long termOfTarget;
  private boolean probing;
  private long tickedAt;
  private long replacedSince = NEVER;

  /**
   * Makes one that has sent nothing.
   *
   * @param maxRequestBytes the largest command; a message with several takes half of it at most
   */
  ProposalPipeline(
      ClientSettings settings,
      int maxRequestBytes,
      ReplicaId local,
      RandomGenerator random,
      Effects effects) {
    this.maxBatchBytes = maxRequestBytes / 2;
    this.local = local;
    this.target = local;
    this.effects = effects;
    this.backOff = new BackOff(settings.backOffMin(), settings.backOffMax(), random);
    this.suspectAfter = settings.suspectAfter().toNanos();
    this.giveUpGrace = settings.giveUpGrace().toNanos();
  }

  /** A new proposal. */
  void submit(PendingProposal proposal, long now) {
    proposal.number = ++lastNumber;
    boolean alone = inFlight.isEmpty() && waiting.isEmpty();
    if (alone && !stopped) {
      forgetStaleLeader(now);
    }
    waiting.add(proposal);
    watch(proposal.deadline);
    if (alone) {
      sendWaiting(now);
    } else if (!flushAsked && maySend(now)) {
      flushAsked = true;
      effects.flushSoon();
    }
  }

  /**
   * Answers to what was sent.
   *
   * @param first the place in the batch of the proposal that the first result is of
   */
  void answered(ProposalBatch batch, int first, List<ProposalResult<byte[]>> results, long now) {
    boolean any = false;
    for (int i = 0; i < results.size() && first + i < batch.proposals.size(); i++) {
      PendingProposal proposal = batch.proposals.get(first + i);
      if (isInFlight(proposal, batch)) {
        if (land(proposal)) {
          unanswered.answered(batch);
        }
        answered(proposal, results.get(i));
        any = true;
      }
    }
    if (any) {
      listen(now);
      goOn(now);
    }
  }

  private void answered(PendingProposal proposal, ProposalResult<byte[]> result) {
    if (result instanceof Rejected<byte[]> rejected) {
      rejected(proposal, rejected);
    } else {
      complete(proposal, result);
      if (result instanceof Committed<byte[]> committed) {
        committed(proposal, committed);
      } else {
        stop();
      }
    }
  }

  /**
   * A replica knows a leader whose term has begun to serve.
   *
   * @param leader the leader
   * @param term its term
   * @param itself whether it says so itself
   */
  void sawLeader(ReplicaId leader, long term, boolean itself, long now) {
    if (term < knownTerm) {
      return;
    }
    knownTerm = term;
    if (inFlight.isEmpty()) {
      if (stopped && !leader.equals(target)) {
        hint = leader;
      }
    } else if (isQuiet(now)) {
      if (termOfTarget == 0 && leader.equals(target)) {
        termOfTarget = term;
      }
      if (!leader.equals(target) || term > termOfTarget) {
        hint = leader;
        replacedSince = Math.min(replacedSince, now);
        probing = false;
      } else if (itself) {
        probing = true;
        sendWaiting(now);
      }
    }
  }

  /** A read was not served by this replica: it may not lead any more. */
  void doubt(ReplicaId replica) {
    if (sure && target.equals(replica)) {
      sure = false;
      if (inFlight.isEmpty()) {
        target = local;
      }
    }
  }

  /** Time has passed: to be called when {@link #nextDeadline} has come. */
  void tick(long now) {
    expire(now);
    if (stopped && inFlight.isEmpty() && now >= resumeAt) {
      resume(now);
    }
    sendWaiting(now);
    tickedAt = now;
    if (!inFlight.isEmpty() && isQuiet(now)) {
      if (replacedSince != NEVER && now - replacedSince >= giveUpGrace) {
        giveUp(UnknownReason.LEADERSHIP_LOST);
        goOn(now);
      } else if (now - lookedAt >= suspectAfter / 2) {
        lookedAt = now;
        lookedHereAt = now;
        effects.look();
      } else if (replacedSince == NEVER && now - lookedHereAt >= LOOK_HERE) {
        lookedHereAt = now;
        effects.lookHere();
      }
    }
  }

  /** When to call {@link #tick}: monotonic nanoseconds, or {@link Long#MAX_VALUE}. */
  long nextDeadline() {
    long next = inFlight.isEmpty() && waiting.isEmpty() ? NEVER : earliestDeadline;
    if (inFlight.isEmpty()) {
      return stopped ? Math.min(next, resumeAt) : next;
    }
    if (!stopped && !waiting.isEmpty() && unanswered.allowAnotherAt() > tickedAt) {
      next = Math.min(next, unanswered.allowAnotherAt());
    }
    if (!target.equals(local)) {
      long look = lookedAt + suspectAfter / 2;
      if (replacedSince == NEVER) {
        look = Math.min(look, lookedHereAt + LOOK_HERE);
      } else {
        next = Math.min(next, replacedSince + giveUpGrace);
      }
      next = Math.min(next, Math.max(quietSince + suspectAfter, look));
    }
    return next;
  }

  /** The leader, if it is known. */
  Optional<ReplicaId> leader() {
    return sure ? Optional.of(target) : Optional.empty();
  }

  /** Ends everything: what was sent is unknown, what was not is rejected. */
  void close() {
    giveUp(UnknownReason.STOPPED);
    waiting.takeFirst(Integer.MAX_VALUE, Long.MAX_VALUE).forEach(this::reject);
  }

  private boolean maySend(long now) {
    if (stopped || inFlight.isEmpty()) {
      return !stopped;
    }
    return (probing || (sure && !isQuiet(now)))
        && (unanswered.allowAnother(now) || waiting.bytes() >= maxBatchBytes);
  }

  /** Silent for too long. The replica on this node needs no suspicion: it answers for itself. */
  private boolean isQuiet(long now) {
    return !target.equals(local) && now - quietSince >= suspectAfter;
  }

  private void forgetStaleLeader(long now) {
    if (!target.equals(local) && now - quietSince >= FRESH) {
      sure = false;
      target = local;
    }
  }

  private void listen(long now) {
    quietSince = now;
    probing = false;
    termOfTarget = 0;
    replacedSince = NEVER;
  }

  private static boolean isInFlight(PendingProposal proposal, ProposalBatch batch) {
    return proposal.state == PendingProposal.State.IN_FLIGHT && proposal.batch == batch;
  }

  /** It is answered, or will not be. Returns whether that is so for all of its batch. */
  private boolean land(PendingProposal proposal) {
    inFlight.remove(proposal);
    ProposalBatch batch = batchOf(proposal);
    if (--batch.open > 0) {
      return false;
    }
    effects.settled(batch);
    return true;
  }

  private static ProposalBatch batchOf(PendingProposal sent) {
    return Objects.requireNonNull(sent.batch);
  }

  private void committed(PendingProposal proposal, Committed<byte[]> committed) {
    knownTerm = Math.max(knownTerm, committed.token().term());
    if (!stopped && target.equals(batchOf(proposal).to)) {
      sure = true;
      hops = 0;
      backOff.reset();
    }
  }

  private void rejected(PendingProposal proposal, Rejected<byte[]> rejected) {
    proposal.lastRejection = rejected;
    if (!Retries.isWorthwhile(rejected.reason())) {
      complete(proposal, rejected);
      return;
    }
    ReplicaId from = batchOf(proposal).to;
    proposal.state = PendingProposal.State.WAITING;
    waiting.putBack(proposal);
    stop();
    if (rejected.leader().isPresent() && !rejected.leader().get().equals(from)) {
      hint = rejected.leader().get();
    }
    stay = rejected.reason() == RejectReason.OVERLOADED;
    if (rejected.retryAfter().compareTo(pause) > 0) {
      pause = rejected.retryAfter();
    }
  }

  private void stop() {
    stopped = true;
    sure = false;
    resumeAt = NEVER;
  }

  private void goOn(long now) {
    if (!stopped) {
      sendWaiting(now);
    } else if (inFlight.isEmpty()) {
      planResume(now);
    }
  }

  private void planResume(long now) {
    ReplicaId named = hint;
    hint = null;
    if (named != null && hops < MAX_HOPS) {
      hops++;
      target = named;
      resumeAt = now + pause.toNanos();
    } else {
      hops = 0;
      resumeAt = now + backOff.next(pause);
      if (named != null) {
        target = named;
      } else if (!stay) {
        target = local;
      }
      if (backOff.failures() > FAILURES_BEFORE_LOOK) {
        effects.look();
      }
    }
    pause = Duration.ZERO;
    stay = false;
    if (resumeAt <= now) {
      resume(now);
    }
  }

  private void resume(long now) {
    if (hint != null) {
      target = hint;
      hint = null;
    }
    stopped = false;
    resumeAt = NEVER;
    sendWaiting(now);
  }

  /** As {@link Effects#flushSoon} asked for. */
  void flush(long now) {
    flushAsked = false;
    sendWaiting(now);
  }

  private void sendWaiting(long now) {
    expire(now);
    while (!waiting.isEmpty() && maySend(now)) {
      int most = sure ? Integer.MAX_VALUE : 1;
      send(new ProposalBatch(waiting.takeFirst(most, maxBatchBytes), target), now);
    }
  }

  private void send(ProposalBatch batch, long now) {
    if (inFlight.isEmpty()) {
      listen(now);
    }
    probing = false;
    unanswered.sent(batch, now);
    for (PendingProposal proposal : batch.proposals) {
      proposal.state = PendingProposal.State.IN_FLIGHT;
      proposal.batch = batch;
      inFlight.add(proposal);
    }
    effects.send(batch);
  }

  /** What waits was not sent; what is in flight may be committed all the same. */
  private void expire(long now) {
    if (earliestDeadline > now) {
      return;
    }
    earliestDeadline = NEVER;
    waiting.takeDue(now, this::watch).forEach(this::reject);
    List<PendingProposal> sent = new ArrayList<>();
    for (PendingProposal proposal : inFlight) {
      if (proposal.deadline <= now) {
        sent.add(proposal);
      } else {
        watch(proposal.deadline);
      }
    }
    if (!sent.isEmpty()) {
      lose(sent, UnknownReason.TIMED_OUT);
      goOn(now);
    }
  }

  private void watch(long deadline) {
    earliestDeadline = Math.min(earliestDeadline, deadline);
  }

  private void giveUp(UnknownReason reason) {
    replacedSince = NEVER;
    lose(new ArrayList<>(inFlight), reason);
  }

  private void lose(List<PendingProposal> sent, UnknownReason reason) {
    for (PendingProposal proposal : sent) {
      if (land(proposal)) {
        unanswered.givenUp(batchOf(proposal));
      }
      complete(proposal, new Unknown<>(reason));
    }
    stop();
  }

  private void reject(PendingProposal proposal) {
    Rejected<byte[]> last = proposal.lastRejection;
    complete(
        proposal,
        last != null
            ? last
            : new Rejected<>(RejectReason.UNAVAILABLE, Optional.empty(), Duration.ZERO));
  }

  private void complete(PendingProposal proposal, ProposalResult<byte[]> result) {
    proposal.state = PendingProposal.State.DONE;
    effects.complete(proposal, result);
  }
}
