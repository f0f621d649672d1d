package org.raftactors.persistence.rocksdb.internal;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.raftactors.persistence.rocksdb.RocksDbStoreException;
import org.raftactors.persistence.rocksdb.RocksDbStoreException.Reason;
import org.raftactors.persistence.rocksdb.RocksDbStores;

/** Reads settings; a wrong one fails with its key, its value and the rule it breaks. */
final class CheckedConfig {

  private final String path;
  private final Config config;
  private final Set<String> known = new TreeSet<>();

  private CheckedConfig(String path, Config config) {
    this.path = path;
    this.config = config;
  }

  /** The section at a path; what it leaves out is taken from the default store's section. */
  static CheckedConfig at(Config systemConfig, String path) {
    if (!systemConfig.hasPath(path)) {
      throw failure("There is no section " + path + " with the settings of a RocksDB store.", null);
    }
    try {
      Config section = systemConfig.getConfig(path);
      if (path.equals(RocksDbStores.DEFAULT_STORE_PATH)) {
        return new CheckedConfig(path, section);
      }
      // Two stores cannot share a directory: the default one is no fall-back for another section.
      Config defaults =
          systemConfig.getConfig(RocksDbStores.DEFAULT_STORE_PATH).withoutPath("directory");
      return new CheckedConfig(path, section.withFallback(defaults));
    } catch (ConfigException e) {
      throw failure("The section " + path + " cannot be read: " + e.getMessage(), e);
    }
  }

  /** Once all settings were read: any other key is a typing error with consequences. */
  void refuseOthers() {
    Set<String> others = new TreeSet<>(config.root().keySet());
    others.removeAll(known);
    if (!others.isEmpty()) {
      throw failure(
          path
              + "."
              + String.join(", ", others)
              + " is no setting; the settings of a store are "
              + String.join(", ", known)
              + ".",
          null);
    }
  }

  Path directory(String key) {
    known.add(key);
    String value = config.hasPath(key) ? text(key) : "";
    if (value.isBlank()) {
      throw failure(
          path + "." + key + " is not set. Set it to the directory that holds the store's files.",
          null);
    }
    try {
      return Path.of(value).toAbsolutePath().normalize();
    } catch (InvalidPathException e) {
      throw broken(key, value, "a path of this file system", e);
    }
  }

  /** A directory that may be left out. */
  Path directory(String key, Path otherwise) {
    String value = text(key);
    return value.isBlank() ? otherwise : directory(key);
  }

  String text(String key) {
    return read(key, "a text", () -> config.getString(key));
  }

  boolean flag(String key) {
    return read(key, "on or off", () -> config.getBoolean(key));
  }

  long number(String key, long min, long max) {
    String rule = "a number from " + min + " to " + max;
    long value = read(key, rule, () -> config.getLong(key));
    return within(key, value, value >= min && value <= max, rule);
  }

  long bytes(String key, long min, long max) {
    String rule = "a size from " + min + " to " + max + " bytes";
    long value = read(key, rule, () -> config.getBytes(key));
    return within(key, value, value >= min && value <= max, rule);
  }

  Duration duration(String key, Duration min, Duration max) {
    String rule = "a duration from " + min.toMillis() + " ms to " + max.toMillis() + " ms";
    Duration value = read(key, rule, () -> config.getDuration(key));
    return within(key, value, value.compareTo(min) >= 0 && value.compareTo(max) <= 0, rule);
  }

  String choice(String key, String... choices) {
    String rule = "one of " + String.join(", ", choices);
    String value = read(key, rule, () -> config.getString(key));
    return within(key, value, List.of(choices).contains(value), rule);
  }

  private <T> T within(String key, T value, boolean inRange, String rule) {
    if (!inRange) {
      throw broken(key, value, rule, null);
    }
    return value;
  }

  private <T> T read(String key, String rule, Supplier<T> reader) {
    known.add(key);
    try {
      return reader.get();
    } catch (ConfigException e) {
      Object value = config.hasPath(key) ? config.getValue(key).unwrapped() : "(missing)";
      throw broken(key, String.valueOf(value), rule, e);
    }
  }

  private RocksDbStoreException broken(
      String key, Object value, String rule, @Nullable Exception cause) {
    return failure(path + "." + key + " = " + value + " is not " + rule + ".", cause);
  }

  private static RocksDbStoreException failure(String message, @Nullable Exception cause) {
    return new RocksDbStoreException(Reason.CONFIGURATION, null, message, cause);
  }
}
