package org.raftactors.cluster.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.raftactors.PartitionId;
import org.raftactors.ProposalResult;
import org.raftactors.ProposalResult.Committed;
import org.raftactors.ProposalResult.Rejected;
import org.raftactors.ProposalResult.Unknown;
import org.raftactors.RejectReason;
import org.raftactors.Token;
import org.raftactors.UnknownReason;
import org.raftactors.core.log.Payload;
import org.raftactors.core.membership.ReplicaId;

/** A random life of a pipeline, with what must hold in it. */
final class PipelineSchedule implements ProposalPipeline.Effects {

  private static final long MILLI = 1_000_000;

  private final long seed;
  private final SplittableRandom random;
  private final ProposalPipeline pipeline;
  private final List<PendingProposal> submitted = new ArrayList<>();
  private final Map<PendingProposal, Integer> inFlight = new HashMap<>();
  private final Set<PendingProposal> rejectedEver = new HashSet<>();
  private final Map<PendingProposal, ProposalResult<byte[]>> outcomes = new HashMap<>();
  private long highestSentUnbroken;
  private long now = MILLI;

  PipelineSchedule(long seed) {
    this.seed = seed;
    this.random = new SplittableRandom(seed);
    this.pipeline =
        new ProposalPipeline(
            ProposalPipelineTest.settings(), new ReplicaId(1), new SplittableRandom(seed), this);
  }

  void run() {
    for (int i = 0; i < 150; i++) {
      now += random.nextInt(100) * MILLI;
      if (pipeline.nextDeadline() <= now) {
        pipeline.tick(now);
      }
      int dice = random.nextInt(10);
      if (dice < 3) {
        PendingProposal next =
            new PendingProposal(Payload.EMPTY, now + random.nextInt(5_000) * MILLI);
        submitted.add(next);
        pipeline.submit(next, now);
      } else if (dice < 4) {
        pipeline.sawLeader(replica(), 1 + random.nextInt(10), now);
      } else if (!inFlight.isEmpty()) {
        answerOne();
      }
    }
    pipeline.close();
    assertThat(outcomes).as("seed %d", seed).hasSize(submitted.size());
  }

  private ReplicaId replica() {
    return new ReplicaId(1 + random.nextInt(3));
  }

  private void answerOne() {
    List<PendingProposal> all = new ArrayList<>(inFlight.keySet());
    all.sort((a, b) -> Long.compare(a.number, b.number));
    PendingProposal proposal = all.get(random.nextInt(all.size()));
    int attempt = Optional.ofNullable(inFlight.remove(proposal)).orElseThrow();
    switch (random.nextInt(6)) {
      case 0 -> {
        rejectedEver.add(proposal);
        Optional<ReplicaId> hint = random.nextBoolean() ? Optional.of(replica()) : Optional.empty();
        RejectReason reason =
            random.nextBoolean() ? RejectReason.NOT_LEADER : RejectReason.OVERLOADED;
        Duration retryAfter = Duration.ofMillis(random.nextInt(3) * 20L);
        pipeline.answered(proposal, attempt, new Rejected<>(reason, hint, retryAfter), now);
      }
      case 1 -> pipeline.lost(proposal, attempt, now);
      case 2 ->
          pipeline.answered(proposal, attempt, new Unknown<>(UnknownReason.LEADERSHIP_LOST), now);
      default -> {
        Token token = new Token(new PartitionId(1), 1, 3, 7);
        pipeline.answered(proposal, attempt, new Committed<>(new byte[0], token), now);
      }
    }
  }

  @Override
  public void send(PendingProposal proposal, ReplicaId to) {
    boolean again = proposal.attempt > 1;
    assertThat(outcomes).as("seed %d: sent after its outcome", seed).doesNotContainKey(proposal);
    assertThat(inFlight).as("seed %d: sent twice at a time", seed).doesNotContainKey(proposal);
    if (again) {
      assertThat(rejectedEver).as("seed %d: repeated unrejected", seed).contains(proposal);
      rejectedEver.remove(proposal);
    }
    for (PendingProposal other : submitted) {
      if (other.number != 0 && other.number < proposal.number) {
        assertThat(other.state)
            .as("seed %d: %d overtakes %d", seed, proposal.number, other.number)
            .isNotEqualTo(PendingProposal.State.WAITING);
      }
    }
    if (inFlight.isEmpty()) {
      highestSentUnbroken = 0;
    }
    assertThat(proposal.number).as("seed %d: order", seed).isGreaterThan(highestSentUnbroken);
    highestSentUnbroken = proposal.number;
    inFlight.put(proposal, proposal.attempt);
  }

  @Override
  public void complete(PendingProposal proposal, ProposalResult<byte[]> result) {
    assertThat(outcomes.put(proposal, result)).as("seed %d: two outcomes", seed).isNull();
    boolean unanswered = inFlight.remove(proposal) != null;
    if (unanswered) {
      assertThat(result).as("seed %d: unanswered", seed).isInstanceOf(Unknown.class);
    }
  }

  @Override
  public void look() {}

  @Override
  public void lookHere() {}
}
