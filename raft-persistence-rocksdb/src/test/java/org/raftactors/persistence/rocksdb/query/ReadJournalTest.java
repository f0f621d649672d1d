package org.raftactors.persistence.rocksdb.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.persistence.query.EventEnvelope;
import org.apache.pekko.persistence.query.Offset;
import org.apache.pekko.persistence.query.PersistenceQuery;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.SinkQueueWithCancel;
import org.apache.pekko.stream.javadsl.Source;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.raftactors.persistence.rocksdb.RocksDbCleanup;
import org.raftactors.persistence.rocksdb.RocksDbStore;
import org.raftactors.persistence.rocksdb.RocksDbStoreException;
import org.raftactors.persistence.rocksdb.RocksDbStoreException.Reason;
import org.raftactors.persistence.rocksdb.RocksDbStores;
import org.raftactors.persistence.rocksdb.TestSystems;
import org.raftactors.persistence.rocksdb.WordActor;
import org.raftactors.persistence.rocksdb.query.javadsl.RocksDbReadJournal;

class ReadJournalTest {

  private static final int CHUNK = 10;

  @TempDir Path directory;
  private ActorSystem system;
  private RocksDbStore store;
  private RocksDbReadJournal journal;

  @BeforeEach
  void open() {
    system =
        TestSystems.start(
            directory, "raft-actors.persistence.rocksdb.store.read-chunk-records = " + CHUNK);
    store = RocksDbStores.get(system).open();
    journal =
        PersistenceQuery.get(system)
            .getReadJournalFor(RocksDbReadJournal.class, RocksDbReadJournal.IDENTIFIER);
  }

  @AfterEach
  void close() {
    TestSystems.stop(system);
  }

  @Test
  void events_areThoseInTheRange_inOrder() {
    persist("p", 35);
    persist("other", 3);
    assertThat(words(journal.currentEventsByPersistenceId("p", 0, Long.MAX_VALUE)))
        .isEqualTo(IntStream.rangeClosed(1, 35).mapToObj(i -> "w" + i).toList());
    assertThat(words(journal.currentEventsByPersistenceId("p", 9, 12)))
        .containsExactly("w9", "w10", "w11", "w12");
    assertThat(words(journal.currentEventsByPersistenceId("p", 36, 99))).isEmpty();
    assertThat(words(journal.currentEventsByPersistenceId("nobody", 0, 99))).isEmpty();
  }

  @Test
  void events_carryOffsetAndTimestamp() {
    persist("p", 1);
    EventEnvelope envelope =
        TestSystems.await(
            journal.currentEventsByPersistenceId("p", 1, 1).runWith(Sink.head(), system));
    assertThat(envelope.offset()).isEqualTo(Offset.sequence(1));
    assertThat(envelope.sequenceNr()).isEqualTo(1);
    assertThat(envelope.timestamp()).isPositive();
  }

  @Test
  void events_afterDeletion_beginWithTheFirstLeft() {
    persist("p", 25);
    TestSystems.await(new RocksDbCleanup(system).deleteEventsTo("p", 22));
    assertThat(words(journal.currentEventsByPersistenceId("p", 0, Long.MAX_VALUE)))
        .containsExactly("w23", "w24", "w25");
  }

  @Test
  void events_deletedWhileTheStreamWaits_failIt_ratherThanLeaveAHoleInIt() {
    persist("p", 60);
    SinkQueueWithCancel<EventEnvelope> queue =
        journal
            .currentEventsByPersistenceId("p", 0, Long.MAX_VALUE)
            .runWith(Sink.<EventEnvelope>queue(1), system);
    assertThat(TestSystems.await(queue.pull())).get().hasFieldOrPropertyWithValue("event", "w1");
    TestSystems.await(new RocksDbCleanup(system).deleteEventsTo("p", 50));
    List<Object> seen = new ArrayList<>();
    assertThatThrownBy(
            () -> {
              for (var next = TestSystems.await(queue.pull());
                  next.isPresent();
                  next = TestSystems.await(queue.pull())) {
                seen.add(next.get().event());
              }
            })
        .isInstanceOfSatisfying(
            RocksDbStoreException.class, e -> assertThat(e.reason()).isEqualTo(Reason.DELETED))
        .hasMessageContaining("were deleted while");
    assertThat(seen)
        .isEqualTo(IntStream.rangeClosed(2, seen.size() + 1).mapToObj(i -> "w" + i).toList());
  }

  @Test
  void stream_readsNoFurtherThanItIsAsked() {
    persist("p", 200);
    long before = store.counters().replayedRecords();
    SinkQueueWithCancel<EventEnvelope> queue =
        journal
            .currentEventsByPersistenceId("p", 0, Long.MAX_VALUE)
            .runWith(Sink.<EventEnvelope>queue(1), system);
    for (int i = 0; i < CHUNK; i++) {
      assertThat(TestSystems.await(queue.pull())).isPresent();
    }
    // The chunk that was handed over, and at most a few that the stream's own buffers asked for.
    assertThat(store.counters().replayedRecords() - before).isLessThanOrEqualTo(5L * CHUNK);
    queue.cancel();
  }

  @Test
  void persistenceIds_areAllWithEvents_alsoDeletedOnes() {
    for (int i = 10; i < 45; i++) {
      persist("p" + i, 1);
    }
    RocksDbCleanup cleanup = new RocksDbCleanup(system);
    TestSystems.await(cleanup.deleteAllEvents("p11"));
    TestSystems.await(cleanup.forget("p12"));
    List<String> expected =
        IntStream.range(10, 45).filter(i -> i != 12).mapToObj(i -> "p" + i).toList();
    assertThat(TestSystems.await(journal.currentPersistenceIds().runWith(Sink.seq(), system)))
        .isEqualTo(expected);
  }

  @Test
  void scalaApi_givesTheSame() {
    persist("p", 3);
    var scaladsl =
        PersistenceQuery.get(system)
            .getReadJournalFor(
                org.raftactors.persistence.rocksdb.query.javadsl.RocksDbReadJournal.class,
                RocksDbReadJournal.IDENTIFIER);
    assertThat(scaladsl).isSameAs(journal);
    var scala = new org.raftactors.persistence.rocksdb.query.scaladsl.RocksDbReadJournal(journal);
    assertThat(words(scala.currentEventsByPersistenceId("p", 0, 99).asJava()))
        .containsExactly("w1", "w2", "w3");
    assertThat(
            TestSystems.await(scala.currentPersistenceIds().asJava().runWith(Sink.seq(), system)))
        .containsExactly("p");
  }

  private List<String> words(Source<EventEnvelope, ?> events) {
    return TestSystems.await(
        events.map(envelope -> (String) envelope.event()).runWith(Sink.seq(), system));
  }

  private void persist(String persistenceId, int events) {
    ActorRef<WordActor.Say> actor =
        Adapter.spawn(system, WordActor.create(persistenceId, false), persistenceId);
    for (int i = 1; i <= events; i++) {
      String word = "w" + i;
      TestSystems.await(
          AskPattern.ask(
              actor,
              (ActorRef<String> replyTo) -> new WordActor.Say(word, replyTo),
              TestSystems.CEILING,
              Adapter.toTyped(system).scheduler()));
    }
  }
}
