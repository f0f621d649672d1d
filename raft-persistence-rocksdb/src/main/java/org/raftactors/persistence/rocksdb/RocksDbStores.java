package org.raftactors.persistence.rocksdb;

import org.apache.pekko.actor.ClassicActorSystemProvider;
import org.raftactors.persistence.rocksdb.internal.StoreRegistry;

/**
 * The stores of an actor system. The plugins open their store by themselves at first use; an
 * application that wants to fail at start, or to know the identity of its store, opens it here
 * first and gets the same one.
 *
 * <p>A store is closed when the actor system terminates, after its writer has finished what was
 * queued.
 */
public final class RocksDbStores {

  /** The plugin id of the journal. */
  public static final String JOURNAL_PLUGIN_ID = "raft-actors.persistence.rocksdb.journal";

  /** The plugin id of the snapshot store. */
  public static final String SNAPSHOT_PLUGIN_ID = "raft-actors.persistence.rocksdb.snapshot";

  /** The plugin id of the read journal. */
  public static final String READ_JOURNAL_PLUGIN_ID = "raft-actors.persistence.rocksdb.query";

  /** The configuration path of the store that the plugins use unless told otherwise. */
  public static final String DEFAULT_STORE_PATH = "raft-actors.persistence.rocksdb.store";

  private final StoreRegistry registry;

  private RocksDbStores(StoreRegistry registry) {
    this.registry = registry;
  }

  /**
   * The stores of a system.
   *
   * @param system a typed or classic actor system
   * @return its stores
   */
  public static RocksDbStores get(ClassicActorSystemProvider system) {
    return new RocksDbStores(StoreRegistry.get(system));
  }

  /**
   * Opens the store at {@link #DEFAULT_STORE_PATH}.
   *
   * @return the open store
   * @throws RocksDbStoreException if it cannot be opened
   */
  public RocksDbStore open() {
    return open(DEFAULT_STORE_PATH);
  }

  /**
   * The store at a configuration path as it is: opening, open, or closed by a failure. Does not
   * wait; starts it if it is not running. For questions such as {@link RocksDbStore#verdict()}
   * about a store that cannot be opened.
   *
   * @param configPath where its settings are
   * @return the store
   * @throws RocksDbStoreException if a setting is wrong
   */
  public RocksDbStore store(String configPath) {
    return registry.engine(configPath);
  }

  /**
   * Opens a store, or returns it if it is open. Blocks until RocksDB has recovered its log. After a
   * failure, each call is a new attempt.
   *
   * @param configPath where its settings are
   * @return the open store
   * @throws RocksDbStoreException if a setting is wrong or the store cannot be opened
   */
  public RocksDbStore open(String configPath) {
    return registry.engine(configPath).awaitOpen();
  }
}
