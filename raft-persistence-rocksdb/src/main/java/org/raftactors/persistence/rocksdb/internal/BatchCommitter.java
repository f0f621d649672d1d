package org.raftactors.persistence.rocksdb.internal;

import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/** The one call that makes a batch durable; tests put failures and hangs in its place. */
@FunctionalInterface
interface BatchCommitter {

  /** Writes and, as the store is set up, syncs. */
  void commit(Database database, WriteBatch batch) throws RocksDBException;

  /** What happens outside tests. */
  static void writeAndSync(Database database, WriteBatch batch) throws RocksDBException {
    database.rocks().write(database.writeOptions(), batch);
  }
}
