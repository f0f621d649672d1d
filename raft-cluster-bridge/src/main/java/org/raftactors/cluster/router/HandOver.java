package org.raftactors.cluster.router;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.raftactors.PartitionId;
import org.raftactors.RaftPartition;
import org.raftactors.TransferLeadership;
import org.raftactors.core.TransferOutcome;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands over leadership of the partitions on this node, so that its stop costs no election. A
 * courtesy within bounds: what cannot be handed over in time is left to an election.
 */
public final class HandOver {

  private static final Logger LOG = LoggerFactory.getLogger(HandOver.class);
  private static final Duration PAUSE = Duration.ofMillis(50);

  private final ActorSystem<?> system;
  private final long end;

  private HandOver(ActorSystem<?> system, Duration within) {
    this.system = system;
    this.end = System.nanoTime() + within.toNanos();
  }

  /**
   * Starts it.
   *
   * @return completes when it is done, or the time is over; never fails
   */
  public static CompletionStage<Done> of(
      ActorSystem<?> system,
      Map<PartitionId, ActorRef<RaftPartition.Command>> partitions,
      Duration within) {
    HandOver handOver = new HandOver(system, within);
    CompletableFuture<?>[] all =
        partitions.entrySet().stream()
            .map(each -> handOver.attempt(each.getKey(), each.getValue()).toCompletableFuture())
            .toArray(CompletableFuture[]::new);
    return CompletableFuture.allOf(all).thenApply(each -> Done.getInstance());
  }

  private CompletionStage<Done> attempt(PartitionId id, ActorRef<RaftPartition.Command> partition) {
    long left = end - System.nanoTime();
    if (left <= 0) {
      LOG.info("leadership of partition {} was not handed over in time", id);
      return CompletableFuture.completedFuture(Done.getInstance());
    }
    CompletionStage<TransferOutcome> outcome =
        AskPattern.ask(
            partition,
            replyTo -> new TransferLeadership(Optional.empty(), replyTo),
            Duration.ofNanos(left),
            system.scheduler());
    return outcome
        .exceptionally(failure -> TransferOutcome.TIMED_OUT)
        .thenCompose(
            result ->
                switch (result) {
                  case DONE -> {
                    LOG.info("leadership of partition {} was handed over", id);
                    yield CompletableFuture.completedFuture(Done.getInstance());
                  }
                  case NOT_LEADER, ALREADY_LEADER, NO_SUCH_VOTER ->
                      CompletableFuture.completedFuture(Done.getInstance());
                  case IN_PROGRESS, TIMED_OUT -> again(id, partition);
                });
  }

  private CompletionStage<Done> again(PartitionId id, ActorRef<RaftPartition.Command> partition) {
    CompletableFuture<Done> done = new CompletableFuture<>();
    var unused =
        system
            .scheduler()
            .scheduleOnce(
                PAUSE,
                () -> {
                  var ignored = attempt(id, partition).thenAccept(done::complete);
                },
                system.executionContext());
    return done;
  }
}
