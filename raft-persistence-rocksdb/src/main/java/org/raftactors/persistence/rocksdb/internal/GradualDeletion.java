package org.raftactors.persistence.rocksdb.internal;

import java.io.File;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.raftactors.persistence.rocksdb.StorePressure;
import org.rocksdb.DBOptions;
import org.rocksdb.Env;
import org.rocksdb.RocksDBException;
import org.rocksdb.SstFileManager;

/**
 * Frees the space of files that RocksDB is done with in small pieces, because a file system that
 * frees half a gigabyte at once keeps every sync waiting meanwhile. While the disk is short of
 * space, or much waits, as fast as it can. RocksDB renames such a file first, so what a crash
 * leaves is known for what it is, and goes after the next opening. Belongs to a database; its
 * writer thread alone uses it.
 */
final class GradualDeletion implements AutoCloseable {

  static final String SUFFIX = ".trash";

  private static final long PIECE = 1L << 20;

  /** RocksDB's own bound is a share of the data files, which may be smaller than its logs. */
  private static final double NO_BOUND = 1e9;

  /** What may wait, in sizes of the log, all of which may become obsolete at the same moment. */
  private static final int MOST_LOGS = 2;

  private static final long INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final SstFileManager manager;
  private final Path directory;
  private final long bytesPerSecond;
  private final long mostWaiting;
  private boolean gradual = true;
  private boolean tooMuchWaits;
  private long lookedAt = System.nanoTime();

  private GradualDeletion(SstFileManager manager, StoreSettings settings) {
    this.manager = manager;
    this.directory = settings.directory();
    this.bytesPerSecond = settings.deleteBytesPerSecond();
    this.mostWaiting = MOST_LOGS * settings.memory().maxWalSize();
  }

  /** For the database that will be opened with these options. */
  static GradualDeletion of(DBOptions options, StoreSettings settings) throws RocksDBException {
    SstFileManager manager =
        new SstFileManager(
            Env.getDefault(), null, settings.deleteBytesPerSecond(), NO_BOUND, PIECE);
    options.setSstFileManager(manager);
    return new GradualDeletion(manager, settings);
  }

  /** Before each batch. */
  void follow(StorePressure pressure) {
    long now = System.nanoTime();
    if (now - lookedAt >= INTERVAL_NANOS) {
      lookedAt = now;
      tooMuchWaits = waitingBytes() > (tooMuchWaits ? mostWaiting / 2 : mostWaiting);
    }
    become(pressure == StorePressure.NONE && !tooMuchWaits);
  }

  /** Nobody waits for a sync any more. */
  void hurry() {
    become(false);
  }

  private void become(boolean wanted) {
    if (gradual != wanted) {
      gradual = wanted;
      manager.setDeleteRateBytesPerSecond(wanted ? bytesPerSecond : 0);
    }
  }

  private long waitingBytes() {
    long bytes = 0;
    for (File file : waiting(directory)) {
      bytes += file.length(); // 0 if it has just gone
    }
    return bytes;
  }

  /**
   * Deletes what waits. RocksDB does it only after an opening that worked, which it cannot on a
   * full disk.
   *
   * @return whether there was anything
   */
  static boolean deleteAll(Path directory) {
    boolean any = false;
    for (File file : waiting(directory)) {
      any |= file.delete();
    }
    return any;
  }

  private static File[] waiting(Path directory) {
    File[] files = directory.toFile().listFiles((folder, name) -> name.endsWith(SUFFIX));
    return files == null ? new File[0] : files;
  }

  /** After the database. */
  @Override
  public void close() {
    manager.close();
  }
}
