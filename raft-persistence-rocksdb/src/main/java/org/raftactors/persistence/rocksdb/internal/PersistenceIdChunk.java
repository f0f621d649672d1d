package org.raftactors.persistence.rocksdb.internal;

import java.util.ArrayList;
import java.util.List;
import org.rocksdb.RocksDBException;

/**
 * A bounded piece of the list of persistence ids that have a journal.
 *
 * @param next the key that the following chunk begins with
 * @param last whether there is no following chunk
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared; a defensive copy would cost.
record PersistenceIdChunk(List<String> persistenceIds, byte[] next, boolean last) {

  static PersistenceIdChunk read(Database database, byte[] from, int maxEntries)
      throws RocksDBException, DamagedRecordException {
    Collector collector = new Collector(from, maxEntries);
    RangeReader.forward(
        database.rocks(),
        new RangeReader.Range(database.meta(), from, StoreKeys.AFTER_PERSISTENCE_IDS),
        0,
        collector);
    return new PersistenceIdChunk(
        collector.persistenceIds, collector.next, collector.entries < maxEntries);
  }

  private static final class Collector implements RangeReader.Visitor {
    private final List<String> persistenceIds = new ArrayList<>();
    private final int maxEntries;
    private byte[] next;
    private int entries;

    Collector(byte[] from, int maxEntries) {
      this.next = from;
      this.maxEntries = maxEntries;
    }

    @Override
    public boolean visit(RangeReader.Cursor cursor) throws DamagedRecordException {
      byte[] key = cursor.key();
      if (IdEntry.decode(key, cursor.value()).journaled()) {
        persistenceIds.add(StoreKeys.persistenceId(key));
      }
      next = StoreKeys.successor(key);
      entries++;
      return entries < maxEntries;
    }
  }
}
