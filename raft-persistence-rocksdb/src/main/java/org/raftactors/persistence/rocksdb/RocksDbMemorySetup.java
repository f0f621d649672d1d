package org.raftactors.persistence.rocksdb;

import org.apache.pekko.actor.setup.Setup;
import org.rocksdb.Cache;
import org.rocksdb.WriteBufferManager;

/**
 * Lets an application that uses RocksDB itself share one memory budget with the stores of an actor
 * system. Given at the creation of the system, it replaces {@code block-cache-size} and {@code
 * write-buffer-budget} of every store.
 *
 * <p>The application owns both objects: it calls {@code RocksDB.loadLibrary()} before it creates
 * them, keeps them until the system has terminated, and closes them after that. A store never
 * closes them.
 */
public final class RocksDbMemorySetup extends Setup {

  private final Cache blockCache;
  private final WriteBufferManager writeBufferManager;

  private RocksDbMemorySetup(Cache blockCache, WriteBufferManager writeBufferManager) {
    this.blockCache = blockCache;
    this.writeBufferManager = writeBufferManager;
  }

  /**
   * Shares a cache and a write buffer manager.
   *
   * @param blockCache for blocks of data files
   * @param writeBufferManager counts and limits the memory of write buffers
   * @return a setup for {@code ActorSystem.create}
   */
  public static RocksDbMemorySetup create(Cache blockCache, WriteBufferManager writeBufferManager) {
    return new RocksDbMemorySetup(blockCache, writeBufferManager);
  }

  /**
   * The application's block cache.
   *
   * @return the cache
   */
  public Cache blockCache() {
    return blockCache;
  }

  /**
   * The application's write buffer manager.
   *
   * @return the manager
   */
  public WriteBufferManager writeBufferManager() {
    return writeBufferManager;
  }
}
