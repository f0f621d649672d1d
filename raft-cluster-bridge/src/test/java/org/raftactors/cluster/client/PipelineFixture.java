package org.raftactors.cluster.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.raftactors.PartitionId;
import org.raftactors.ProposalResult;
import org.raftactors.ProposalResult.Committed;
import org.raftactors.ProposalResult.Rejected;
import org.raftactors.ProposalResult.Unknown;
import org.raftactors.RejectReason;
import org.raftactors.Token;
import org.raftactors.UnknownReason;
import org.raftactors.cluster.internal.ClientSettings;
import org.raftactors.core.log.Payload;
import org.raftactors.core.membership.ReplicaId;

/** A pipeline, what it wants done as text, and a clock. */
abstract class PipelineFixture {

  static final ReplicaId LOCAL = new ReplicaId(1);
  static final ReplicaId SECOND = new ReplicaId(2);
  static final ReplicaId THIRD = new ReplicaId(3);
  static final long MILLI = 1_000_000;

  /** Half of it is a message, of which each empty command takes 32. */
  static final int MAX_REQUEST = 2 * 32 * 10;

  final List<String> log = new ArrayList<>();
  final List<PendingProposal> proposals = new ArrayList<>();
  final ProposalPipeline pipeline =
      new ProposalPipeline(
          settings(),
          MAX_REQUEST,
          LOCAL,
          new SplittableRandom(1),
          new ProposalPipeline.Effects() {
            @Override
            public void send(ProposalBatch batch) {
              log.add(
                  batch.proposals.stream().map(each -> name(each)).collect(Collectors.joining("+"))
                      + ">"
                      + batch.to);
              assertThat(open.add(batch)).isTrue();
            }

            @Override
            public void settled(ProposalBatch batch) {
              assertThat(open.remove(batch)).isTrue();
            }

            @Override
            public void flushSoon() {
              assertThat(flushAsked).isFalse();
              flushAsked = true;
            }

            @Override
            public void complete(PendingProposal proposal, ProposalResult<byte[]> result) {
              assertThat(proposal.answer.complete(result)).isTrue();
            }

            @Override
            public void look() {
              log.add("look");
            }

            @Override
            public void lookHere() {
              looksHere++;
            }
          });
  final Set<ProposalBatch> open = new HashSet<>();
  boolean flushAsked;
  int looksHere;
  long now = 10_000 * MILLI;

  static ClientSettings settings() {
    return new ClientSettings(
        Duration.ofSeconds(5),
        100,
        Duration.ofSeconds(1),
        Duration.ofMillis(10),
        Duration.ofMillis(200),
        Duration.ofSeconds(1),
        Duration.ofMillis(500));
  }

  static String name(PendingProposal proposal) {
    return String.valueOf((char) ('a' + proposal.number - 1));
  }

  PendingProposal submit() {
    return submit(5_000);
  }

  PendingProposal submit(long deadlineMillis) {
    PendingProposal proposal = new PendingProposal(Payload.EMPTY, now + deadlineMillis * MILLI);
    proposals.add(proposal);
    pipeline.submit(proposal, now);
    return proposal;
  }

  List<String> log() {
    if (flushAsked) {
      flushAsked = false;
      pipeline.flush(now);
    }
    List<String> taken = List.copyOf(log);
    log.clear();
    return taken;
  }

  void commit(PendingProposal proposal) {
    Token token = new Token(new PartitionId(1), 1, 3, 7);
    answered(proposal, new Committed<>(new byte[0], token));
  }

  void answered(PendingProposal proposal, ProposalResult<byte[]> result) {
    ProposalBatch batch = Objects.requireNonNull(proposal.batch);
    pipeline.answered(batch, batch.proposals.indexOf(proposal), List.of(result), now);
  }

  void reject(
      PendingProposal proposal, RejectReason reason, @Nullable ReplicaId hint, long retryMillis) {
    answered(
        proposal,
        new Rejected<>(reason, Optional.ofNullable(hint), Duration.ofMillis(retryMillis)));
  }

  void unknown(PendingProposal proposal, UnknownReason reason) {
    answered(proposal, new Unknown<>(reason));
  }

  /** Lets time pass, from one deadline of the pipeline to the next. */
  void pass(long millis) {
    long end = now + millis * MILLI;
    while (pipeline.nextDeadline() <= end) {
      now = Math.max(now, pipeline.nextDeadline());
      pipeline.tick(now);
    }
    now = end;
  }

  /** Brings the pipeline to flow to a leader. */
  void flowTo(ReplicaId leader) {
    PendingProposal first = submit();
    if (!leader.equals(LOCAL)) {
      reject(first, RejectReason.NOT_LEADER, leader, 0);
    }
    commit(first);
    assertThat(pipeline.leader()).contains(leader);
    log();
  }

  static ProposalResult<byte[]> answer(PendingProposal proposal) {
    assertThat(proposal.answer).isDone();
    return proposal.answer.join();
  }
}
