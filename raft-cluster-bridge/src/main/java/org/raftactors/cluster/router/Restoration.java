package org.raftactors.cluster.router;

import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.raftactors.cluster.bootstrap.NodeRecord;
import org.raftactors.cluster.bootstrap.RestoredAt;

/** The backup that was restored beside the store of a node, if any. */
public interface Restoration {

  /** Its id; empty if there is none, or none that can be read. */
  String origin();

  /** Why it cannot be read, and what to do; empty if it can, or if there is none. */
  String problem();

  /**
   * Gives the replicas of this node its snapshots, as those of a new cluster. Does not block.
   *
   * @return the position of each partition, by its id, once all are durable; fails with a message
   *     that says what is wrong and what to do
   */
  CompletionStage<Map<Long, RestoredAt>> takeOver(NodeRecord cluster);

  /** It is needed no more, now or since an earlier run. Does nothing if there is none. */
  void remove();

  /** What a stage failed with, in words. */
  static String reason(@Nullable Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    return cause == null || cause.getMessage() == null ? String.valueOf(cause) : cause.getMessage();
  }
}
