package org.raftactors;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.raftactors.core.CoreSettings;
import org.raftactors.core.SavedSnapshot;
import org.raftactors.core.log.LogEntry;

/** Reads and checks {@link PartitionSettings}. */
final class PartitionSettingsReader {

  private static final String FRAME_SIZE = "pekko.remote.artery.advanced.maximum-frame-size";

  /** What a message between replicas takes besides its entries, generously. */
  private static final int FRAME_ROOM = 4096;

  private final Config config;

  /** The keys that were asked for. */
  private final Set<String> known = new TreeSet<>();

  private PartitionSettingsReader(Config config) {
    this.config = config;
  }

  static PartitionSettings read(Config config) {
    PartitionSettingsReader reader = new PartitionSettingsReader(config);
    PartitionSettings settings = reader.read();
    reader.checkNoOtherKeys();
    reader.checkTimes(settings);
    reader.checkSizes(settings);
    reader.checkFrame(settings);
    return settings;
  }

  private PartitionSettings read() {
    return new PartitionSettings(
        readCore(),
        size("snapshot-every-bytes", Long.MAX_VALUE),
        duration("restart-backoff-min"),
        duration("restart-backoff-max"),
        duration("fetch-timeout"),
        text("journal-plugin-id"),
        text("snapshot-plugin-id"),
        required("read-journal-plugin-id"),
        text("state-machine-dispatcher"),
        readSnapshots(),
        count("compare-state-every"),
        new SavedSnapshot.Retention(
            count("log-kept-entries"),
            size("log-kept-bytes", Long.MAX_VALUE),
            size("log-kept-for-followers-bytes", Long.MAX_VALUE),
            size("log-kept-for-readers-bytes", Long.MAX_VALUE)),
        number("log-readers"));
  }

  private SnapshotSettings readSnapshots() {
    return new SnapshotSettings(
        required("snapshot-store"),
        text("snapshot-directory"),
        sizeOrNone("snapshot-min-free-disk"),
        count("snapshot-after-entries"),
        size("snapshot-after-bytes", Long.MAX_VALUE),
        duration("snapshot-after-time"),
        fraction("snapshot-growth"),
        number("snapshots-kept"),
        intSize("snapshot-chunk-bytes"),
        intSize("snapshot-window-bytes"),
        duration("snapshot-resend-after"),
        duration("snapshot-timeout"));
  }

  private CoreSettings readCore() {
    return new CoreSettings(
        duration("election-timeout-min").toNanos(),
        duration("election-timeout-max").toNanos(),
        duration("heartbeat-interval").toNanos(),
        duration("write-stall-timeout").toNanos(),
        intSize("max-append-bytes"),
        intSize("max-inflight-bytes"),
        number("max-inflight-appends"),
        intSize("max-write-bytes"),
        intSize("max-entry-bytes"),
        size("max-uncommitted-bytes", Long.MAX_VALUE),
        intSize("max-apply-batch-bytes"),
        size("max-apply-backlog-bytes", Long.MAX_VALUE),
        size("tail-bytes", Long.MAX_VALUE),
        number("max-pending-reads"),
        number("max-uncommitted-batches"));
  }

  /** A key that nothing reads is a typing error with consequences: refused. */
  private void checkNoOtherKeys() {
    Set<String> unknown = new TreeSet<>(config.getConfig(PartitionSettings.PATH).root().keySet());
    unknown.removeAll(known);
    if (!unknown.isEmpty()) {
      throw new IllegalArgumentException(
          PartitionSettings.PATH
              + "."
              + String.join(", ", unknown)
              + " is no setting; the settings of "
              + PartitionSettings.PATH
              + " are "
              + String.join(", ", known));
    }
  }

  private void checkTimes(PartitionSettings settings) {
    CoreSettings core = settings.core();
    check(
        core.electionTimeoutMax() > core.electionTimeoutMin(),
        "election-timeout-max",
        "must be greater than election-timeout-min");
    check(
        core.heartbeatInterval() <= core.electionTimeoutMin() / 3,
        "heartbeat-interval",
        "must be at most a third of election-timeout-min");
    check(
        core.writeStallTimeout() >= core.electionTimeoutMin(),
        "write-stall-timeout",
        "must be at least election-timeout-min");
    check(
        settings.restartBackoffMax().compareTo(settings.restartBackoffMin()) >= 0,
        "restart-backoff-max",
        "must be at least restart-backoff-min");
  }

