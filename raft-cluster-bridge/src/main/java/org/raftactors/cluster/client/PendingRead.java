package org.raftactors.cluster.client;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
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
  final CompletableFuture<ReadResult<byte[]>> answer = new CompletableFuture<>();

  PendingRead(
      ClientEnvironment environment,
      PartitionId partition,
      Payload query,
      ReadLevel level,
      ReadPlan plan) {
    this.environment = environment;
    this.partition = partition;
    this.query = query;
    this.level = level;
    this.plan = plan;
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
    CompletionStage<ReadResult<byte[]>> result =
        AskPattern.ask(
            replica.get(),
            replyTo -> new Read(query, level, true, replyTo),
            timeout,
            environment.scheduler());
    var unused =
        result.whenComplete(
            (answered, failure) -> {
              if (answered != null) {
                put(answered);
              } else {
                environment.inbox().put(() -> perform(plan.lost(environment.now())));
              }
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
