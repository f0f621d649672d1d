package org.raftactors.persistence.rocksdb.internal;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.apache.pekko.annotation.InternalApi;
import org.raftactors.persistence.rocksdb.RocksDbStoreException;
import scala.jdk.javaapi.FutureConverters;

/** What the cleanup does with a store. */
@InternalApi
public final class Deletions {

  /** Each costs a read on the writer thread, so this bounds how long others wait. */
  private static final int COMPACTED_AT_ONCE = 32;

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
    List<Map<String, Long>> pieces = new ArrayList<>();
    Map<String, Long> piece = new HashMap<>();
    for (Map.Entry<String, Long> each : toSequenceNrs.entrySet()) {
      piece.put(each.getKey(), each.getValue());
      if (piece.size() == COMPACTED_AT_ONCE) {
        pieces.add(piece);
        piece = new HashMap<>();
      }
    }
    pieces.add(piece);
    return compact(pieces.iterator(), new ArrayList<>());
  }

  /** One piece after the other: writes that come meanwhile go between them. */
  private CompletionStage<Done> compact(
      Iterator<Map<String, Long>> pieces, List<RocksDbStoreException> failures) {
    if (pieces.hasNext()) {
      return FutureConverters.asJava(engine.submit(new Compaction(pieces.next())))
          .thenComposeAsync(
              more -> {
                more.forEach(failure -> failure.damage().ifPresent(engine::damageFound));
                failures.addAll(more);
                return compact(pieces, failures);
              },
              engine.readDispatcher());
    }
    return failures.isEmpty()
        ? CompletableFuture.completedFuture(Done.getInstance())
        : CompletableFuture.failedFuture(failures.get(0));
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
