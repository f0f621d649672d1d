package org.raftactors.cluster.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
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
  private static final ReplicaId LOCAL = new ReplicaId(1);

  private final long seed;
  private final SplittableRandom random;
  private final ProposalPipeline pipeline;
  private final List<PendingProposal> submitted = new ArrayList<>();
  private final Map<PendingProposal, ProposalBatch> inFlight = new HashMap<>();
  private final Set<ProposalBatch> open = new HashSet<>();
  private final Set<PendingProposal> sentEver = new HashSet<>();
  private final Set<PendingProposal> rejectedEver = new HashSet<>();
  private final Map<PendingProposal, ProposalResult<byte[]>> outcomes = new HashMap<>();
  private long highestSentUnbroken;
  private boolean flushAsked;
  private boolean asked;
  private ReplicaId serving = LOCAL;
  private long now = MILLI;

  PipelineSchedule(long seed) {
    this.seed = seed;
    this.random = new SplittableRandom(seed);
    this.pipeline =
        new ProposalPipeline(
            PipelineFixture.settings(), 2 * 32 * 3, LOCAL, new SplittableRandom(seed), this);
  }

  void run() {
    for (int i = 0; i < 150; i++) {
      now += random.nextInt(100) * MILLI;
      if (pipeline.nextDeadline() <= now) {
        pipeline.tick(now);
      }
      checkDeadlines();
      if (flushAsked && random.nextBoolean()) {
        flushAsked = false;
        pipeline.flush(now);
      }
      int dice = random.nextInt(10);
      if (dice < 3) {
        submit();
      } else if (dice < 4) {
        pipeline.sawLeader(replica(), 1 + random.nextInt(10), random.nextBoolean(), now);
      } else if (!open.isEmpty()) {
        answerSome();
      }
    }
    long end = now + 4_000 * MILLI;
    boolean flows = pipeline.leader().isPresent(); // else order needs the lost answers
    if (open.isEmpty()
        || (flows && inFlight.keySet().stream().allMatch(lost -> lost.deadline > end))) {
      flowOn(end);
    }
    pipeline.close();
    assertThat(outcomes).as("seed %d", seed).hasSize(submitted.size());
    assertThat(open).as("seed %d: waited for without need", seed).isEmpty();
  }

  private void checkDeadlines() {
    for (PendingProposal proposal : submitted) {
      assertThat(proposal.deadline > now || outcomes.containsKey(proposal))
          .as("seed %d: no outcome at the deadline", seed)
          .isTrue();
    }
  }

  /**
   * From now on one leader serves and says so, and no answer is lost. Those to what was sent to
   * other nodes before are lost: that may cost a suspicion, and not the deadline.
   */
  private void flowOn(long end) {
    serving = new ReplicaId(2);
    Set<ProposalBatch> lost = new HashSet<>(open);
    lost.removeIf(batch -> batch.to.equals(LOCAL));
    PendingProposal proposal = new PendingProposal(Payload.EMPTY, now + 60_000 * MILLI);
    submitted.add(proposal);
    pipeline.submit(proposal, now);
    while (!outcomes.containsKey(proposal)) {
      assertThat(now).as("seed %d: one that waits while the leader serves", seed).isLessThan(end);
      if (flushAsked) {
        flushAsked = false;
        pipeline.flush(now);
      } else if (asked) {
        asked = false;
        pipeline.sawLeader(serving, 11, true, now);
      } else if (lost.containsAll(open)) {
        now = Math.max(now + 1, pipeline.nextDeadline());
        pipeline.tick(now);
      } else {
        serve(open.stream().filter(batch -> !lost.contains(batch)).findFirst().get());
      }
    }
    assertThat(outcomes.get(proposal)).as("seed %d", seed).isInstanceOf(Committed.class);
  }

  private void serve(ProposalBatch batch) {
    ProposalResult<byte[]> result =
        batch.to.equals(serving)
            ? new Committed<>(new byte[0], new Token(new PartitionId(1), 1, 11, 7))
            : new Rejected<>(RejectReason.NOT_LEADER, Optional.of(serving), Duration.ZERO);
    if (result instanceof Rejected) {
      rejectedEver.addAll(batch.proposals);
    }
    batch.proposals.forEach(proposal -> inFlight.remove(proposal, batch));
    pipeline.answered(batch, 0, Collections.nCopies(batch.proposals.size(), result), now);
  }

  private void submit() {
    for (int i = random.nextInt(4); i >= 0; i--) {
      PendingProposal next =
          new PendingProposal(Payload.EMPTY, now + random.nextInt(5_000) * MILLI);
      submitted.add(next);
      pipeline.submit(next, now);
    }
  }

  private ReplicaId replica() {
    return new ReplicaId(1 + random.nextInt(3));
  }

  /** Some that follow on each other in a batch, as they do in answers; perhaps a part once more. */
  private void answerSome() {
    List<ProposalBatch> all = new ArrayList<>(open);
    all.sort((a, b) -> Long.compare(a.proposals.get(0).number, b.proposals.get(0).number));
    ProposalBatch batch = all.get(random.nextInt(all.size()));
    int first = random.nextInt(batch.proposals.size());
    int last = first + random.nextInt(batch.proposals.size() - first);
    List<ProposalResult<byte[]>> results = new ArrayList<>();
    for (int i = first; i <= last; i++) {
      PendingProposal proposal = batch.proposals.get(i);
      ProposalResult<byte[]> result = result();
      results.add(result);
      if (inFlight.remove(proposal, batch) && result instanceof Rejected) {
        rejectedEver.add(proposal);
      }
    }
    pipeline.answered(batch, first, results, now);
  }

  private ProposalResult<byte[]> result() {
    switch (random.nextInt(5)) {
      case 0 -> {
        Optional<ReplicaId> hint = random.nextBoolean() ? Optional.of(replica()) : Optional.empty();
        RejectReason reason =
            random.nextBoolean() ? RejectReason.NOT_LEADER : RejectReason.OVERLOADED;
        return new Rejected<>(reason, hint, Duration.ofMillis(random.nextInt(3) * 20L));
      }
      case 1 -> {
        return new Unknown<>(UnknownReason.LEADERSHIP_LOST);
      }
      default -> {
        return new Committed<>(new byte[0], new Token(new PartitionId(1), 1, 3, 7));
      }
    }
  }

  @Override
  public void send(ProposalBatch batch) {
    assertThat(open.add(batch)).isTrue();
    batch.proposals.forEach(proposal -> sent(proposal, batch));
  }

  private void sent(PendingProposal proposal, ProposalBatch batch) {
    boolean again = !sentEver.add(proposal);
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
    inFlight.put(proposal, batch);
  }

  @Override
  public void settled(ProposalBatch batch) {
    assertThat(open.remove(batch)).as("seed %d: settled twice", seed).isTrue();
  }

  @Override
  public void flushSoon() {
    flushAsked = true;
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
  public void look() {
    asked = true;
  }

  @Override
  public void lookHere() {}
}
