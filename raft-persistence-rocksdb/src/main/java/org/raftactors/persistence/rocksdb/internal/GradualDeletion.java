package org.raftactors.persistence.rocksdb.internal;

import org.raftactors.persistence.rocksdb.StorePressure;
import org.rocksdb.DBOptions;
import org.rocksdb.Env;
import org.rocksdb.RocksDBException;
import org.rocksdb.SstFileManager;

/**
 * Frees the space of files that RocksDB is done with in small pieces, because a file system that
 * frees half a gigabyte at once keeps every sync waiting meanwhile. While the disk is short of
 * space, at once. RocksDB renames such a file first, so what a crash leaves is known for what it
 * is, and goes after the next opening. Belongs to a database; its writer thread alone uses it.
 */
final class GradualDeletion implements AutoCloseable {

  private static final long PIECE = 1L << 20;

  /** Files that wait may be larger than what is stored: only the disk bounds them, see below. */
  private static final double ANY_SHARE_OF_THE_DATABASE = 1e9;

  private final SstFileManager manager;
  private final long bytesPerSecond;
  private boolean gradual = true;

  private GradualDeletion(SstFileManager manager, long bytesPerSecond) {
    this.manager = manager;
    this.bytesPerSecond = bytesPerSecond;
  }

  /** For the database that will be opened with these options. */
  static GradualDeletion of(DBOptions options, StoreSettings settings) throws RocksDBException {
    SstFileManager manager =
        new SstFileManager(
            Env.getDefault(),
            null,
            settings.deleteBytesPerSecond(),
            ANY_SHARE_OF_THE_DATABASE,
            PIECE);
    options.setSstFileManager(manager);
    return new GradualDeletion(manager, settings.deleteBytesPerSecond());
  }

  /** What waits for its deletion must not be what fills the disk. */
  void follow(StorePressure pressure) {
    become(pressure == StorePressure.NONE);
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

  /** After the database. */
  @Override
  public void close() {
    manager.close();
  }
}
