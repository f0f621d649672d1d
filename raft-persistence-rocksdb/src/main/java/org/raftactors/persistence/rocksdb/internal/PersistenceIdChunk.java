package org.raftactors.persistence.rocksdb.internal;

import java.util.ArrayList;
import java.util.List;
import org.raftactors.persistence.rocksdb.JournalDamage;
import org.rocksdb.RocksDBException;

/**
 * A bounded piece of the list of persistence ids: of those that have a journal, or of all.
 *
 * @param damages of entries that cannot be read; if not all are asked for, these are an error
 * @param next the key that the following chunk begins with
 * @param last whether there is no following chunk
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared; a defensive copy would cost.
record PersistenceIdChunk(
    List<String> persistenceIds, List<JournalDamage> damages, byte[] next, boolean last) {

  static PersistenceIdChunk read(Database database, byte[] from, int maxEntries, boolean all)
      throws RocksDBException, DamagedRecordException {
    Collector collector = new Collector(from, maxEntries, all);
    RangeReader.forward(
        database.rocks(),
        new RangeReader.Range(database.meta(), from, StoreKeys.AFTER_PERSISTENCE_IDS),
        0,
        collector);
    return new PersistenceIdChunk(
        collector.persistenceIds,
        collector.damages,
        collector.next,
        collector.entries < maxEntries);
  }

  private static final class Collector implements RangeReader.Visitor {
    private final List<String> persistenceIds = new ArrayList<>();
    private final List<JournalDamage> damages = new ArrayList<>();
    private final int maxEntries;
    private final boolean all;
    private byte[] next;
    private int entries;

    Collector(byte[] from, int maxEntries, boolean all) {
      this.next = from;
      this.maxEntries = maxEntries;
      this.all = all;
    }

    @Override
    public boolean visit(RangeReader.Cursor cursor) throws DamagedRecordException {
      byte[] key = cursor.key();
      try {
        if (IdEntry.decode(key, cursor.value()).journaled() || all) {
          persistenceIds.add(StoreKeys.persistenceId(key));
        }
      } catch (DamagedRecordException e) {
        JournalDamage damage = e.damage();
        if (damage == null || !all) {
          throw e;
        }
        damages.add(damage);
      }
      next = StoreKeys.successor(key);
      entries++;
      return entries < maxEntries;
    }
  }
}
