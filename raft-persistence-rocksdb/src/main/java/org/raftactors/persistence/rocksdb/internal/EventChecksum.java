package org.raftactors.persistence.rocksdb.internal;

import org.rocksdb.RocksDBException;

/** Reads the checksum of one stored event, which its successor must name. */
final class EventChecksum {

  private EventChecksum() {}

  static int read(Database database, String persistenceId, long id, long sequenceNr)
      throws RocksDBException, DamagedRecordException {
    byte[] key = StoreKeys.of(id, sequenceNr);
    byte[] record;
    try {
      record = database.rocks().get(database.journal(), key);
    } catch (RocksDBException e) {
      if (StoreErrors.isCorruption(e)) {
        throw DamagedRecordException.of(
            persistenceId,
            sequenceNr,
            "sequence number " + sequenceNr + " cannot be read: " + e.getMessage());
      }
      throw e;
    }
    if (record == null) {
      throw DamagedRecordException.of(
          persistenceId, sequenceNr, "sequence number " + sequenceNr + " is lost");
    }
    try {
      RecordCodec.check(record, key);
    } catch (DamagedRecordException e) {
      throw e.at(persistenceId, "sequence number", sequenceNr);
    }
    return RecordCodec.checksum(record);
  }
}
