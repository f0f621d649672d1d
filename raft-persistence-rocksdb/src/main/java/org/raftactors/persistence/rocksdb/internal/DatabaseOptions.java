package org.raftactors.persistence.rocksdb.internal;

import java.util.Properties;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.DBOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.WALRecoveryMode;

/** How RocksDB is set up, and why; the figures that are a matter of taste are settings. */
final class DatabaseOptions {

  /** RocksDB's own log files; enough to look back on a few incidents. */
  private static final int INFO_LOG_FILES = 4;

  private static final long INFO_LOG_FILE_SIZE = 8L << 20;

  /** Spreads the writing of data files, so that a sync of the log never waits for all of one. */
  private static final long BYTES_PER_BACKGROUND_SYNC = 1L << 20;

  /** The journal is read in long stretches: larger blocks, fewer of them. */
  private static final long BLOCK_SIZE = 32L << 10;

  static {
    RocksDB.loadLibrary();
  }

  private DatabaseOptions() {}

  static DBOptions database(StoreSettings settings, StoreMemory memory) {
    // There are no setters for these two. They make a vanished log file an error instead of a loss.
    Properties verifyLogs = new Properties();
    verifyLogs.setProperty("track_and_verify_wals_in_manifest", "true");
    verifyLogs.setProperty("track_and_verify_wals", "true");
    DBOptions options = DBOptions.getDBOptionsFromProps(verifyLogs);
    if (options == null) {
      throw new IllegalStateException(
          "This RocksDB library does not know track_and_verify_wals(_in_manifest): use the version"
              + " that this plugin was built with.");
    }
    return options
        .setCreateIfMissing(true)
        .setCreateMissingColumnFamilies(true)
        .setParanoidChecks(true)
        // Accepts a torn, never acknowledged tail; damage before it refuses to open. RocksDB's
        // default would cut off everything behind the damage and say nothing.
        .setWalRecoveryMode(WALRecoveryMode.TolerateCorruptedTailRecords)
        // What is read from the log after a failed sync may be in the page cache only: it is
        // written to
        // synced files of its own before anything builds on it.
        .setAvoidFlushDuringRecovery(false)
        // Old bytes of a recycled file must not pass for records; the recovery mode forbids it,
        // too.
        .setRecycleLogFileNum(0)
        .setMaxTotalWalSize(settings.memory().maxWalSize())
        .setMaxBackgroundJobs(settings.memory().maxBackgroundJobs())
        .setBytesPerSync(BYTES_PER_BACKGROUND_SYNC)
        .setWriteBufferManager(memory.writeBuffers())
        .setKeepLogFileNum(INFO_LOG_FILES)
        .setMaxLogFileSize(INFO_LOG_FILE_SIZE);
  }

  static ColumnFamilyOptions columnFamily(StoreSettings settings, StoreMemory memory) {
    return new ColumnFamilyOptions()
        .setWriteBufferSize(settings.memory().writeBufferSize())
        .setCompressionType(settings.compression())
        .setTableFormatConfig(
            new BlockBasedTableConfig()
                .setBlockCache(memory.blockCache())
                .setCacheIndexAndFilterBlocks(true)
                .setBlockSize(BLOCK_SIZE));
  }
}
