package org.raftactors.cluster.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.Cancellable;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;
import org.raftactors.Describe;
import org.raftactors.PartitionId;
import org.raftactors.PartitionStatus;
import org.raftactors.ProposalResult;
import org.raftactors.Propose;
import org.raftactors.ProposeBatch;
import org.raftactors.RaftPartition;
import org.raftactors.RejectReason;
import org.raftactors.core.log.Payload;
import org.raftactors.core.membership.ReplicaId;

/**
 * One client's way to one partition: runs a {@link ProposalPipeline}, guarded by this object's
 * lock. Sending happens under the lock, so that proposals leave in their order; answers are handed
 * to their futures outside of it.
 */
final class PartitionClient {

  private static final Duration LOOK_TIMEOUT = Duration.ofSeconds(1);
  private static final ProposalResult<byte[]> NO_REPLICA =
      new ProposalResult.Rejected<>(RejectReason.UNAVAILABLE, Optional.empty(), Duration.ZERO);

  private final ClientEnvironment environment;
  private final PartitionId partition;
  private final ProposalPipeline pipeline;
  private List<Runnable> completions = new ArrayList<>();
  private long timerAt = Long.MAX_VALUE;
  private @Nullable Cancellable timer;
  private boolean closed;

  PartitionClient(ClientEnvironment environment, PartitionId partition) {
    this.environment = environment;
    this.partition = partition;
    this.pipeline =
        new ProposalPipeline(
            environment.settings(),
            environment.maxRequestBytes(),
            environment.routes().local(),
            environment.random(),
            new PipelineEffects());
  }

  CompletableFuture<ProposalResult<byte[]>> propose(byte[] command, Duration deadline) {
    long now = environment.now();
    PendingProposal proposal = new PendingProposal(Payload.of(command), now + deadline.toNanos());
    step(() -> {
          pipeline.submit(proposal, environment.now()); // not before the last tick
          if (closed) {
            pipeline.close();
          }
        })
        .run();
    return proposal.answer;
  }

  synchronized Optional<ReplicaId> leader() {
    return pipeline.leader();
  }

  /** A read was not served by this replica. */
  synchronized void doubt(ReplicaId replica) {
    pipeline.doubt(replica);
  }

  /** Answers everything that is under way, and whatever comes afterwards. */
  void close() {
    step(() -> {
          closed = true;
          pipeline.close();
        })
        .run();
  }

  /**
   * One input to the pipeline; returns the futures that it completed, to be run without the lock.
   */
  private synchronized Runnable step(Runnable input) {
    input.run();
    armTimer();
    if (completions.isEmpty()) {
      return () -> {};
    }
    List<Runnable> done = completions;
    completions = new ArrayList<>();
    return () -> done.forEach(Runnable::run);
  }

  private void armTimer() {
    long next = closed ? Long.MAX_VALUE : pipeline.nextDeadline();
    if (next >= timerAt) {
      return; // what is armed comes first, and then looks again
    }
    if (timer != null) {
      timer.cancel();
    }
    timerAt = next;
    timer = environment.schedule(Math.max(0, next - environment.now()), this::ring);
  }

  private Runnable ring() {
    return step(
        () -> {
          timerAt = Long.MAX_VALUE;
          timer = null;
          pipeline.tick(environment.now());
        });
  }

  private final class PipelineEffects implements ProposalPipeline.Effects {

    @Override
    public void send(ProposalBatch batch) {
      ActorRef<RaftPartition.Command> replica =
          environment.routes().replica(partition, batch.to).orElse(null);
      if (replica == null) {
        answered(batch, 0, Collections.nCopies(batch.proposals.size(), NO_REPLICA));
      } else if (batch.proposals.size() == 1) {
        sendAlone(batch, replica);
      } else {
        BatchReplies replies = environment.replies();
        batch.id = replies.await(some -> answered(batch, some.first(), some.results()));
        List<Payload> commands = batch.proposals.stream().map(each -> each.command).toList();
        replica.tell(new ProposeBatch(batch.id, commands, replies.actor()));
      }
    }

    /** One hop less on the way back. */
    private void sendAlone(ProposalBatch batch, ActorRef<RaftPartition.Command> replica) {
      PendingProposal proposal = batch.proposals.get(0);
      Asking.<RaftPartition.Command, ProposalResult<byte[]>>ask(
          replica,
          replyTo -> new Propose(proposal.command, true, replyTo),
          Duration.ofNanos(Math.max(1, proposal.deadline - environment.now())),
          environment.scheduler(),
          result -> answered(batch, 0, List.of(result)),
          () -> {}); // the pipeline knows the deadline
    }

    @Override
    public void settled(ProposalBatch batch) {
      if (batch.id != 0) {
        environment.replies().forget(batch.id);
      }
    }

    @Override
    public void flushSoon() {
      environment.inbox().put(() -> step(() -> pipeline.flush(environment.now())));
    }

    @Override
    public void complete(PendingProposal proposal, ProposalResult<byte[]> result) {
      completions.add(() -> proposal.answer.complete(result));
    }

    @Override
    public void look() {
      environment.routes().replicas(partition).forEach(this::describe);
    }

    @Override
    public void lookHere() {
      describe(environment.routes().local());
    }

    private void describe(ReplicaId replica) {
      environment
          .routes()
          .replica(partition, replica)
          .ifPresent(
              ref ->
                  Asking.<RaftPartition.Command, PartitionStatus>ask(
                      ref,
                      Describe::new,
                      LOOK_TIMEOUT,
                      environment.scheduler(),
                      PartitionClient.this::described,
                      () -> {}));
    }

    private void answered(ProposalBatch batch, int first, List<ProposalResult<byte[]>> results) {
      environment
          .inbox()
          .put(() -> step(() -> pipeline.answered(batch, first, results, environment.now())));
    }
  }

  private void described(PartitionStatus status) {
    if (status.leaderPublished() && status.leader().isPresent()) {
      ReplicaId leader = status.leader().get();
      boolean itself = status.replica().equals(leader);
      environment
          .inbox()
          .put(
              () ->
                  step(() -> pipeline.sawLeader(leader, status.term(), itself, environment.now())));
    }
  }
}
