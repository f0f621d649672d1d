package org.raftactors.actor;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.raftactors.PlainCodecs;
import org.raftactors.Read;
import org.raftactors.ReadLevel;
import org.raftactors.ReadResult;
import org.raftactors.RejectReason;
import org.raftactors.core.membership.ReplicaId;

/** What waits for a state machine is bounded, and what is too much is told so. */
class SlowStateMachineTest {

  private static final ReplicaId ONE = new ReplicaId(1);

  private static final int MAX_READS = 5;

  private static final String SETTINGS =
      """
      raft-actors.partition {
        max-pending-reads = 5
        state-machine-dispatcher = "pekko.actor.default-blocking-io-dispatcher"
      }
      """;

  private static ActorTestKit kit;

  @BeforeAll
  static void start() {
    kit = ActorTestKit.create(ConfigFactory.parseString(TestPartition.CONFIG));
  }

  @AfterAll
  static void stop() {
    kit.shutdownTestKit();
  }

  /** Answers no query before the gate opens. */
  private static final class Gated extends Ledger {
    private final CountDownLatch gate;

    private Gated(CountDownLatch gate) {
      this.gate = gate;
    }

    @Override
    public synchronized String query(String query) {
      try {
        gate.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      return super.query(query);
    }
  }

  @Test
  void readsThatItHasNotAnswered_areBounded_atEveryLevel() {
    CountDownLatch gate = new CountDownLatch(1);
    TestPartition partition = new TestPartition(kit, 1, SETTINGS, () -> new Gated(gate));
    partition.start(ONE);
    partition.awaitLeader();
    TestProbe<ReadResult<String>> stale = kit.createTestProbe();
    TestProbe<ReadResult<String>> linearizable = kit.createTestProbe();

    for (int i = 0; i < 2 * MAX_READS; i++) {
      read(partition, ReadLevel.stale(Duration.ofDays(1)), stale);
    }
    for (int i = 0; i < MAX_READS; i++) {
      read(partition, ReadLevel.LINEARIZABLE, linearizable);
    }

    assertOverloaded(receive(stale, MAX_READS));
    assertOverloaded(receive(linearizable, MAX_READS));
    gate.countDown();
    assertThat(receive(stale, MAX_READS)).allMatch(ReadResult.Answered.class::isInstance);
    partition.stopAll();
  }

  private static void read(
      TestPartition partition, ReadLevel level, TestProbe<ReadResult<String>> replyTo) {
    partition.ref(ONE).tell(Read.of(PlainCodecs.TEXT, "all", level, replyTo.ref()));
  }

  private static List<ReadResult<String>> receive(
      TestProbe<ReadResult<String>> probe, int expected) {
    List<ReadResult<String>> results = new ArrayList<>();
    for (int i = 0; i < expected; i++) {
      results.add(probe.receiveMessage(TestPartition.CEILING));
    }
    return results;
  }

  private static void assertOverloaded(List<ReadResult<String>> results) {
    assertThat(results)
        .allSatisfy(
            result ->
                assertThat(result)
                    .isInstanceOfSatisfying(
                        ReadResult.Rejected.class,
                        r -> assertThat(r.reason()).isEqualTo(RejectReason.OVERLOADED)));
  }
}
