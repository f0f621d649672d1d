package org.raftactors.persistence.rocksdb.internal;

import java.util.function.Function;
import org.apache.pekko.actor.ClassicActorSystemProvider;
import org.apache.pekko.dispatch.Futures;
import org.jspecify.annotations.Nullable;
import org.raftactors.persistence.rocksdb.RocksDbStoreException;
import scala.concurrent.Future;

/**
 * The way of a plugin to its store. A plugin must come up even when a setting is wrong, because
 * what its constructor throws never reaches the persistent actors: then each operation fails with
 * the cause.
 */
final class StoreAccess {

  private final @Nullable StoreEngine engine;
  private final @Nullable RocksDbStoreException failure;

  private StoreAccess(@Nullable StoreEngine engine, @Nullable RocksDbStoreException failure) {
    this.engine = engine;
    this.failure = failure;
  }

  static StoreAccess of(ClassicActorSystemProvider system, String configPath) {
    try {
      return new StoreAccess(StoreRegistry.get(system).engine(configPath), null);
    } catch (RocksDbStoreException e) {
      return new StoreAccess(null, e);
    }
  }

  <T extends @Nullable Object> Future<T> submit(StoreTask<T> task) {
    return engine == null ? Futures.failed(cause()) : engine.submit(task);
  }

  /** Continues on the read dispatcher behind everything that was queued before. */
  <A, T extends @Nullable Object> Future<T> readAfter(
      StoreTask<A> barrier, Function<A, Future<T>> continuation) {
    StoreEngine open = engine;
    if (open == null) {
      return Futures.failed(cause());
    }
    return open.submit(barrier).flatMap(continuation::apply, open.readDispatcher());
  }

  StoreEngine engine() {
    if (engine == null) {
      throw cause();
    }
    return engine;
  }

  private RocksDbStoreException cause() {
    if (failure == null) {
      throw new IllegalStateException("Neither an engine nor the cause of its absence.");
    }
    return failure;
  }
}
