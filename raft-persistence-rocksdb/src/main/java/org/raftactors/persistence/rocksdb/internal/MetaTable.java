package org.raftactors.persistence.rocksdb.internal;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.raftactors.persistence.rocksdb.RocksDbStoreException.Reason;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/** Reads and writes the meta column family: who the store is, and its persistence ids. */
final class MetaTable {

  /** Version of everything in the database together; records and entries have their own, too. */
  static final int FORMAT_VERSION = 2;

  private static final long FIRST_ID = 1;

  private MetaTable() {}

  /** Finds out who the store is; gives a new one its identity, durably, before anything else. */
  static StoreIdentity identify(Database database) throws RocksDBException, DamagedRecordException {
    byte[] version = get(database, StoreKeys.FORMAT_VERSION);
    if (version == null) {
      refuseUnlessEmpty(database);
      return create(database);
    }
    int found = version.length == Integer.BYTES ? ByteBuffer.wrap(version).getInt() : -1;
    if (found != FORMAT_VERSION) {
      throw new DamagedRecordException(
          Reason.FORMAT,
          "the store has format version %d, this library reads version %d; use a library that knows it"
              .formatted(found, FORMAT_VERSION));
    }
    byte[] id = get(database, StoreKeys.STORE_ID);
    if (id == null || id.length != 2 * Long.BYTES) {
      throw new DamagedRecordException(Reason.CORRUPTED, "the store id is missing");
    }
    ByteBuffer buffer = ByteBuffer.wrap(id);
    return new StoreIdentity(new UUID(buffer.getLong(), buffer.getLong()), false);
  }

  private static StoreIdentity create(Database database) throws RocksDBException {
    UUID storeId = UUID.randomUUID();
    try (WriteBatch batch = new WriteBatch();
        // Synced even where data is not: an identity that comes back different is worse than none.
        WriteOptions synced = new WriteOptions().setSync(true)) {
      batch.put(
          database.meta(),
          StoreKeys.FORMAT_VERSION,
          ByteBuffer.allocate(Integer.BYTES).putInt(FORMAT_VERSION).array());
      batch.put(
          database.meta(),
          StoreKeys.STORE_ID,
          ByteBuffer.allocate(2 * Long.BYTES)
              .putLong(storeId.getMostSignificantBits())
              .putLong(storeId.getLeastSignificantBits())
              .array());
      batch.put(database.meta(), StoreKeys.NEXT_ID, number(FIRST_ID));
      database.rocks().write(synced, batch);
    }
    return new StoreIdentity(storeId, true);
  }

  /** A database with data but without our header is another program's, or has lost it. */
  private static void refuseUnlessEmpty(Database database)
      throws RocksDBException, DamagedRecordException {
    for (ColumnFamilyHandle family : database.all()) {
      List<byte[]> found = new ArrayList<>();
      RangeReader.forward(
          database.rocks(),
          new RangeReader.Range(family, new byte[0], END_OF_KEYS),
          0,
          cursor -> {
            found.add(cursor.key());
            return false;
          });
      if (!found.isEmpty()) {
        throw new DamagedRecordException(
            Reason.FORMAT,
            "the database has data but no header of this plugin: it belongs to another program");
      }
    }
  }

  /** Larger than any key of ours and most of others; it only has to find the first key. */
  static final byte[] END_OF_KEYS = {-1, -1, -1, -1, -1, -1, -1, -1, -1};

  static long nextId(Database database) throws RocksDBException, DamagedRecordException {
    byte[] value = get(database, StoreKeys.NEXT_ID);
    if (value == null || value.length != Long.BYTES) {
      throw new DamagedRecordException(Reason.CORRUPTED, "the counter of persistence ids is lost");
    }
    return ByteBuffer.wrap(value).getLong();
  }

  /** Where the history stands; a store that has had no batch has none. */
  static HistoryEntry history(Database database) throws RocksDBException, DamagedRecordException {
    byte[] value = get(database, StoreKeys.HISTORY);
    return value == null ? HistoryEntry.NONE : HistoryEntry.decode(value);
  }

  /** Synced even where data is not. */
  static void putHistory(Database database, HistoryEntry history) throws RocksDBException {
    try (WriteOptions synced = new WriteOptions().setSync(true)) {
      database.rocks().put(database.meta(), synced, StoreKeys.HISTORY, history.encode());
    }
  }

  static @Nullable IdEntry entry(Database database, String persistenceId)
      throws RocksDBException, DamagedRecordException {
    byte[] key = StoreKeys.persistenceId(persistenceId);
    byte[] value = get(database, key);
    return value == null ? null : IdEntry.decode(key, value);
  }

  static byte[] number(long number) {
    return ByteBuffer.allocate(Long.BYTES).putLong(number).array();
  }

  private static byte @Nullable [] get(Database database, byte[] key) throws RocksDBException {
    return database.rocks().get(database.meta(), key);
  }
}
