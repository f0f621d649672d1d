package org.raftactors.actor;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.raftactors.PartitionId;
import org.raftactors.ReplicaSpec;
import org.raftactors.codec.PeerMessage;
import org.raftactors.core.membership.ReplicaId;
import org.raftactors.core.message.Heartbeat;

/** Messages of other clusters, partitions and generations must not reach the core. */
class ForeignMessagesTest {

  private static final ReplicaId ONE = new ReplicaId(1);
  private static final ReplicaId TWO = new ReplicaId(2);

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
  void messagesOfOthers_changeNothing() {
    TestPartition partition = TestPartition.started(kit, 3);
    partition.awaitLeader();
    ReplicaSpec own = partition.spec(ONE);
    ReplicaSpec otherCluster =
        new ReplicaSpec("another", own.partition(), ONE, own.initialVoters());
    ReplicaSpec otherPartition =
        new ReplicaSpec(own.clusterId(), new PartitionId(2), ONE, own.initialVoters());
    Heartbeat heartbeat = new Heartbeat(1_000_000, 0, 1);
    for (ReplicaSpec spec : new ReplicaSpec[] {otherCluster, otherPartition}) {
      partition.ref(ONE).tell(new PeerMessage(PeerMessage.group(spec), TWO, ONE, heartbeat));
    }
    partition
        .ref(ONE)
        .tell(new PeerMessage(PeerMessage.group(own), TWO, new ReplicaId(9), heartbeat));
    assertThat(partition.describe(ONE).term()).isLessThan(1_000_000);

    // The same from where it may come from does change something.
    partition.ref(ONE).tell(new PeerMessage(PeerMessage.group(own), TWO, ONE, heartbeat));
    TestPartition.await(() -> partition.describe(ONE).term() >= 1_000_000);
    partition.stopAll();
  }
}
