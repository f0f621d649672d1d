package org.raftactors.cluster;

import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.raftactors.persistence.rocksdb.RocksDbStoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens the store of a node. While its disk is full it waits for room, as a running node does,
 * instead of failing the start: nobody has to be there when the space is back. Whatever else is
 * wrong fails the start.
 *
 * @param <S> an open store
 */
final class StoreOpening<S> {

  private static final Logger LOG = LoggerFactory.getLogger(StoreOpening.class);

  /** Attempts between two lines in the log. */
  private static final int TELL_EVERY = 60;

  private final Supplier<S> store;
  private final BooleanSupplier stopping;
  private final long pauseMillis;

  StoreOpening(Supplier<S> store, BooleanSupplier stopping, long pauseMillis) {
    this.store = store;
    this.stopping = stopping;
    this.pauseMillis = pauseMillis;
  }

  /**
   * Blocks until it is open.
   *
   * @throws RocksDbStoreException if it cannot be opened, or the node stops meanwhile
   */
  S await() {
    for (int attempt = 0; ; attempt++) {
      try {
        return store.get();
      } catch (RocksDbStoreException e) {
        if (e.reason() != RocksDbStoreException.Reason.NO_SPACE || stopping.getAsBoolean()) {
          throw e;
        }
        if (attempt % TELL_EVERY == 0) {
          LOG.error("the node waits with its start until there is room: {}", e.getMessage());
        }
        pause(e);
      }
    }
  }

  private void pause(RocksDbStoreException reason) {
    try {
      TimeUnit.MILLISECONDS.sleep(pauseMillis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw reason;
    }
  }
}
