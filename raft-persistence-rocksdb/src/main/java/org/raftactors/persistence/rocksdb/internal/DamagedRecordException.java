package org.raftactors.persistence.rocksdb.internal;

import org.raftactors.persistence.rocksdb.RocksDbStoreException.Reason;

/** A record that cannot be read; who reads it adds the directory and the key. */
final class DamagedRecordException extends Exception {

  private static final long serialVersionUID = 1L;

  private final Reason reason;

  DamagedRecordException(Reason reason, String message) {
    super(message, null, false, false);
    this.reason = reason;
  }

  /** The same with the place in front. */
  DamagedRecordException at(String place) {
    return new DamagedRecordException(reason, place + ": " + getMessage());
  }

  Reason reason() {
    return reason;
  }
}
