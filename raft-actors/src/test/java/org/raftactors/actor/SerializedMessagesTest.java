package org.raftactors.actor;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.raftactors.LogPage;
import org.raftactors.PartitionStatus.State;
import org.raftactors.PlainCodecs;
import org.raftactors.RaftPartition;
import org.raftactors.ReadLevel;
import org.raftactors.ReadLog;
import org.raftactors.ReadResult;
import org.raftactors.TransferLeadership;
import org.raftactors.core.TransferOutcome;
import org.raftactors.core.membership.ReplicaId;

/** As between nodes: whatever replicas and clients say to each other goes through bytes. */
class SerializedMessagesTest {

  private static ActorTestKit kit;

  @BeforeAll
  static void start() {
    kit =
        ActorTestKit.create(
            ConfigFactory.parseString(
                    """
                    pekko.actor.serialize-messages = on
                    pekko.actor.no-serialization-verification-needed-class-prefix =
                      ["org.apache.pekko.", "org.raftactors.actor."]
                    """)
                .withFallback(ConfigFactory.parseString(TestPartition.CONFIG)));
  }

  @AfterAll
  static void stop() {
    kit.shutdownTestKit();
  }

  @Test
  void partitionWorks_whenEveryMessageIsSerialized() {
    TestPartition partition = TestPartition.started(kit, 3);
    for (int i = 0; i < 20; i++) {
      partition.commit("c" + i);
    }
    String state = String.join(",", partition.awaitConverged());
    for (ReplicaId id : partition.ids()) {
      assertThat(partition.describe(id).state()).isEqualTo(State.RUNNING);
      for (ReadLevel level :
          new ReadLevel[] {ReadLevel.LINEARIZABLE, ReadLevel.stale(Duration.ofMinutes(1))}) {
        TestPartition.await(
            () ->
                partition.read(id, level) instanceof ReadResult.Answered<String> answered
                    && answered.result().equals(state));
      }
    }
    ReplicaId leader = partition.awaitLeader();
    CompletionStage<TransferOutcome> outcome =
        AskPattern.<RaftPartition.Command, TransferOutcome>ask(
            partition.ref(leader),
            replyTo -> new TransferLeadership(Optional.of(leader), replyTo),
            TestPartition.CEILING,
            kit.scheduler());
    assertThat(TestPartition.join(outcome))
        .isIn(TransferOutcome.ALREADY_LEADER, TransferOutcome.NOT_LEADER);
    CompletionStage<LogPage> page =
        AskPattern.<RaftPartition.Command, LogPage>ask(
            partition.ref(leader),
            replyTo -> new ReadLog("test", 1, 100_000, Duration.ofMinutes(1), replyTo),
            TestPartition.CEILING,
            kit.scheduler());
    assertThat(TestPartition.join(page).commands())
        .extracting(command -> command.decoded(PlainCodecs.TEXT))
        .startsWith("c0", "c1", "c2");
    partition.stopAll();
  }
}
