package org.raftactors.cluster;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.DBOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;

/** The store of a node that does not run, as a disk sees it: bytes, which may be changed. */
final class StoppedStore implements AutoCloseable {

  static {
    RocksDB.loadLibrary();
  }

  /** A record of the journal. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Found(byte[] key, byte[] value) {
    long sequenceNumber() {
      return ByteBuffer.wrap(key).getLong(Long.BYTES);
    }
  }

  private final DBOptions options;
  private final ColumnFamilyOptions familyOptions = new ColumnFamilyOptions();
  private final List<ColumnFamilyHandle> families = new ArrayList<>();
  private final RocksDB db;

  StoppedStore(Path directory) throws RocksDBException {
    // As the plugin has them: otherwise opening would forget which log files there must be.
    Properties verifyLogs = new Properties();
    verifyLogs.setProperty("track_and_verify_wals_in_manifest", "true");
    verifyLogs.setProperty("track_and_verify_wals", "true");
    this.options = DBOptions.getDBOptionsFromProps(verifyLogs);
    List<ColumnFamilyDescriptor> descriptors = new ArrayList<>();
    for (String name : List.of("default", "journal", "snapshots", "meta")) {
      descriptors.add(new ColumnFamilyDescriptor(name.getBytes(US_ASCII), familyOptions));
    }
    this.db = RocksDB.open(options, directory.toString(), descriptors, families);
  }

  /** The first record of the journal that holds a text. */
  Found journalRecord(String text) throws RocksDBException {
    try (RocksIterator iterator = db.newIterator(families.get(1))) {
      for (iterator.seekToFirst(); iterator.isValid(); iterator.next()) {
        if (new String(iterator.value(), ISO_8859_1).contains(text)) {
          return new Found(iterator.key(), iterator.value());
        }
      }
      iterator.status();
    }
    throw new AssertionError("no record of the journal holds " + text);
  }

  /** Changes one bit of a text in the first record of the journal that holds it. */
  Found damage(String text) throws RocksDBException {
    Found found = journalRecord(text);
    int at = new String(found.value(), ISO_8859_1).indexOf(text);
    found.value()[at] ^= 1;
    db.put(families.get(1), found.key(), found.value());
    return found;
  }

  /** Whether a snapshot stands behind a record of the same persistence id. */
  boolean hasSnapshotBehind(Found record) {
    try (RocksIterator iterator = db.newIterator(families.get(2))) {
      iterator.seekForPrev(
          ByteBuffer.allocate(2 * Long.BYTES)
              .putLong(ByteBuffer.wrap(record.key()).getLong())
              .putLong(Long.MAX_VALUE)
              .array());
      return iterator.isValid()
          && ByteBuffer.wrap(iterator.key()).getLong() == ByteBuffer.wrap(record.key()).getLong()
          && ByteBuffer.wrap(iterator.key()).getLong(Long.BYTES) > record.sequenceNumber();
    }
  }

  @Override
  public void close() {
    families.forEach(ColumnFamilyHandle::close);
    db.close();
    familyOptions.close();
    options.close();
  }
}