  private void checkSizes(PartitionSettings settings) {
    CoreSettings core = settings.core();
    long largest = (long) core.maxEntryBytes() + LogEntry.OVERHEAD_BYTES;
    checkHoldsEntry("max-append-bytes", core.maxAppendBytes(), largest);
    checkHoldsEntry("max-write-bytes", core.maxWriteBytes(), largest);
    checkHoldsEntry("max-apply-batch-bytes", core.maxApplyBatchBytes(), largest);
    check(
        core.maxInflightBytes() >= core.maxAppendBytes(),
        "max-inflight-bytes",
        "must be at least max-append-bytes");
    check(
        core.maxUncommittedBytes() >= core.maxWriteBytes(),
        "max-uncommitted-bytes",
        "must be at least max-write-bytes");
    check(
        core.maxUncommittedBytes() - core.tailBytes() <= core.maxApplyBacklogBytes(),
        "max-uncommitted-bytes",
        "must be at most tail-bytes and max-apply-backlog-bytes together: only entries in memory"
            + " are counted");
    check(
        core.maxApplyBacklogBytes() >= core.maxApplyBatchBytes(),
        "max-apply-backlog-bytes",
        "must be at least max-apply-batch-bytes");
    check(
        core.tailBytes() >= core.maxAppendBytes(),
        "tail-bytes",
        "must be at least max-append-bytes");
    check(
        settings.logRetention().followersBytes() >= settings.logRetention().tailBytes(),
        "log-kept-for-followers-bytes",
        "must be at least log-kept-bytes");
    check(
        settings.snapshotEveryBytes() >= core.maxWriteBytes(),
        "snapshot-every-bytes",
        "must be at least max-write-bytes");
    SnapshotSettings snapshots = settings.snapshots();
    check(
        snapshots.windowBytes() >= snapshots.chunkBytes(),
        "snapshot-window-bytes",
        "must be at least snapshot-chunk-bytes");
    check(
        snapshots.timeout().compareTo(snapshots.resendAfter().multipliedBy(3)) >= 0,
        "snapshot-timeout",
        "must be at least three times snapshot-resend-after");
  }

  private void checkHoldsEntry(String key, long bytes, long largestEntry) {
    check(bytes >= largestEntry, key, "must be at least max-entry-bytes and 32 bytes");
  }

  /** Artery does not send what exceeds its frames: that would be a follower that never follows. */
  private void checkFrame(PartitionSettings settings) {
    if (config.hasPath(FRAME_SIZE)) {
      checkFitsFrame("max-append-bytes", settings.core().maxAppendBytes());
      checkFitsFrame("snapshot-chunk-bytes", settings.snapshots().chunkBytes());
    }
  }

  private void checkFitsFrame(String key, int bytes) {
    long frame = config.getBytes(FRAME_SIZE);
    check(
        bytes + FRAME_ROOM <= frame,
        key,
        "must be at least " + FRAME_ROOM + " bytes below " + FRAME_SIZE + " = " + frame);
  }

  private Duration duration(String key) {
    Duration value;
    try {
      value = config.getDuration(path(key));
    } catch (ConfigException e) {
      throw invalid(key, "must be a duration such as 100ms", e);
    }
    check(
        value.compareTo(Duration.ZERO) > 0 && value.compareTo(Duration.ofDays(365)) <= 0,
        key,
        "must be greater than zero and at most 365 days");
    return value;
  }

  private long size(String key, long max) {
    long value;
    try {
      value = config.getBytes(path(key));
    } catch (ConfigException e) {
      throw invalid(key, "must be a size such as 64 KiB", e);
    }
    check(value > 0 && value <= max, key, "must be from 1 to " + max + " bytes");
    return value;
  }

  private long sizeOrNone(String key) {
    return text(key).isBlank() ? 0 : size(key, Long.MAX_VALUE);
  }

  private int intSize(String key) {
    return (int) size(key, Integer.MAX_VALUE / 2);
  }

  private double fraction(String key) {
    double value;
    try {
      value = config.getDouble(path(key));
    } catch (ConfigException e) {
      throw invalid(key, "must be a number", e);
    }
    check(value >= 0 && value <= 100, key, "must be from 0 to 100");
    return value;
  }

  private long count(String key) {
    long value;
    try {
      value = config.getLong(path(key));
    } catch (ConfigException e) {
      throw invalid(key, "must be a whole number", e);
    }
    check(value >= 1, key, "must be at least 1");
    return value;
  }

  private int number(String key) {
    int value;
    try {
      value = config.getInt(path(key));
    } catch (ConfigException e) {
      throw invalid(key, "must be a whole number", e);
    }
    check(value >= 1, key, "must be at least 1");
    return value;
  }

  private String text(String key) {
    try {
      return config.getString(path(key));
    } catch (ConfigException e) {
      throw invalid(key, "must be a text", e);
    }
  }

  private String required(String key) {
    String value = text(key);
    check(!value.isBlank(), key, "must be set: it has no default");
    return value;
  }

  private void check(boolean holds, String key, String rule) {
    if (!holds) {
      throw invalid(key, rule, null);
    }
  }

  private IllegalArgumentException invalid(String key, String rule, @Nullable Exception cause) {
    String value;
    if (config.hasPathOrNull(path(key))) {
      value = config.getValue(path(key)).render();
    } else {
      value = "(missing)";
    }
    return new IllegalArgumentException(path(key) + " = " + value + ": " + rule, cause);
  }

  private String path(String key) {
    known.add(key);
    return PartitionSettings.PATH + "." + key;
  }
}
