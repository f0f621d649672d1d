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

  Reason reason() {
    return reason;
  }
}
