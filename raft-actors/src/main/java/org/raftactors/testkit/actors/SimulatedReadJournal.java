package org.raftactors.testkit.actors;

import com.typesafe.config.Config;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.persistence.query.EventEnvelope;
import org.apache.pekko.persistence.query.Offset;
import org.apache.pekko.persistence.query.ReadJournalProvider;
import org.apache.pekko.persistence.query.javadsl.CurrentEventsByPersistenceIdQuery;
import org.apache.pekko.persistence.query.javadsl.ReadJournal;
import org.apache.pekko.serialization.Serialization;
import org.apache.pekko.serialization.SerializationExtension;
import org.apache.pekko.stream.javadsl.Source;
import org.jspecify.annotations.NullUnmarked;

/** The read journal over {@link Disks}; a read sees what is on the disk when it begins. */
public final class SimulatedReadJournal implements ReadJournal, CurrentEventsByPersistenceIdQuery {

  /** How Pekko makes it. */
  public static final class Provider implements ReadJournalProvider {
    private final SimulatedReadJournal journal;

    /**
     * Called by Pekko.
     *
     * @param system the actor system
     * @param config of the plugin
     */
    public Provider(ExtendedActorSystem system, Config config) {
      this.journal = new SimulatedReadJournal(system);
    }

    @Override
    @NullUnmarked
    public org.apache.pekko.persistence.query.scaladsl.ReadJournal scaladslReadJournal() {
      return null; // the partition actors use the Java API only
    }

    @Override
    public ReadJournal javadslReadJournal() {
      return journal;
    }
  }

  private final ExtendedActorSystem system;
  private final Disks disks;

  private SimulatedReadJournal(ExtendedActorSystem system) {
    this.system = system;
    this.disks = ((VirtualScheduler) system.scheduler()).disks();
  }

  @Override
  public Source<EventEnvelope, NotUsed> currentEventsByPersistenceId(
      String persistenceId, long fromSequenceNr, long toSequenceNr) {
    if (disks.failsRead()) {
      return Source.failed(new IllegalStateException("the simulated read fails"));
    }
    Serialization serialization = SerializationExtension.get(system);
    return Source.from(disks.of(persistenceId).events())
        .filter(e -> e.sequenceNr() >= fromSequenceNr && e.sequenceNr() <= toSequenceNr)
        .map(
            e ->
                new EventEnvelope(
                    Offset.sequence(e.sequenceNr()),
                    persistenceId,
                    e.sequenceNr(),
                    SimulatedJournal.fromEvent(serialization, e),
                    0));
  }
}
