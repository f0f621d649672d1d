package org.raftactors.actor;

import com.typesafe.config.Config;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.persistence.query.EventEnvelope;
import org.apache.pekko.persistence.query.Offset;
import org.apache.pekko.persistence.query.ReadJournalProvider;
import org.apache.pekko.persistence.query.javadsl.CurrentEventsByPersistenceIdQuery;
import org.apache.pekko.persistence.query.javadsl.ReadJournal;
import org.apache.pekko.serialization.SerializationExtension;
import org.apache.pekko.stream.javadsl.Source;
import org.jspecify.annotations.NullUnmarked;

/** The read journal over {@link TestStore}. */
public final class TestReadJournal implements ReadJournal, CurrentEventsByPersistenceIdQuery {

  /** How Pekko makes it. */
  public static final class Provider implements ReadJournalProvider {
    private final TestReadJournal journal;

    /**
     * Called by Pekko.
     *
     * @param system the actor system
     * @param config of the plugin
     */
    public Provider(ExtendedActorSystem system, Config config) {
      this.journal = new TestReadJournal(system);
    }

    @Override
    @NullUnmarked
    public org.apache.pekko.persistence.query.scaladsl.ReadJournal scaladslReadJournal() {
      return null; // tests use the Java API only
    }

    @Override
    public ReadJournal javadslReadJournal() {
      return journal;
    }
  }

  private final ExtendedActorSystem system;

  private TestReadJournal(ExtendedActorSystem system) {
    this.system = system;
  }

  @Override
  public Source<EventEnvelope, NotUsed> currentEventsByPersistenceId(
      String persistenceId, long fromSequenceNr, long toSequenceNr) {
    TestStore store = TestStore.of(persistenceId);
    return Source.from(store.events())
        .filter(e -> e.sequenceNumber() >= fromSequenceNr && e.sequenceNumber() <= toSequenceNr)
        .map(
            e -> {
              store.check(e);
              return new EventEnvelope(
                  Offset.sequence(e.sequenceNumber()),
                  persistenceId,
                  e.sequenceNumber(),
                  TestJournal.fromStored(SerializationExtension.get(system), e),
                  0);
            });
  }
}
