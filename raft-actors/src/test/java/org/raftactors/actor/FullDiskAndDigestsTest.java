package org.raftactors.actor;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.raftactors.Alarms;
import org.raftactors.PartitionStatus;
import org.raftactors.ProposalResult;
import org.raftactors.ReadLevel;
import org.raftactors.ReadResult;
import org.raftactors.RejectReason;
import org.raftactors.codec.PeerMessage;
import org.raftactors.core.membership.ReplicaId;
import org.raftactors.core.message.StateDigest;

/** Replicas whose disks are full, and one that has applied something else than the others. */
class FullDiskAndDigestsTest {

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
  void leaderWithoutRoom_refusesProposals_servesReads_andGoesOnWhenThereIsRoom() {
    TestPartition partition = TestPartition.started(kit, 3);
    partition.commit("a");
    partition.ids().forEach(id -> partition.full(id, true));
    ReplicaId leader = partition.awaitLeader();

    assertThat(partition.proposed(leader, "never"))
        .isInstanceOfSatisfying(
            ProposalResult.Rejected.class,
            rejected -> assertThat(rejected.reason()).isEqualTo(RejectReason.NO_SPACE));
    TestPartition.await(
        () ->
            partition.read(partition.awaitLeader(), ReadLevel.LINEARIZABLE)
                instanceof ReadResult.Answered);
    // They still elect: a vote and a first entry need next to nothing.
    partition.stop(leader);
    TestPartition.await(() -> !partition.awaitLeader().equals(leader));

    partition.ids().forEach(id -> partition.full(id, false));
    partition.commit("b");
    partition.start(leader);
    assertThat(partition.awaitConverged()).contains("a", "b").doesNotContain("never");
    assertThat(partition.crashes()).isEmpty();
    partition.stopAll();
  }

  @Test
  void leaderWithoutRoom_handsOver_toOneThatTakesProposals() {
    TestPartition partition = TestPartition.started(kit, 3);
    partition.commit("a");
    partition.awaitConverged();
    ReplicaId leader = partition.awaitLeader();
    partition.full(leader, true);

    partition.commit("b"); // asks again and again, whoever leads

    assertThat(partition.awaitLeader()).isNotEqualTo(leader);
    partition.full(leader, false);
    assertThat(partition.awaitConverged()).contains("a", "b");
    assertThat(partition.crashes()).isEmpty();
    partition.stopAll();
  }

  @Test
  void followerWithoutRoom_takesNoEntries_untilThereIsRoom() {
    TestPartition partition = TestPartition.started(kit, 3);
    partition.commit("a");
    partition.awaitConverged();
    ReplicaId follower = partition.other(partition.awaitLeader());
    partition.brimful(follower, true);
    long last = partition.describe(follower).lastIndex();

    partition.commit("b"); // by the other two
    assertThat(partition.describe(follower).lastIndex()).isEqualTo(last);

    partition.brimful(follower, false);
    assertThat(partition.awaitConverged()).contains("a", "b");
    assertThat(partition.crashes()).isEmpty();
    partition.stopAll();
  }

  @Test
  void followersWithoutRoomForNewWork_takeWhatIsUnderWay() {
    TestPartition partition = TestPartition.started(kit, 3);
    partition.commit("a");
    partition.awaitConverged();
    ReplicaId leader = partition.awaitLeader();
    partition.ids().stream()
        .filter(id -> !id.equals(leader))
        .forEach(id -> partition.full(id, true));

    partition.commit("b");

    assertThat(partition.awaitConverged()).contains("a", "b");
    partition.stopAll();
  }

  @Test
  void replicaThatDiffersFromAMajority_stopsForGood() {
    TestPartition partition =
        TestPartition.started(kit, 3, "raft-actors.partition.compare-state-every = 1");
    partition.commit("a");
    partition.awaitConverged();
    assertThat(partition.crashes()).as("equal states are fine").isEmpty();
    assertThat(Alarms.of(kit.system()).stateDifferences()).isZero();
    ReplicaId odd = partition.ids().get(0);
    long index = partition.describe(odd).appliedIndex();
    for (ReplicaId other : partition.ids()) {
      if (!other.equals(odd)) {
        partition
            .ref(odd)
            .tell(
                new PeerMessage(
                    PeerMessage.group(partition.spec(odd)),
                    other,
                    odd,
                    new StateDigest(0, index, 4711)));
      }
    }
    partition.awaitState(odd, PartitionStatus.State.FAILED);
    assertThat(partition.describe(odd).detail()).contains("its state is not that of the others");
    assertThat(Alarms.of(kit.system()).stateDifferences()).isPositive();
    partition.commit("b"); // the others go on
    partition.stopAll();
  }
}
