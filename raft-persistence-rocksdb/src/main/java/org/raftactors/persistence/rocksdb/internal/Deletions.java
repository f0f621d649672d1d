package org.raftactors.persistence.rocksdb.internal;

import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.apache.pekko.annotation.InternalApi;

/** What the cleanup does with a store. */
@InternalApi
public final class Deletions {

  private final StoreEngine engine;

  /** Uses a store. */
  public Deletions(StoreEngine engine) {
    this.engine = engine;
  }

  /** Deletes events up to a sequence number. */
  public CompletionStage<Done> eventsTo(String persistenceId, long toSequenceNr) {
    return submit(new EventDeletion(persistenceId, toSequenceNr));
  }

  /** Deletes events up to sequence numbers, but never the newest of a persistence id. */
  public CompletionStage<Done> compact(Map<String, Long> toSequenceNrs) {
    return submit(new Compaction(toSequenceNrs));
  }

  /** Deletes snapshots up to a sequence number. */
  public CompletionStage<Done> snapshotsTo(String persistenceId, long toSequenceNr) {
    return submit(new SnapshotDeletion(persistenceId, SnapshotSelection.to(toSequenceNr)));
  }

  /** Deletes everything of a persistence id, on demand the id as well. */
  public CompletionStage<Done> all(String persistenceId, boolean forget) {
    return submit(new FullDeletion(persistenceId, forget));
  }

  private CompletionStage<Done> submit(StoreTask<Void> task) {
    return engine.done(task);
  }
}
