package org.raftactors.persistence.rocksdb.internal;

import com.typesafe.config.Config;
import java.nio.file.Path;
import java.time.Duration;
import org.rocksdb.CompressionType;

/** The settings of one store; {@code reference.conf} says what each means. */
record StoreSettings(
    String configPath,
    Path directory,
    boolean sync,
    int maxQueuedWrites,
    long maxQueuedBytes,
    long maxBatchBytes,
    int maxCachedPersistenceIds,
    Duration markInterval,
    Path markDirectory,
    Duration reopenBackoffMin,
    Duration reopenBackoffMax,
    Duration closeTimeout,
    long readChunkBytes,
    int readChunkRecords,
    long readAhead,
    String readDispatcher,
    long minFreeDisk,
    long deleteBytesPerSecond,
    boolean scrubAfterUncleanStop,
    long scrubBytesPerSecond,
    long reclaimAfter,
    Memory memory,
    CompressionType compression) {

  /** What bounds RocksDB's memory, log and threads. */
  record Memory(
      long blockCacheSize,
      long writeBufferBudget,
      long writeBufferSize,
      long maxWalSize,
      int maxBackgroundJobs) {}

  private static final long KIB = 1024;
  private static final long MIB = 1024 * KIB;
  private static final long GIB = 1024 * MIB;
  private static final long TIB = 1024 * GIB;

  /** Reads the settings at a path of the system's configuration; the reference fills the gaps. */
  static StoreSettings of(Config systemConfig, String configPath) {
    CheckedConfig config = CheckedConfig.at(systemConfig, configPath);
    Duration backoffMin =
        config.duration("reopen-backoff-min", Duration.ofMillis(1), Duration.ofMinutes(10));
    Path directory = config.directory("directory");
    StoreSettings settings =
        new StoreSettings(
            configPath,
            directory,
            config.flag("sync"),
            (int) config.number("max-queued-writes", 1, 10_000_000),
            config.bytes("max-queued-bytes", 64 * KIB, 2 * GIB),
            config.bytes("max-batch-bytes", 4 * KIB, GIB),
            (int) config.number("max-cached-persistence-ids", 16, 100_000_000),
            config.duration("mark-interval", Duration.ZERO, Duration.ofHours(1)),
            config.directory("mark-directory", directory),
            backoffMin,
            config.duration("reopen-backoff-max", backoffMin, Duration.ofMinutes(10)),
            config.duration("close-timeout", Duration.ofSeconds(1), Duration.ofHours(1)),
            config.bytes("read-chunk-bytes", 4 * KIB, GIB),
            (int) config.number("read-chunk-records", 1, 1_000_000),
            config.bytes("read-ahead", 0, 64 * MIB),
            config.text("read-dispatcher"),
            config.bytes("min-free-disk", 0, TIB),
            config.bytes("delete-bytes-per-second", MIB, TIB),
            config.flag("scrub-after-unclean-stop"),
            config.bytes("scrub-bytes-per-second", 64 * KIB, TIB),
            config.bytes("reclaim-after", 0, TIB),
            memory(config),
            compression(config));
    config.refuseOthers();
    return settings;
  }

  private static Memory memory(CheckedConfig config) {
    long budget = config.bytes("write-buffer-budget", MIB, TIB);
    return new Memory(
        config.bytes("block-cache-size", budget, TIB),
        budget,
        config.bytes("write-buffer-size", 64 * KIB, 4 * GIB),
        config.bytes("max-wal-size", MIB, TIB),
        (int) config.number("max-background-jobs", 1, 64));
  }

  private static CompressionType compression(CheckedConfig config) {
    return switch (config.choice("compression", "none", "lz4", "zstd", "snappy")) {
      case "none" -> CompressionType.NO_COMPRESSION;
      case "zstd" -> CompressionType.ZSTD_COMPRESSION;
      case "snappy" -> CompressionType.SNAPPY_COMPRESSION;
      default -> CompressionType.LZ4_COMPRESSION;
    };
  }
}
