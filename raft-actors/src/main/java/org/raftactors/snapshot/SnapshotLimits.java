package org.raftactors.snapshot;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import java.util.concurrent.Executor;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.Extension;
import org.apache.pekko.actor.typed.ExtensionId;

/**
 * What the snapshots of all partitions of an actor system share: threads that may block, a bound on
 * how many are written, sent and received at once, and a rate of sending. Configured by {@code
 * raft-actors.snapshots}.
 */
public final class SnapshotLimits implements Extension {

  /** Makes the one of an actor system. */
  private static final class Id extends ExtensionId<SnapshotLimits> {
    @Override
    public SnapshotLimits createExtension(ActorSystem<?> system) {
      return new SnapshotLimits(system);
    }
  }

  private static final Id ID = new Id();
  private static final String PATH = "raft-actors.snapshots";
  private static final long MIN_RATE = 64 << 10;

  private final Executor blocking;
  private final Permits writes;
  private final Permits sends;
  private final Permits receives;
  private final SendRate rate;

  private SnapshotLimits(ActorSystem<?> system) {
    Config config = system.settings().config().getConfig(PATH);
    this.blocking =
        system.dispatchers().lookup(DispatcherSelector.fromConfig(config.getString("dispatcher")));
    this.writes = new Permits(number(config, "max-concurrent-writes"));
    this.sends = new Permits(number(config, "max-concurrent-sends"));
    this.receives = new Permits(number(config, "max-concurrent-receives"));
    long bytes = config.getBytes("send-bytes-per-second");
    if (bytes < MIN_RATE) {
      throw bad(config, "send-bytes-per-second", "must be at least 64 KiB");
    }
    this.rate = new SendRate(bytes);
  }

  private static int number(Config config, String key) {
    int value = config.getInt(key);
    if (value < 1) {
      throw bad(config, key, "must be at least 1");
    }
    return value;
  }

  private static ConfigException bad(Config config, String key, String rule) {
    return new ConfigException.BadValue(config.getValue(key).origin(), PATH + "." + key, rule);
  }

  /**
   * The limits of an actor system.
   *
   * @param system the actor system
   * @return always the same
   * @throws ConfigException naming the key that is wrong
   */
  public static SnapshotLimits get(ActorSystem<?> system) {
    return ID.apply(system);
  }

  /** {@return threads that may block} */
  public Executor blocking() {
    return blocking;
  }

  Permits writes() {
    return writes;
  }

  Permits sends() {
    return sends;
  }

  Permits receives() {
    return receives;
  }

  SendRate rate() {
    return rate;
  }
}
