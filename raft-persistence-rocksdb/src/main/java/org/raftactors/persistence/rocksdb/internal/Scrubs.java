package org.raftactors.persistence.rocksdb.internal;

import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.raftactors.persistence.rocksdb.RocksDbStoreException;
import org.raftactors.persistence.rocksdb.ScrubReport;

/** The scrubs of a store that are under way, and the progress of the last one. */
final class Scrubs {

  private final Set<Scrub> running = ConcurrentHashMap.newKeySet();
  private volatile @Nullable Scrub last;
  private volatile @Nullable RocksDbStoreException closed;

  /** Starts a scrub; one whose store closes is failed, since nothing runs any more that could. */
  CompletableFuture<ScrubReport> start(Scrub scrub) {
    last = scrub;
    running.add(scrub);
    CompletableFuture<ScrubReport> result =
        scrub
            .start()
            .whenComplete(
                (report, failure) -> {
                  running.remove(scrub);
                });
    RocksDbStoreException cause = closed;
    if (cause != null) {
      scrub.fail(cause);
    }
    return result;
  }

  Optional<ScrubReport> progress() {
    return Optional.ofNullable(last).map(Scrub::progress);
  }

  void close(RocksDbStoreException cause) {
    closed = cause;
    running.forEach(scrub -> scrub.fail(cause));
  }
}
