package org.raftactors.link;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import java.time.Duration;

/**
 * The settings {@code raft-actors.replication-link}.
 *
 * @param enabled whether there are links
 * @param bindHost where to listen, and from where to connect if {@code outboundHost} is empty
 * @param outboundHost from where to connect; empty: the system decides
 * @param port to listen on, 0 for any
 * @param maxPendingBytes that wait for one link
 * @param timeout a link that does not answer for so long is given up
 */
record LinkSettings(
    boolean enabled,
    String bindHost,
    String outboundHost,
    int port,
    long maxPendingBytes,
    Duration timeout) {

  private static final String PATH = "raft-actors.replication-link";
  private static final String ARTERY = "pekko.remote.artery";
  private static final long MIN_PENDING = 1 << 20;
  private static final int MAX_PORT = 65535;

  /**
   * Reads them.
   *
   * @param config of the actor system
   * @param host that others reach it by
   * @throws ConfigException naming the key that is wrong
   */
  static LinkSettings of(Config config, String host) {
    Config own = config.getConfig(PATH);
    int port = own.getInt("port");
    if (port < 0 || port > MAX_PORT) {
      throw bad(own, "port", "must be 0, for any port, or a port up to 65535");
    }
    long pending = own.getBytes("max-pending-bytes");
    if (pending < MIN_PENDING) {
      throw bad(own, "max-pending-bytes", "must be at least 1 MiB");
    }
    Duration timeout = own.getDuration("timeout");
    if (timeout.compareTo(Duration.ofMillis(100)) < 0
        || timeout.compareTo(Duration.ofMinutes(1)) > 0) {
      throw bad(own, "timeout", "must be from 100 ms to 1 min");
    }
    String bind = config.getString(ARTERY + ".bind.hostname");
    return new LinkSettings(
        isEnabled(config, own),
        bind.isEmpty() || bind.startsWith("<") ? host : bind,
        config.getString(ARTERY + ".advanced.tcp.outbound-client-hostname"),
        port,
        pending,
        timeout);
  }

  private static boolean isEnabled(Config config, Config own) {
    String enabled = own.getString("enabled");
    return switch (enabled) {
      case "on", "true", "yes" -> true;
      case "off", "false", "no" -> false;
      // What Pekko's remoting encrypts, or a test cuts off, must not find a way beside it.
      case "auto" ->
          config.getString(ARTERY + ".transport").equals("tcp")
              && !config.getBoolean(ARTERY + ".advanced.test-mode");
      default -> throw bad(own, "enabled", "must be auto, on or off");
    };
  }

  private static ConfigException bad(Config own, String key, String rule) {
    return new ConfigException.BadValue(own.getValue(key).origin(), PATH + "." + key, rule);
  }
}
