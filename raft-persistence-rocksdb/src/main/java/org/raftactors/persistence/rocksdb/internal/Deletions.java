package org.raftactors.persistence.rocksdb.internal;

import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.apache.pekko.annotation.InternalApi;
import scala.jdk.javaapi.FutureConverters;

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

  /** Deletes snapshots up to a sequence number. */
  public CompletionStage<Done> snapshotsTo(String persistenceId, long toSequenceNr) {
    return submit(new SnapshotDeletion(persistenceId, SnapshotSelection.to(toSequenceNr)));
  }

  /** Deletes everything of a persistence id, on demand the id as well. */
  public CompletionStage<Done> all(String persistenceId, boolean forget) {
    return submit(new FullDeletion(persistenceId, forget));
  }

  private CompletionStage<Done> submit(StoreTask<Void> task) {
    return FutureConverters.asJava(engine.submit(task)).thenApply(nothing -> Done.getInstance());
  }
}
