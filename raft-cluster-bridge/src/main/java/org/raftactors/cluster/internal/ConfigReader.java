package org.raftactors.cluster.internal;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Reads one section; whatever is wrong in it fails with the key, the value and the rule. */
final class ConfigReader {

  private final String path;
  private final Config section;

  ConfigReader(Config root, String path) {
    if (!root.hasPath(path)) {
      throw new IllegalArgumentException(
          "there is no section " + path + " in the configuration: is reference.conf on the path?");
    }
    this.path = path;
    this.section = root.getConfig(path);
  }

  /** A key that nothing reads is a typing error with consequences: refused. */
  void allowOnly(Set<String> keys) {
    Set<String> unknown = new TreeSet<>(section.root().keySet());
    unknown.removeAll(keys);
    if (!unknown.isEmpty()) {
      throw new IllegalArgumentException(
          key(String.join(", ", unknown))
              + " is no setting; the settings of "
              + path
              + " are "
              + String.join(", ", new TreeSet<>(keys)));
    }
  }

  String key(String name) {
    return path + "." + name;
  }

  String text(String name) {
    return read(name, "a text", () -> section.getString(name));
  }

  List<String> texts(String name) {
    return read(name, "a list of texts", () -> section.getStringList(name));
  }

  boolean flag(String name) {
    return read(name, "on or off", () -> section.getBoolean(name));
  }

  int number(String name, int min, int max) {
    String rule = "a number from " + min + " to " + max;
    int value = read(name, rule, () -> section.getInt(name));
    return within(name, value, value >= min && value <= max, rule);
  }

  Duration duration(String name, Duration min, Duration max) {
    String rule = "a duration from " + min.toMillis() + " ms to " + max.toMillis() + " ms";
    Duration value = read(name, rule, () -> section.getDuration(name));
    return within(name, value, value.compareTo(min) >= 0 && value.compareTo(max) <= 0, rule);
  }

  private <T> T within(String name, T value, boolean inRange, String rule) {
    if (!inRange) {
      throw broken(name, rule, null);
    }
    return value;
  }

  private <T> T read(String name, String rule, Supplier<T> reader) {
    try {
      return reader.get();
    } catch (ConfigException e) {
      throw broken(name, rule, e);
    }
  }

  private IllegalArgumentException broken(String name, String rule, @Nullable Exception cause) {
    Object value =
        section.hasPathOrNull(name) && !section.getIsNull(name)
            ? section.getValue(name).unwrapped()
            : "(missing)";
    return new IllegalArgumentException(key(name) + " = " + value + " must be " + rule, cause);
  }
}
