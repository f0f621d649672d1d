package org.raftactors.persistence.rocksdb.internal;

import java.util.HashMap;
import java.util.Map;
import org.apache.pekko.actor.AbstractExtensionId;
import org.apache.pekko.actor.ClassicActorSystemProvider;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.Extension;
import org.apache.pekko.annotation.InternalApi;
import org.raftactors.persistence.rocksdb.RocksDbStoreException.Reason;

/**
 * The stores of an actor system, one per data directory. They are closed when the system has
 * terminated, so no actor is left that could write.
 */
@InternalApi
public final class StoreRegistry implements Extension {

  private static final ExtensionKey KEY = new ExtensionKey();

  private final ExtendedActorSystem system;
  private final Map<String, StoreEngine> byConfigPath = new HashMap<>();
  private boolean terminated;

  private StoreRegistry(ExtendedActorSystem system) {
    this.system = system;
    system.registerOnTermination(this::closeAll);
  }

  /** The stores of a system. */
  public static StoreRegistry get(ClassicActorSystemProvider system) {
    return KEY.get(system);
  }

  /**
   * The store whose settings are at a configuration path; started if it is not running.
   *
   * @throws org.raftactors.persistence.rocksdb.RocksDbStoreException if a setting is wrong
   */
  public synchronized StoreEngine engine(String configPath) {
    StoreEngine known = byConfigPath.get(configPath);
    if (known != null) {
      return known;
    }
    StoreSettings settings = StoreSettings.of(system.settings().config(), configPath);
    if (terminated) {
      throw StoreErrors.closed(settings.directory());
    }
    for (StoreEngine other : byConfigPath.values()) {
      if (other.directory().equals(settings.directory())) {
        throw StoreErrors.error(
            Reason.CONFIGURATION,
            settings.directory(),
            "%s.directory = %s is the directory of %s, too: use that path, or another directory."
                .formatted(configPath, settings.directory(), other.settings().configPath()),
            null);
      }
    }
    StoreEngine started = StoreEngine.start(system, settings);
    byConfigPath.put(configPath, started);
    return started;
  }

  private synchronized void closeAll() {
    terminated = true;
    byConfigPath.values().forEach(StoreEngine::close);
  }

  private static final class ExtensionKey extends AbstractExtensionId<StoreRegistry> {
    @Override
    public StoreRegistry createExtension(ExtendedActorSystem system) {
      return new StoreRegistry(system);
    }
  }
}
