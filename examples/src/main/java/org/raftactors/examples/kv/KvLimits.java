package org.raftactors.examples.kv;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import java.time.Duration;
import java.util.List;

/**
 * What the service accepts, from the configuration section {@code kv}.
 *
 * @param maxKeyBytes longest key, in bytes of UTF-8
 * @param maxValueBytes longest value, in bytes
 * @param maxStaleness how far behind a replica may be that serves a stale read
 * @param bodyTimeout how long the body of a request may take to arrive
 * @param requestTimeout how long a request may take altogether
 */
record KvLimits(
    int maxKeyBytes,
    int maxValueBytes,
    Duration maxStaleness,
    Duration bodyTimeout,
    Duration requestTimeout) {

  private static final String MAX_ENTRY = "raft-actors.partition.max-entry-bytes";

  private static final List<String> KEYS =
      List.of(
          "body-timeout", "max-key-bytes", "max-staleness", "max-value-bytes", "request-timeout");

  /** What a compare-and-set takes besides its key and its two values, generously. */
  private static final int COMMAND_ROOM = 64;

  static KvLimits from(Config config) {
    Config kv = config.getConfig("kv");
    for (String key : kv.root().keySet()) {
      if (!KEYS.contains(key)) {
        throw bad(kv, key, "is no setting; the settings are " + String.join(", ", KEYS));
      }
    }
    KvLimits limits =
        new KvLimits(
            positive(kv, "max-key-bytes"),
            positive(kv, "max-value-bytes"),
            duration(kv, "max-staleness", Duration.ZERO),
            duration(kv, "body-timeout", Duration.ofMillis(1)),
            duration(kv, "request-timeout", Duration.ofMillis(1)));
    long largest = limits.maxKeyBytes() + 2L * limits.maxValueBytes() + COMMAND_ROOM;
    if (largest > config.getBytes(MAX_ENTRY)) {
      throw bad(
          kv,
          "max-value-bytes",
          "two such values, a key and "
              + COMMAND_ROOM
              + " bytes are "
              + largest
              + " bytes, more than "
              + MAX_ENTRY
              + " = "
              + config.getBytes(MAX_ENTRY));
    }
    return limits;
  }

  private static Duration duration(Config kv, String key, Duration min) {
    Duration value = kv.getDuration(key);
    if (value.compareTo(min) < 0 || value.compareTo(Duration.ofDays(1)) > 0) {
      throw bad(kv, key, value.toMillis() + " ms is not between " + min.toMillis() + " ms and 1 d");
    }
    return value;
  }

  private static ConfigException bad(Config kv, String key, String problem) {
    return new ConfigException.BadValue(kv.getValue(key).origin(), "kv." + key, problem);
  }

  private static int positive(Config kv, String key) {
    long value = kv.getBytes(key);
    if (value < 1 || value > 16 << 20) {
      throw bad(kv, key, value + " is not between 1 B and 16 MiB");
    }
    return (int) value;
  }

  /** The longest JSON body of a compare-and-set: two values, each character escaped. */
  long maxCompareAndSetBytes() {
    return 1024 + 12L * maxValueBytes;
  }
}
