package org.raftactors.actor;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.persistence.query.EventEnvelope;
import org.apache.pekko.persistence.query.Offset;
import org.apache.pekko.persistence.query.javadsl.CurrentEventsByPersistenceIdQuery;
import org.apache.pekko.stream.javadsl.Source;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.raftactors.core.Effect;
import org.raftactors.core.log.EntryKind;
import org.raftactors.core.log.LogEntry;
import org.raftactors.core.log.LogPosition;
import org.raftactors.core.log.Payload;
import org.raftactors.core.log.SnapshotBase;
import org.raftactors.core.membership.Configuration;
import org.raftactors.core.membership.ReplicaId;
import org.raftactors.core.write.DurableState;
import org.raftactors.core.write.HardState;
import org.raftactors.core.write.Written;

/** Reading on where the last read ended. */
class JournalReaderTest {

  private static final ActorTestKit KIT = ActorTestKit.create();
  private static final int ENTRIES_PER_EVENT = 3;
  private static final int ENTRY_BYTES = 100;
  private static final SnapshotBase BASE =
      SnapshotBase.initial(Configuration.ofVoters(List.of(new ReplicaId(1))));

  /** Remembers from where it was read. */
  private static final class Journal implements CurrentEventsByPersistenceIdQuery {
    private final List<Written> events = new ArrayList<>();
    private final List<Long> readFrom = new ArrayList<>();
    private DurableState durable = DurableState.initial(BASE);

    void write(long previous, long previousTerm, long term, int entries) {
      List<LogEntry> all =
          LongStream.rangeClosed(previous + 1, previous + entries)
              .mapToObj(i -> new LogEntry(i, term, 0, EntryKind.COMMAND, payload()))
              .toList();
      Written event =
          new Written(
              new HardState(term, null), BASE, new LogPosition(previous, previousTerm), all, 0);
      events.add(event);
      durable = durable.after(event, events.size());
    }

    private static Payload payload() {
      return Payload.of(new byte[ENTRY_BYTES - 32]);
    }

    @Override
    public Source<EventEnvelope, NotUsed> currentEventsByPersistenceId(
        String persistenceId, long fromSequenceNr, long toSequenceNr) {
      readFrom.add(fromSequenceNr);
      return Source.from(
          LongStream.rangeClosed(fromSequenceNr, events.size())
              .mapToObj(
                  at ->
                      new EventEnvelope(
                          Offset.sequence(at), persistenceId, at, events.get((int) at - 1), 0))
              .toList());
    }
  }

  private final Journal journal = new Journal();
  private final JournalReader reader =
      new JournalReader(KIT.system(), journal, "p", Duration.ofMinutes(1));

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  private List<LogPosition> read(long first, long last, int bytes) throws Exception {
    return reader
        .read(new Effect.Fetch(null, first, last, bytes), journal.durable)
        .toCompletableFuture()
        .get(60, TimeUnit.SECONDS)
        .stream()
        .map(LogEntry::position)
        .toList();
  }

  private static List<LogPosition> positions(long first, long last, long term) {
    return LongStream.rangeClosed(first, last)
        .mapToObj(index -> new LogPosition(index, term))
        .toList();
  }

  @Test
  void theNextRead_goesOnInTheEventWhereTheLastOneEnded() throws Exception {
    for (long event = 0; event < 10; event++) {
      journal.write(event * ENTRIES_PER_EVENT, event == 0 ? 0 : 1, 1, ENTRIES_PER_EVENT);
    }
    assertThat(read(1, 30, 10 * ENTRY_BYTES)).isEqualTo(positions(1, 10, 1));
    assertThat(read(11, 30, 10 * ENTRY_BYTES)).isEqualTo(positions(11, 20, 1));
    assertThat(read(21, 30, 10 * ENTRY_BYTES)).isEqualTo(positions(21, 30, 1));
    // Entries 11 and 21 are in the events 4 and 7.
    assertThat(journal.readFrom).containsExactly(1L, 4L, 7L);
  }

  @Test
  void whereAReadEnded_isOnlyUsedOnce() throws Exception {
    for (long event = 0; event < 4; event++) {
      journal.write(event * ENTRIES_PER_EVENT, event == 0 ? 0 : 1, 1, ENTRIES_PER_EVENT);
    }
    assertThat(read(1, 7, 1 << 20)).isEqualTo(positions(1, 7, 1));
    assertThat(read(8, 12, 1 << 20)).isEqualTo(positions(8, 12, 1));
    assertThat(read(8, 12, 1 << 20)).isEqualTo(positions(8, 12, 1));
    assertThat(journal.readFrom).containsExactly(1L, 3L, 1L);
  }

  @Test
  void entriesThatWereReplacedSince_areFoundBehindIt() throws Exception {
    journal.write(0, 0, 1, 3);
    journal.write(3, 1, 1, 3);
    assertThat(read(1, 6, 4 * ENTRY_BYTES)).isEqualTo(positions(1, 4, 1));
    journal.write(4, 1, 2, 5); // entries 5 and 6 are cut off
    assertThat(read(5, 9, 1 << 20)).isEqualTo(positions(5, 9, 2));
    assertThat(journal.readFrom).containsExactly(1L, 2L);
  }
}
