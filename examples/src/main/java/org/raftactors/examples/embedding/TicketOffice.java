package org.raftactors.examples.embedding;

import com.typesafe.config.Config;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.apache.pekko.Done;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.raftactors.LogPage;
import org.raftactors.LoggedCommand;
import org.raftactors.PartitionId;
import org.raftactors.ProposalResult;
import org.raftactors.RaftPartition;
import org.raftactors.ReadLevel;
import org.raftactors.ReadLog;
import org.raftactors.ReadResult;
import org.raftactors.cluster.RaftApplication;
import org.raftactors.cluster.RaftClient;
import org.raftactors.cluster.RaftNode;

/** One node of an application that embeds {@link Tickets}. */
public final class TicketOffice {

  private final ActorSystem<Void> system;
  private final RaftNode node;
  private final RaftClient<Tickets.Take, Tickets.Last, Long> client;

  /**
   * Starts a node.
   *
   * @param config who the node is and where its log lives
   */
  public TicketOffice(Config config) {
    // #node
    RaftApplication<Tickets.Take, Tickets.Last, Long> application =
        RaftApplication.of(Tickets.CODECS, partition -> new Tickets());

    ActorSystem<Void> system = ActorSystem.create(Behaviors.empty(), "tickets", config);
    RaftNode node = RaftNode.get(system);
    node.start(application)
        .whenComplete(
            (started, failure) -> {
              if (failure != null) {
                system.log().error("The node was refused", failure);
                system.terminate();
              }
            });

    // Thread-safe; finds the leader of each key's partition, wherever it is.
    RaftClient<Tickets.Take, Tickets.Last, Long> client = node.client(application);
    // #node
    this.system = system;
    this.node = node;
    this.client = client;
  }

  /**
   * Takes a ticket.
   *
   * @param desk where
   * @return what came of it, in words
   */
  public CompletionStage<String> take(String desk) {
    // #propose
    return client
        .propose(desk, new Tickets.Take(desk))
        .thenApply(
            outcome -> {
              if (outcome instanceof ProposalResult.Committed<Long> committed) {
                return "your number is " + committed.result();
              }
              if (outcome instanceof ProposalResult.Rejected<Long> rejected) {
                return "nothing was taken, try again: " + rejected.reason();
              }
              return "a number may have been taken for you, or not";
            });
    // #propose
  }

  /**
   * The number that was taken last, as of now: it is never an old one.
   *
   * @param desk where
   * @return what came of it
   */
  public CompletionStage<ReadResult<Long>> last(String desk) {
    return client.read(desk, new Tickets.Last(desk), ReadLevel.LINEARIZABLE);
  }

  /**
   * Shows an auditor what was taken, in the order in which it was.
   *
   * @param partition which part of the desks
   * @param next the index to begin with: 1, or what the last call gave
   * @param auditor gets the commands
   * @return the index to go on with
   */
  public CompletionStage<Long> audit(
      PartitionId partition, long next, Consumer<Tickets.Take> auditor) {
    // #follow
    ActorRef<RaftPartition.Command> replica = node.partition(partition).orElseThrow();
    return AskPattern.<RaftPartition.Command, LogPage>ask(
            replica,
            replyTo -> new ReadLog("audit", next, 64 * 1024, Duration.ofMinutes(10), replyTo),
            Duration.ofSeconds(10),
            system.scheduler())
        .thenApply(
            page -> {
              if (page.outcome() == LogPage.Outcome.COMPACTED) {
                throw new IllegalStateException("begins only at " + page.nextIndex());
              }
              for (LoggedCommand command : page.commands()) {
                auditor.accept(command.decoded(Tickets.CODECS.command()));
              }
              return page.nextIndex();
            });
    // #follow
  }

  /**
   * Hands over what this node leads, and stops it.
   *
   * @return completes when it has stopped
   */
  public CompletionStage<Done> stop() {
    return CoordinatedShutdown.get(system).runAll(CoordinatedShutdown.unknownReason());
  }
}
