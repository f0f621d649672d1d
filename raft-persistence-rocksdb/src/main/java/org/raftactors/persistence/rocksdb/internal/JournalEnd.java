package org.raftactors.persistence.rocksdb.internal;

import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;

/** Where a journal ends, read from what is stored: its last record, checked, and its entry. */
record JournalEnd(IdEntry entry, @Nullable String writerUuid, int lastChecksum) {

  /** The entry of a persistence id with the sequence number of its last record, unchecked. */
  static IdEntry find(Database database, String persistenceId)
      throws RocksDBException, DamagedRecordException {
    IdEntry entry = MetaTable.entry(database, persistenceId);
    if (entry == null) {
      return new IdEntry(0, false, 0, 0, RecordCodec.NO_PREDECESSOR);
    }
    long[] end = {Math.max(entry.highest(), entry.deletedTo())};
    RangeReader.backward(
        database.rocks(),
        range(database, entry),
        cursor -> {
          end[0] = Math.max(end[0], StoreKeys.sequenceNr(cursor.key()));
          return false;
        });
    return new IdEntry(entry.id(), entry.journaled(), entry.deletedTo(), end[0], entry.anchor());
  }

  private static RangeReader.Range range(Database database, IdEntry entry) {
    return new RangeReader.Range(
        database.journal(),
        StoreKeys.after(entry.id(), entry.deletedTo()),
        StoreKeys.of(entry.id() + 1, 0));
  }

  static JournalEnd read(Database database, String persistenceId, IdEntry entry)
      throws RocksDBException, DamagedRecordException {
    LastRecord last = new LastRecord(persistenceId);
    RangeReader.backward(database.rocks(), range(database, entry), last::visit);
    long end = Math.max(last.sequenceNr, entry.deletedTo());
    if (end < entry.highest()) {
      throw DamagedRecordException.of(
          persistenceId,
          end + 1,
          "its events end at %d, but it had %d when some were deleted"
              .formatted(end, entry.highest()));
    }
    return new JournalEnd(
        new IdEntry(entry.id(), entry.journaled(), entry.deletedTo(), end, entry.anchor()),
        last.writerUuid,
        last.writerUuid == null ? entry.anchor() : last.checksum);
  }

  /** The newest record: its writer is the one to fence when a recovery begins. */
  private static final class LastRecord {
    private final String persistenceId;
    private long sequenceNr;
    private int checksum;
    private @Nullable String writerUuid;

    LastRecord(String persistenceId) {
      this.persistenceId = persistenceId;
    }

    boolean visit(RangeReader.Cursor cursor) throws DamagedRecordException {
      byte[] key = cursor.key();
      byte[] record = cursor.value();
      sequenceNr = StoreKeys.sequenceNr(key);
      try {
        writerUuid = RecordCodec.decode(record, key).writerUuid();
      } catch (DamagedRecordException e) {
        throw e.at(persistenceId, "sequence number", sequenceNr);
      }
      checksum = RecordCodec.checksum(record);
      return false;
    }
  }
}
