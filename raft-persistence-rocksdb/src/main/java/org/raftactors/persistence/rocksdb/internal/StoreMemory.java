package org.raftactors.persistence.rocksdb.internal;

import org.jspecify.annotations.Nullable;
import org.raftactors.persistence.rocksdb.RocksDbMemorySetup;
import org.rocksdb.Cache;
import org.rocksdb.LRUCache;
import org.rocksdb.RocksDB;
import org.rocksdb.WriteBufferManager;

/**
 * The block cache and write buffer manager of a store: the application's, or its own. Own ones live
 * as long as the store and are closed after the database, which uses them to its end.
 */
record StoreMemory(Cache blockCache, WriteBufferManager writeBuffers, boolean owned)
    implements AutoCloseable {

  static {
    RocksDB.loadLibrary();
  }

  static StoreMemory of(StoreSettings.Memory settings, @Nullable RocksDbMemorySetup shared) {
    if (shared != null) {
      return new StoreMemory(shared.blockCache(), shared.writeBufferManager(), false);
    }
    Cache cache = new LRUCache(settings.blockCacheSize());
    return new StoreMemory(
        cache, new WriteBufferManager(settings.writeBufferBudget(), cache), true);
  }

  @Override
  public void close() {
    if (owned) {
      writeBuffers.close();
      blockCache.close();
    }
  }
}
