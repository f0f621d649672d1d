package org.raftactors.persistence.rocksdb.internal;

import org.apache.pekko.dispatch.Futures;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import scala.concurrent.Future;
import scala.concurrent.Promise;

/**
 * One operation in the writer's queue. All of them, reading ones too, take effect in queue order
 * and are answered after the batch that they are part of is durable.
 */
abstract class StoreTask<T extends @Nullable Object> {

  private final Promise<T> promise = Futures.promise();
  private @Nullable T result;

  /** What the task occupies in the queue. */
  long bytes() {
    return 0;
  }

  /**
   * Whether it takes part in the limits of the queue. Not what a persistent actor waits for before
   * it asks for more.
   */
  boolean limited() {
    return true;
  }

  /**
   * Adds to the batch and to the positions, and sets the result. A {@code RocksDbStoreException}
   * fails this task alone, so it must come before any change; a {@code RocksDBException} fails the
   * batch.
   */
  abstract void stage(WriterSession session) throws RocksDBException;

  final void result(T value) {
    this.result = value;
  }

  @SuppressWarnings("NullAway") // A task whose result is Void has none; others set it in stage.
  final void succeed() {
    promise.trySuccess(result);
  }

  final void fail(Throwable cause) {
    promise.tryFailure(cause);
  }

  final Future<T> future() {
    return promise.future();
  }
}
