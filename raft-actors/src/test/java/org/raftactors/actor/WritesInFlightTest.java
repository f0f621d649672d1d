package org.raftactors.actor;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.apache.pekko.actor.Dropped;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.eventstream.EventStream;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.PublishedEvent;
import org.apache.pekko.persistence.typed.javadsl.CommandHandler;
import org.apache.pekko.persistence.typed.javadsl.EventHandler;
import org.apache.pekko.persistence.typed.javadsl.EventSourcedBehavior;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.raftactors.PlainCodecs;
import org.raftactors.ProposalResult;
import org.raftactors.Propose;
import org.raftactors.ReadLevel;
import org.raftactors.ReadResult;
import org.raftactors.core.membership.ReplicaId;
import org.raftactors.core.write.Written;

/** What happens while the journal is busy: everything but the next write. */
class WritesInFlightTest {

  private static final ReplicaId ONE = new ReplicaId(1);

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
  void messagesAreHandled_whileAWriteIsInFlight() {
    TestPartition partition = TestPartition.started(kit, 1, TestPartition.PATIENT);
    partition.awaitLeader();
    partition.commit("a");
    TestStore store = partition.store(ONE);
    store.hold();
    var pending = partition.propose(ONE, "b").toCompletableFuture();
    TestPartition.await(() -> store.heldOperations() == 1);

    for (int i = 0; i < 100; i++) {
      assertThat(partition.describe(ONE).lastIndex()).isPositive();
    }
    assertThat(partition.read(ONE, ReadLevel.stale(Duration.ofMinutes(1))))
        .isInstanceOfSatisfying(
            ReadResult.Answered.class, read -> assertThat(read.result()).isEqualTo("a"));
    assertThat(pending).isNotDone();

    store.release();
    assertThat(TestPartition.join(pending)).isInstanceOf(ProposalResult.Committed.class);
    partition.stopAll();
  }

  @Test
  void thousandProposalsAtOnce_leaveAsFewEvents() {
    TestPartition partition = TestPartition.started(kit, 1, TestPartition.PATIENT);
    partition.awaitLeader();
    partition.commit("first");
    int before = partition.events(ONE).size();
    TestStore store = partition.store(ONE);
    store.hold();
    ConcurrentLinkedQueue<ProposalResult<String>> answers = new ConcurrentLinkedQueue<>();
    ActorRef<ProposalResult<String>> client = Clients.counting(kit, answers);
    for (int i = 0; i < 1000; i++) {
      partition.ref(ONE).tell(Propose.of(PlainCodecs.TEXT, "c" + i, client));
    }
    partition.describe(ONE); // behind the proposals
    store.release();

    TestPartition.await(() -> answers.size() == 1000);
    assertThat(answers).allMatch(ProposalResult.Committed.class::isInstance);
    List<Written> events = partition.events(ONE);
    // What arrived until the first write began, and all the rest.
    assertThat(events.size() - before).isLessThanOrEqualTo(3);
    assertThat(events).anyMatch(event -> event.entries().size() > 300);
    assertThat(partition.ledger(ONE).applied().subList(1, 1001))
        .isEqualTo(IntStream.range(0, 1000).mapToObj(i -> "c" + i).toList());
    partition.stopAll();
  }

  @Test
  @DisplayName("42: nothing is stashed while a write is in flight, so nothing is dropped")
  void nothingIsEverStashed_soNothingIsDropped_with100000MessagesInFlight() {
    TestProbe<Dropped> dropped = kit.createTestProbe(Dropped.class);
    kit.system().eventStream().tell(new EventStream.Subscribe<>(Dropped.class, dropped.getRef()));
    TestPartition partition = TestPartition.started(kit, 1, TestPartition.PATIENT);
    partition.awaitLeader();
    TestStore store = partition.store(ONE);
    store.hold();
    ConcurrentLinkedQueue<ProposalResult<String>> answers = new ConcurrentLinkedQueue<>();
    ActorRef<ProposalResult<String>> client = Clients.counting(kit, answers);
    int proposals = 100_000;
    for (int i = 0; i < proposals; i++) {
      partition.ref(ONE).tell(Propose.of(PlainCodecs.TEXT, "x", client));
    }
    partition.describe(ONE);
    store.release();

    TestPartition.await(() -> answers.size() == proposals);
    assertThat(answers).allMatch(ProposalResult.Committed.class::isInstance);
    assertThat(partition.ledger(ONE).applied()).hasSize(proposals);
    dropped.expectNoMessage(Duration.ofMillis(100));
    partition.stopAll();
  }

  @Test
  void events_areNotPublished() {
    TestProbe<PublishedEvent> published = kit.createTestProbe(PublishedEvent.class);
    kit.system()
        .eventStream()
        .tell(new EventStream.Subscribe<>(PublishedEvent.class, published.getRef()));
    TestPartition partition = TestPartition.started(kit, 1, TestPartition.PATIENT);
    partition.awaitLeader();
    partition.commit("a");
    partition.commit("b");

    // An ordinary persistent actor does publish: its event is the first that arrives.
    kit.spawn(new Plain(PersistenceId.ofUniqueId("plain"))).tell("event of an ordinary actor");

    assertThat(published.receiveMessage(TestPartition.CEILING).event())
        .isEqualTo("event of an ordinary actor");
    partition.stopAll();
  }

  private static final class Plain extends EventSourcedBehavior<String, String, String> {

    Plain(PersistenceId id) {
      super(id);
    }

    @Override
    public String emptyState() {
      return "";
    }

    @Override
    public CommandHandler<String, String, String> commandHandler() {
      return newCommandHandlerBuilder()
          .forAnyState()
          .onCommand(String.class, command -> Effect().persist(command))
          .build();
    }

    @Override
    public EventHandler<String, String> eventHandler() {
      return (state, event) -> event;
    }
  }
}
