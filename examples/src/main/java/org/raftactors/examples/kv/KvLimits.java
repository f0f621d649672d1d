package org.raftactors.examples.kv;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import java.time.Duration;

/**
 * What the service accepts, from the configuration section {@code kv}.
 *
 * @param maxKeyBytes longest key, in bytes of UTF-8
 * @param maxValueBytes longest value, in bytes
 * @param maxStaleness how far behind a replica may be that serves a stale read
 * @param bodyTimeout how long the body of a request may take to arrive
 */
record KvLimits(int maxKeyBytes, int maxValueBytes, Duration maxStaleness, Duration bodyTimeout) {

  static KvLimits from(Config config) {
    Config kv = config.getConfig("kv");
    return new KvLimits(
        positive(kv, "max-key-bytes"),
        positive(kv, "max-value-bytes"),
        kv.getDuration("max-staleness"),
        kv.getDuration("body-timeout"));
  }

  private static int positive(Config kv, String key) {
    long value = kv.getBytes(key);
    if (value < 1 || value > 16 << 20) {
      throw new ConfigException.BadValue(
          kv.getValue(key).origin(), "kv." + key, value + " is not between 1 B and 16 MiB");
    }
    return (int) value;
  }

  /** The longest JSON body of a compare-and-set: two values, each character escaped. */
  long maxCompareAndSetBytes() {
    return 1024 + 12L * maxValueBytes;
  }
}
