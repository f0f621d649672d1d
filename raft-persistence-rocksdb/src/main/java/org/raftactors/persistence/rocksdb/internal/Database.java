package org.raftactors.persistence.rocksdb.internal;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.raftactors.persistence.rocksdb.RocksDbStoreException;
import org.raftactors.persistence.rocksdb.RocksDbStoreException.Reason;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.DBOptions;
import org.rocksdb.FlushOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An open RocksDB database with its column families. Calls on a closed database crash the process,
 * so every thread but the writer, which alone opens and closes, reads through {@link #read}:
 * closing waits for such reads, and reads after it fail.
 */
final class Database implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Database.class);

  private static final List<String> COLUMN_FAMILIES = List.of("journal", "snapshots", "meta");

  static {
    RocksDB.loadLibrary();
  }

  /** A bounded piece of reading. */
  @FunctionalInterface
  interface Reader<T> {
    T read(Database database) throws RocksDBException, DamagedRecordException;
  }

  private final Path directory;
  private final DBOptions options;
  private final GradualDeletion gradualDeletion;
  private final ColumnFamilyOptions familyOptions;
  private final RocksDB db;
  private final List<ColumnFamilyHandle> handles;
  private final WriteOptions writeOptions;
  private final StoreIdentity identity;

  /** Fair, so that a stream of readers cannot keep the closing thread waiting. */
  private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock(true);

  private boolean closed;

  private Database(
      StoreSettings settings,
      DBOptions options,
      GradualDeletion gradualDeletion,
      ColumnFamilyOptions familyOptions,
      List<ColumnFamilyHandle> handles,
      RocksDB db)
      throws RocksDBException, DamagedRecordException {
    this.directory = settings.directory();
    this.options = options;
    this.gradualDeletion = gradualDeletion;
    this.familyOptions = familyOptions;
    this.handles = handles;
    this.db = db;
    this.writeOptions = new WriteOptions().setSync(settings.sync());
    try {
      this.identity = MetaTable.identify(this);
    } catch (RocksDBException | DamagedRecordException e) {
      close();
      throw e;
    }
  }

  /** Opens or creates the database; recovers its log; checks that it is one of ours. */
  static Database open(StoreSettings settings, StoreMemory memory) {
    DirectoryCheck.prepare(settings);
    ForeignDatabaseCheck.refuseForeign(settings, COLUMN_FAMILIES);
    try {
      return openOnce(settings, memory);
    } catch (RocksDbStoreException e) {
      if (e.reason() == Reason.NO_SPACE && GradualDeletion.deleteAll(settings.directory())) {
        return openOnce(settings, memory);
      }
      throw e;
    }
  }

  private static Database openOnce(StoreSettings settings, StoreMemory memory) {
    DBOptions options = DatabaseOptions.database(settings, memory);
    ColumnFamilyOptions familyOptions = DatabaseOptions.columnFamily(settings, memory);
    List<ColumnFamilyDescriptor> families = new ArrayList<>();
    families.add(new ColumnFamilyDescriptor(RocksDB.DEFAULT_COLUMN_FAMILY, familyOptions));
    for (String name : COLUMN_FAMILIES) {
      families.add(
          new ColumnFamilyDescriptor(name.getBytes(StandardCharsets.US_ASCII), familyOptions));
    }
    List<ColumnFamilyHandle> handles = new ArrayList<>();
    GradualDeletion gradualDeletion = null;
    RocksDB db;
    try {
      gradualDeletion = GradualDeletion.of(options, settings);
      db = RocksDB.open(options, settings.directory().toString(), families, handles);
    } catch (RocksDBException e) {
      familyOptions.close();
      options.close();
      if (gradualDeletion != null) {
        gradualDeletion.close();
      }
      throw StoreErrors.opening(settings, e);
    }
    try {
      return new Database(settings, options, gradualDeletion, familyOptions, handles, db);
    } catch (RocksDBException e) {
      throw StoreErrors.opening(settings, e);
    } catch (DamagedRecordException e) {
      throw StoreErrors.damaged(settings.directory(), "a store header", e);
    }
  }

  RocksDB rocks() {
    return db;
  }

  ColumnFamilyHandle journal() {
    return handles.get(1);
  }

  ColumnFamilyHandle snapshots() {
    return handles.get(2);
  }

  ColumnFamilyHandle meta() {
    return handles.get(3);
  }

  List<ColumnFamilyHandle> all() {
    return handles;
  }

  /** An estimate of what the journal and the snapshots occupy in data files and write buffers. */
  long size() throws RocksDBException {
    long size = 0;
    for (ColumnFamilyHandle family : List.of(journal(), snapshots())) {
      size += db.getLongProperty(family, "rocksdb.estimate-live-data-size");
      size += db.getLongProperty(family, "rocksdb.cur-size-all-mem-tables");
    }
    return size;
  }

  WriteOptions writeOptions() {
    return writeOptions;
  }

  GradualDeletion gradualDeletion() {
    return gradualDeletion;
  }

  StoreIdentity identity() {
    return identity;
  }

  Path directory() {
    return directory;
  }

  /** Runs a read; keep it short, because closing waits for it. */
  <T> T read(String what, Reader<T> reader) {
    lock.readLock().lock();
    try {
      if (closed) {
        throw StoreErrors.unavailable(
            directory,
            StoreErrors.error(Reason.CLOSED, directory, "It was closed during the read.", null));
      }
      return reader.read(this);
    } catch (RocksDBException e) {
      throw StoreErrors.reading(directory, what, e);
    } catch (DamagedRecordException e) {
      throw StoreErrors.damaged(directory, what, e);
    } finally {
      lock.readLock().unlock();
    }
  }

  /**
   * Before a clean end: writes everything to data files, so that the next opening has no log to go
   * through. Without it nothing is lost, the log has it all.
   */
  void flush() {
    gradualDeletion.hurry();
    try (FlushOptions options =
        new FlushOptions()
            .setWaitForFlush(true)
            .setAllowWriteStall(true)) { // nobody writes any more
      db.flush(options, handles);
    } catch (RocksDBException e) {
      if (StoreErrors.isCorruption(e)) {
        DamageFlag.raise(directory, String.valueOf(e.getMessage()));
      }
      LOG.warn("The RocksDB store at {} ends with its log: the next start reads it.", directory, e);
    }
  }

  /** Closes in the order that RocksDB demands: work, handles, database, options. */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    // Not waiting here: it makes a running compaction give up, and with it the read lock it holds.
    db.cancelAllBackgroundWork(false);
    lock.writeLock().lock();
    try {
      closed = true;
      handles.forEach(ColumnFamilyHandle::close);
      closeDatabase();
      writeOptions.close();
      familyOptions.close();
      options.close();
      gradualDeletion.close();
    } finally {
      lock.writeLock().unlock();
    }
  }

  private void closeDatabase() {
    try {
      db.closeE();
    } catch (RocksDBException e) {
      // What was acknowledged is synced, so this loses nothing; but the disk may be failing.
      LOG.warn("Closing the RocksDB store at {} reported an error.", directory, e);
    }
  }
}
