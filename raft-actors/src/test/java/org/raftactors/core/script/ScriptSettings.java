package org.raftactors.core.script;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.raftactors.core.CoreSettings;

/**
 * The settings of scripted clusters: generous limits, an election time-out of 1 to 2 s, a heartbeat
 * each 100 ms. Scripts override single ones by the names of {@link CoreSettings}' components;
 * durations are written with their unit, as {@code 100ms}.
 */
final class ScriptSettings {

  private final Map<String, String> overrides = new TreeMap<>();

  void set(List<String> assignments) {
    for (String assignment : assignments) {
      int equals = assignment.indexOf('=');
      overrides.put(assignment.substring(0, equals), assignment.substring(equals + 1));
    }
  }

  static long nanos(String text) {
    if (!text.endsWith("ms")) {
      throw new IllegalArgumentException("'" + text + "' is not in ms");
    }
    return Long.parseLong(text.substring(0, text.length() - 2)) * ScriptCluster.MILLI;
  }

  CoreSettings build() {
    CoreSettings built =
        new CoreSettings(
            nanos(text("electionTimeoutMin", "1000ms")),
            nanos(text("electionTimeoutMax", "2000ms")),
            nanos(text("heartbeatInterval", "100ms")),
            nanos(text("writeStallTimeout", "5000ms")),
            (int) number("maxAppendBytes", 10_000),
            (int) number("maxInflightBytes", 100_000),
            (int) number("maxInflightAppends", 16),
            (int) number("maxWriteBytes", 100_000),
            (int) number("maxEntryBytes", 10_000),
            number("maxUncommittedBytes", 1_000_000),
            (int) number("maxApplyBatchBytes", 100_000),
            number("maxApplyBacklogBytes", 1_000_000),
            number("tailBytes", 1_000_000),
            (int) number("maxPendingReads", 100),
            (int) number("maxUncommittedBatches", 2));
    if (!overrides.isEmpty()) {
      throw new IllegalArgumentException("no settings are called " + overrides.keySet());
    }
    return built;
  }

  private String text(String key, String otherwise) {
    String value = overrides.remove(key);
    return value == null ? otherwise : value;
  }

  private long number(String key, long otherwise) {
    return Long.parseLong(text(key, Long.toString(otherwise)));
  }
}
