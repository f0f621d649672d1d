package org.raftactors.cluster.client;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.raftactors.PartitionId;
import org.raftactors.RaftPartition;
import org.raftactors.Read;
import org.raftactors.ReadLevel;
import org.raftactors.ReadResult;
import org.raftactors.RejectReason;
import org.raftactors.core.log.Payload;
import org.raftactors.core.membership.ReplicaId;

/**
 * Carries out the plan of one read. One step at a time: started by the reader, then in the inbox.
 */
final class PendingRead {

  private final ClientEnvironment environment;
  private final PartitionId partition;
  private final Payload query;
  private final ReadLevel level;
  private final ReadPlan plan;
  private final Consumer<ReplicaId> doubt;
  final CompletableFuture<ReadResult<byte[]>> answer = new CompletableFuture<>();

  /**
   * Prepares a read.
   *
   * @param doubt told each replica that did not answer
   */
  PendingRead(
      ClientEnvironment environment,
      PartitionId partition,
      Payload query,
      ReadLevel level,
      ReadPlan plan,
      Consumer<ReplicaId> doubt) {
    this.environment = environment;
    this.partition = partition;
    this.query = query;
    this.level = level;
    this.plan = plan;
    this.doubt = doubt;
  }

  void start() {
    perform(plan.proceed(environment.now())).run();
  }

  private static void nothing() {}

  private Runnable perform(ReadPlan.Step step) {
    if (answer.isDone()) {
      return PendingRead::nothing;
    }
    if (step instanceof ReadPlan.Step.Ask ask) {
      ask(ask.replica(), Duration.ofNanos(ask.timeout()));
      return PendingRead::nothing;
    }
    if (step instanceof ReadPlan.Step.Pause pause) {
      environment.schedule(pause.nanos(), () -> perform(plan.proceed(environment.now())));
      return PendingRead::nothing;
    }
    ReadPlan.Step.Finish finish = (ReadPlan.Step.Finish) step;
    return () -> answer.complete(finish.result());
  }

  private void ask(ReplicaId to, Duration timeout) {
    Optional<ActorRef<RaftPartition.Command>> replica = environment.routes().replica(partition, to);
    if (replica.isEmpty()) {
      put(new ReadResult.Rejected<>(RejectReason.UNAVAILABLE, Optional.empty(), Duration.ZERO));
      return;
    }
    Asking.<RaftPartition.Command, ReadResult<byte[]>>ask(
        replica.get(),
        replyTo -> new Read(query, level, true, replyTo),
        timeout,
        environment.scheduler(),
        this::put,
        () -> {
          doubt.accept(to);
          environment.inbox().put(() -> perform(plan.lost(environment.now())));
        });
  }

  private void put(ReadResult<byte[]> result) {
    environment
        .inbox()
        .put(
            () -> {
              if (result instanceof ReadResult.Rejected<byte[]> rejected) {
                return perform(plan.rejected(rejected, environment.now()));
              }
              return () -> answer.complete(result);
            });
  }
}
