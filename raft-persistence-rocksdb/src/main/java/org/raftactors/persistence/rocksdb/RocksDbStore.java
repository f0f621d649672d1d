package org.raftactors.persistence.rocksdb;

import java.nio.file.Path;
import java.util.UUID;

/** An open store: one RocksDB database in one data directory, shared by the plugins of a system. */
public interface RocksDbStore {

  /**
   * The directory of the database.
   *
   * @return an absolute path
   */
  Path directory();

  /**
   * The identity minted when the store was created and durable in it ever since. A directory that
   * was emptied, replaced or not mounted shows another one.
   *
   * @return the store's id
   */
  UUID storeId();

  /**
   * Tells whether this actor system created the store because the directory held none.
   *
   * @return true if the store did not exist before
   */
  boolean newlyCreated();

  /**
   * What the store has done so far.
   *
   * @return figures of this moment
   */
  RocksDbCounters counters();
}
