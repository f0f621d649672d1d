package org.raftactors.cluster;

import org.raftactors.persistence.rocksdb.RocksDbStoreException;

/** Tells a store whose data is damaged from one that is busy, out of reach or out of order. */
final class StoreDamage {

  private StoreDamage() {}

  /**
   * Whether a failure means that data is damaged, or that this version cannot read it. That a write
   * has failed does not: the store opens again then and finds out what it has. If that finds
   * damage, it says so with the reason of its own, and all replicas on the store stop, just as the
   * node would not have started with it.
   *
   * @param failure one exception, without its causes
   */
  static boolean isIn(Throwable failure) {
    return failure instanceof RocksDbStoreException store
        && switch (store.reason()) {
          case CORRUPTED, FORMAT -> true;
          case CONFIGURATION,
              DIRECTORY,
              LOCKED,
              IO,
              WRITE_FAILED,
              UNAVAILABLE,
              QUEUE_FULL,
              TOO_LARGE,
              NO_SPACE,
              DELETED,
              OUT_OF_ORDER,
              FENCED,
              CLOSED ->
              false;
        };
  }
}
