package org.raftactors.cluster;

import com.typesafe.config.Config;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.apache.pekko.persistence.AtomicWrite;
import org.apache.pekko.persistence.PersistentRepr;
import org.apache.pekko.persistence.SelectedSnapshot;
import org.apache.pekko.persistence.SnapshotMetadata;
import org.apache.pekko.persistence.SnapshotSelectionCriteria;
import org.apache.pekko.persistence.journal.Tagged;
import org.apache.pekko.persistence.journal.japi.AsyncWriteJournal;
import org.apache.pekko.persistence.snapshot.japi.SnapshotStore;
import org.raftactors.core.write.DurableState;
import org.raftactors.core.write.Written;
import org.raftactors.persistence.rocksdb.internal.JournalStore;
import org.raftactors.persistence.rocksdb.internal.SnapshotOperations;
import org.raftactors.persistence.rocksdb.internal.SnapshotSelection;
import scala.concurrent.Future;
import scala.jdk.javaapi.CollectionConverters;
import scala.jdk.javaapi.FutureConverters;

/** The plugins of a node with one partition, with the points at which its log's base moves. */
public final class KillingPlugins {

  /** Of the log, as the last event or saved state says that was written or read. */
  private static final AtomicLong BASE = new AtomicLong();

  private static final AtomicLong LAST = new AtomicLong();

  /** Whether a snapshot was received that the state machine does not have. */
  private static volatile boolean installing;

  private KillingPlugins() {}

  /** The state machine takes over a snapshot; a start does so before it has heard of anybody. */
  static void restored() {
    if (installing) {
      KillPoint.RECEIVED_NOT_ACKNOWLEDGED.reached();
    }
    installing = false;
  }

  /** The journal. */
  public static final class Journal extends AsyncWriteJournal {
    private final JournalStore store;

    /**
     * Called by Pekko.
     *
     * @param config the plugin's section
     */
    public Journal(Config config) {
      this.store = new JournalStore(context().system(), config.getString("store"));
    }

    @Override
    public Future<Iterable<Optional<Exception>>> doAsyncWriteMessages(
        Iterable<AtomicWrite> messages) {
      boolean moved = false;
      boolean received = false; // in place of a log that ended before it
      for (AtomicWrite write : messages) {
        for (PersistentRepr event : CollectionConverters.asJava(write.payload())) {
          Object payload = event.payload();
          payload = payload instanceof Tagged tagged ? tagged.payload() : payload;
          if (payload instanceof Written written) {
            moved |= base(written) > BASE.get();
            received |= base(written) > LAST.get();
            know(written);
          }
        }
      }
      return moved ? writeBase(messages, received) : store.write(messages);
    }

    private Future<Iterable<Optional<Exception>>> writeBase(
        Iterable<AtomicWrite> messages, boolean received) {
      return FutureConverters.asScala(
          FutureConverters.asJava(store.write(messages))
              .thenApply(
                  outcomes -> {
                    installing = received;
                    if (received) {
                      KillPoint.RECEIVED_NOT_RESTORED.reached();
                    } else {
                      KillPoint.BASE_IS_DURABLE.reached();
                    }
                    return outcomes;
                  }));
    }

    private static long base(Written event) {
      return event.base().position().index();
    }

    private static void know(Written event) {
      BASE.set(base(event));
      LAST.set(event.lastIndex());
    }

    @Override
    public Future<Void> doAsyncDeleteMessagesTo(String persistenceId, long toSequenceNr) {
      return store.deleteTo(persistenceId, toSequenceNr);
    }

    @Override
    public Future<Long> doAsyncReadHighestSequenceNr(String persistenceId, long fromSequenceNr) {
      return store.highestSequenceNr(persistenceId);
    }

    @Override
    public Future<Void> doAsyncReplayMessages(
        String persistenceId,
        long fromSequenceNr,
        long toSequenceNr,
        long max,
        Consumer<PersistentRepr> replayCallback) {
      return store.replay(
          persistenceId,
          fromSequenceNr,
          toSequenceNr,
          max,
          event -> {
            if (event.payload() instanceof Written written) {
              know(written);
            }
            replayCallback.accept(event);
          });
    }
  }

  /** The snapshot store, for what the replica knows about its log. */
  public static final class Snapshots extends SnapshotStore {
    private final SnapshotOperations store;

    /**
     * Called by Pekko.
     *
     * @param config the plugin's section
     */
    public Snapshots(Config config) {
      this.store = new SnapshotOperations(context().system(), config.getString("store"));
    }

    @Override
    public Future<Optional<SelectedSnapshot>> doLoadAsync(
        String persistenceId, SnapshotSelectionCriteria criteria) {
      return FutureConverters.asScala(
          FutureConverters.asJava(store.load(persistenceId, SnapshotSelection.of(criteria)))
              .thenApply(
                  found -> {
                    found.ifPresent(
                        snapshot -> {
                          if (snapshot.snapshot() instanceof DurableState state) {
                            BASE.set(state.base().position().index());
                            LAST.set(state.last().index());
                          }
                        });
                    return found;
                  }));
    }

    @Override
    public Future<Void> doSaveAsync(SnapshotMetadata metadata, Object snapshot) {
      return FutureConverters.asScala(
          FutureConverters.asJava(store.save(metadata, snapshot))
              .thenAccept(
                  done -> {
                    if (snapshot instanceof DurableState state
                        && state.base().position().index() > 0) {
                      KillPoint.STATE_IS_SAVED.reached();
                    }
                  }));
    }

    @Override
    public Future<Void> doDeleteAsync(SnapshotMetadata metadata) {
      return store.delete(metadata.persistenceId(), SnapshotSelection.of(metadata));
    }

    @Override
    public Future<Void> doDeleteAsync(String persistenceId, SnapshotSelectionCriteria criteria) {
      return store.delete(persistenceId, SnapshotSelection.of(criteria));
    }
  }
}
