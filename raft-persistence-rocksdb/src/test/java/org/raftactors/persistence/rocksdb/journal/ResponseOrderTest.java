package org.raftactors.persistence.rocksdb.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.typesafe.config.ConfigFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.LongStream;
import org.apache.pekko.actor.AbstractActor;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.Props;
import org.apache.pekko.persistence.AtomicWrite;
import org.apache.pekko.persistence.JournalProtocol.WriteMessageSuccess;
import org.apache.pekko.persistence.JournalProtocol.WriteMessages;
import org.apache.pekko.persistence.Persistence;
import org.apache.pekko.persistence.PersistentEnvelope;
import org.apache.pekko.persistence.PersistentRepr;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.raftactors.persistence.rocksdb.RocksDbStore;
import org.raftactors.persistence.rocksdb.RocksDbStores;
import org.raftactors.persistence.rocksdb.TestSystems;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * A persistent actor may send its next write as soon as the first answer to the one before is
 * there; those to its single events are still being sent then, one after the other.
 */
class ResponseOrderTest {

  private static final int EVENTS = 10;

  /** The mailbox makes whoever sends the answers wait, in the middle of them. */
  private static final String NARROW =
      """
      narrow-mailbox {
        mailbox-type = "org.apache.pekko.dispatch.BoundedMailbox"
        mailbox-capacity = 1
        mailbox-push-timeout-time = 60s
      }
      own-thread {
        type = PinnedDispatcher
        executor = "thread-pool-executor"
      }
      """;

  @TempDir Path directory;

  @Test
  void answersToTwoWritesOfAnActor_keepTheOrderOfTheEvents() {
    ActorSystem system = ActorSystem.create("test", TestSystems.config(directory, NARROW));
    try {
      RocksDbStore store = RocksDbStores.get(system).open();
      ActorRef journal = Persistence.get(system).journalFor("", ConfigFactory.empty());
      CountDownLatch release = new CountDownLatch(1);
      List<Long> answered = new CopyOnWriteArrayList<>();
      CompletableFuture<Void> firstAnswer = new CompletableFuture<>();
      ActorRef writer =
          system.actorOf(
              Props.create(Writer.class, () -> new Writer(firstAnswer, release, answered))
                  .withMailbox("narrow-mailbox")
                  .withDispatcher("own-thread"));

      journal.tell(new WriteMessages(write(1), writer, 1), ActorRef.noSender());
      TestSystems.await(firstAnswer);
      journal.tell(new WriteMessages(write(1 + EVENTS), writer, 1), ActorRef.noSender());
      await().atMost(TestSystems.CEILING).until(() -> store.counters().records() == 2 * EVENTS);
      letTheDispatcherWork(system);
      release.countDown();

      await().atMost(TestSystems.CEILING).until(() -> answered.size() == 2 * EVENTS);
      assertThat(answered)
          .containsExactlyElementsOf(LongStream.rangeClosed(1, 2 * EVENTS).boxed().toList());
    } finally {
      TestSystems.stop(system);
    }
  }

  /** So that what the second write leads to has come as far as it can. */
  private static void letTheDispatcherWork(ActorSystem system) {
    for (int i = 0; i < 100; i++) {
      CompletableFuture<Void> turn = new CompletableFuture<>();
      system.dispatcher().execute(() -> turn.complete(null));
      TestSystems.await(turn);
    }
  }

  private static Seq<PersistentEnvelope> write(long firstSequenceNr) {
    List<PersistentEnvelope> writes =
        LongStream.range(firstSequenceNr, firstSequenceNr + EVENTS)
            .<PersistentEnvelope>mapToObj(
                sequenceNr ->
                    AtomicWrite.apply(
                        PersistentRepr.apply(
                            "event", sequenceNr, "p", "", false, ActorRef.noSender(), "writer")))
            .toList();
    return CollectionConverters.asScala(writes).toSeq();
  }

  /** Receives the journal's answers in place of a persistent actor; stops at the first one. */
  private static final class Writer extends AbstractActor {
    private final CompletableFuture<Void> firstAnswer;
    private final CountDownLatch release;
    private final List<Long> answered;

    Writer(CompletableFuture<Void> firstAnswer, CountDownLatch release, List<Long> answered) {
      this.firstAnswer = firstAnswer;
      this.release = release;
      this.answered = answered;
    }

    @Override
    public Receive createReceive() {
      return receiveBuilder()
          .match(WriteMessageSuccess.class, ok -> answered.add(ok.persistent().sequenceNr()))
          .matchAny(
              other -> {
                firstAnswer.complete(null);
                release.await();
              })
          .build();
    }
  }
}
