package org.raftactors.actor;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.raftactors.ProposalResult;
import org.raftactors.core.membership.ReplicaId;

/**
 * Replicas crash, stop and start under load. Every proposal gets exactly one answer, what was
 * committed stays, what was rejected never happens.
 */
class ChaosTest {

  private static final int ROUNDS = 24;
  private static final int BURST = 40;

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
  @DisplayName("52: every proposal is answered exactly once, and the answers are true")
  void everyProposal_isAnsweredExactlyOnce_andTheAnswersAreTrue() {
    TestPartition partition = TestPartition.started(kit, 3);
    Clients clients = new Clients(kit);
    Random random = new Random(20261121);
    List<String> proposed = new ArrayList<>();
    for (int round = 0; round < ROUNDS; round++) {
      ReplicaId leader = partition.awaitLeader();
      ReplicaId victim = random.nextBoolean() ? leader : partition.other(leader);
      TestStore store = partition.store(victim);
      boolean crash = random.nextInt(3) > 0;
      if (crash) {
        store.failNextWrite(random.nextBoolean());
      }
      for (ReplicaId id : partition.ids()) {
        for (int i = 0; i < BURST; i++) {
          String command = round + "/" + id + "/" + i;
          proposed.add(command);
          clients.propose(partition.ref(id), command);
        }
      }
      if (!crash) {
        // Once it has handled its mailbox: what a dead actor never took, nobody can answer.
        partition.describe(victim);
        partition.stop(victim);
        partition.start(victim);
      }
      partition.commit("end of round " + round); // so that a failure that is due has come
    }
    List<String> applied = partition.awaitConverged();

    TestPartition.await(() -> clients.total() >= proposed.size());
    check(clients, proposed, applied);
    partition.stopAll();
  }

  private static void check(Clients clients, List<String> proposed, List<String> applied) {
    Set<String> committed = new HashSet<>();
    for (String command : proposed) {
      List<ProposalResult<String>> answers = clients.to(command);
      assertThat(answers).as(command).hasSize(1);
      if (answers.get(0) instanceof ProposalResult.Committed) {
        committed.add(command);
      } else if (answers.get(0) instanceof ProposalResult.Rejected) {
        assertThat(applied).as("rejected " + command).doesNotContain(command);
      }
    }
    assertThat(applied).containsAll(committed);
    assertThat(committed).hasSizeGreaterThan(ROUNDS);
    assertThat(new HashSet<>(applied.stream().filter(c -> c.contains("/")).toList()))
        .hasSameSizeAs(applied.stream().filter(c -> c.contains("/")).toList());
  }
}
