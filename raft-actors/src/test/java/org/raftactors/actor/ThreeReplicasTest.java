package org.raftactors.actor;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.raftactors.PartitionId;
import org.raftactors.PlainCodecs;
import org.raftactors.ProposalResult;
import org.raftactors.Propose;
import org.raftactors.RaftPartition;
import org.raftactors.Read;
import org.raftactors.ReadLevel;
import org.raftactors.ReadResult;
import org.raftactors.RejectReason;
import org.raftactors.TransferLeadership;
import org.raftactors.core.TransferOutcome;
import org.raftactors.core.membership.ReplicaId;

/** Three replicas in one actor system, without a cluster. */
class ThreeReplicasTest {

  private static ActorTestKit kit;

  @BeforeAll
  static void start() {
    kit = ActorTestKit.create(ConfigFactory.parseString(TestPartition.CONFIG));
  }

  @AfterAll
  static void stop() {
    kit.shutdownTestKit();
  }

  @Test
  void proposals_areAppliedEverywhereAndRead_atEveryLevelAndReplica() {
    TestPartition partition = TestPartition.started(kit, 3);

    ProposalResult.Committed<String> committed = partition.commit("a");

    assertThat(Integer.parseInt(committed.result())).isPositive();
    assertThat(committed.token().partition()).isEqualTo(new PartitionId(1));
    assertThat(committed.token().generation()).isEqualTo(1);
    String state = String.join(",", partition.awaitConverged()); // "a", perhaps more than once
    for (ReplicaId id : partition.ids()) {
      TestPartition.await(() -> isAnswer(partition.read(id, ReadLevel.LINEARIZABLE), state));
      TestPartition.await(
          () -> isAnswer(partition.read(id, ReadLevel.stale(Duration.ofMinutes(1))), state));
    }
    partition.stopAll();
  }

  private static boolean isAnswer(ReadResult<String> result, String expected) {
    return result instanceof ReadResult.Answered<String> answered
        && answered.result().equals(expected);
  }

  @Test
  void follower_rejectsProposalsAndNamesTheLeader() {
    TestPartition partition = TestPartition.started(kit, 3);
    TestPartition.await(
        () -> {
          ReplicaId leader = partition.awaitLeader();
          return partition
              .proposed(partition.other(leader), "a")
              .equals(
                  new ProposalResult.Rejected<String>(
                      RejectReason.NOT_LEADER, Optional.of(leader), Duration.ZERO));
        });
    partition.stopAll();
  }

  @Test
  void leaderStopsAndRestarts_nothingAcknowledgedIsLost_allConverge() {
    TestPartition partition = TestPartition.started(kit, 3);
    List<String> acknowledged = new ArrayList<>();
    for (int round = 0; round < 3; round++) {
      ReplicaId leader = partition.awaitLeader();
      for (int i = 0; i < 20; i++) {
        String command = round + "-" + i;
        if (partition.proposed(leader, command) instanceof ProposalResult.Committed) {
          acknowledged.add(command);
        }
      }
      partition.stop(leader);
      partition.commit("without " + round);
      acknowledged.add("without " + round);
      partition.start(leader);
    }

    List<String> applied = partition.awaitConverged();

    assertThat(acknowledged).hasSizeGreaterThan(30);
    assertThat(applied).containsAll(acknowledged);
    partition.stopAll();
    // The same from the journal alone.
    partition.ids().forEach(partition::start);
    partition.commit("last");
    assertThat(partition.awaitConverged().subList(0, applied.size())).isEqualTo(applied);
    partition.stopAll();
  }

  @Test
  void replicaThatRestarts_isReachedAgainThroughItsStableReference() {
    TestPartition partition = TestPartition.started(kit, 3);
    ReplicaId leader = partition.awaitLeader();
    ReplicaId follower = partition.other(leader);
    partition.commit("a");
    partition.store(follower).failNextWrite(false); // crashes the incarnation, not the parent
    partition.commit("b");
    partition.commit("c");

    assertThat(partition.awaitConverged()).containsSubsequence("a", "b", "c");
    assertThat(partition.ledger(follower).applied()).contains("c");
    partition.stopAll();
  }

  @Test
  void followerThatRestarts_onAnIdlePartition_catchesUpWithoutNewWrites() {
    TestPartition partition = TestPartition.started(kit, 3);
    partition.commit("a");
    partition.awaitConverged();
    ReplicaId follower = partition.other(partition.awaitLeader());
    partition.stop(follower);
    partition.start(follower);

    TestPartition.await(() -> partition.describe(follower).caughtUp());
    assertThat(partition.awaitConverged()).contains("a");
    partition.stopAll();
  }

  @Test
  void encodedRequests_areAnsweredEncoded() {
    TestPartition partition = TestPartition.started(kit, 3);
    TestPartition.await(
        () -> {
          ReplicaId leader = partition.awaitLeader();
          CompletionStage<ProposalResult<byte[]>> proposed =
              AskPattern.<RaftPartition.Command, ProposalResult<byte[]>>ask(
                  partition.ref(leader),
                  replyTo -> Propose.encoded(PlainCodecs.TEXT.encode("x"), replyTo),
                  TestPartition.CEILING,
                  kit.scheduler());
          return TestPartition.join(proposed) instanceof ProposalResult.Committed<byte[]> done
              && Integer.parseInt(new String(done.result(), StandardCharsets.UTF_8)) >= 1;
        });
    TestPartition.await(
        () -> {
          CompletionStage<ReadResult<byte[]>> read =
              AskPattern.<RaftPartition.Command, ReadResult<byte[]>>ask(
                  partition.ref(partition.awaitLeader()),
                  replyTo ->
                      Read.encoded(PlainCodecs.TEXT.encode("all"), ReadLevel.LINEARIZABLE, replyTo),
                  TestPartition.CEILING,
                  kit.scheduler());
          return TestPartition.join(read) instanceof ReadResult.Answered<byte[]> answered
              && new String(answered.result(), StandardCharsets.UTF_8).startsWith("x");
        });
    partition.stopAll();
  }

  @Test
  void transfer_handsOverToTheTarget() {
    TestPartition partition = TestPartition.started(kit, 3);
    ReplicaId leader = partition.awaitLeader();
    ReplicaId target = partition.other(leader);
    TestPartition.await(
        () -> {
          ReplicaId now = partition.awaitLeader();
          CompletionStage<TransferOutcome> outcome =
              AskPattern.<RaftPartition.Command, TransferOutcome>ask(
                  partition.ref(now),
                  replyTo -> new TransferLeadership(Optional.of(target), replyTo),
                  TestPartition.CEILING,
                  kit.scheduler());
          TransferOutcome ended = TestPartition.join(outcome);
          return ended == TransferOutcome.ALREADY_LEADER
              || (ended == TransferOutcome.DONE && partition.awaitLeader().equals(target));
        });
    partition.stopAll();
  }
}
