package org.raftactors.persistence.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.apache.pekko.actor.ActorSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.LRUCache;
import org.rocksdb.RocksDB;
import org.rocksdb.WriteBufferManager;

class MemorySetupTest {

  static {
    RocksDB.loadLibrary();
  }

  @TempDir Path directory;

  @Test
  void sharedMemory_isUsedAndLeftOpen() {
    try (LRUCache cache = new LRUCache(64 << 20);
        WriteBufferManager writeBuffers = new WriteBufferManager(32 << 20, cache)) {
      long before = cache.getUsage();
      ActorSystem system =
          TestSystems.start(directory, RocksDbMemorySetup.create(cache, writeBuffers));
      RocksDbStores.get(system).open();
      // Write buffers are charged to the cache in steps: a store that uses it shows.
      assertThat(cache.getUsage()).isGreaterThan(before);
      TestSystems.stop(system);
      assertThat(cache.isOwningHandle()).isTrue();
      assertThat(writeBuffers.isOwningHandle()).isTrue();

      // Usable after the system has gone, by the next one as well.
      ActorSystem next =
          TestSystems.start(directory, RocksDbMemorySetup.create(cache, writeBuffers));
      assertThat(RocksDbStores.get(next).open().newlyCreated()).isFalse();
      TestSystems.stop(next);
    }
  }
}
