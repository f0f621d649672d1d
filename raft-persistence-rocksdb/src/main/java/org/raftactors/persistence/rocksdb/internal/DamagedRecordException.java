package org.raftactors.persistence.rocksdb.internal;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.raftactors.persistence.rocksdb.JournalDamage;
import org.raftactors.persistence.rocksdb.RocksDbStoreException.Reason;

/** A record that cannot be read; who reads it adds the directory and the key. */
final class DamagedRecordException extends Exception {

  private static final long serialVersionUID = 1L;

  private final Reason reason;
  private final @Nullable JournalDamage damage;

  DamagedRecordException(Reason reason, String message) {
    this(reason, message, null);
  }

  private DamagedRecordException(Reason reason, String message, @Nullable JournalDamage damage) {
    super(message, null, false, false);
    this.reason = reason;
    this.damage = damage;
  }

  /** Something of a persistence id is damaged or missing. */
  static DamagedRecordException of(String persistenceId, long sequenceNr, String detail) {
    return new DamagedRecordException(
        Reason.CORRUPTED,
        detail,
        new JournalDamage(persistenceId, sequenceNr, detail, Instant.now()));
  }

  /** The same, said of a sequence number; what this library is too old for is no damage. */
  DamagedRecordException at(String persistenceId, String what, long sequenceNr) {
    String detail = what + " " + sequenceNr + ": " + getMessage();
    return reason == Reason.FORMAT
        ? new DamagedRecordException(reason, detail)
        : of(persistenceId, sequenceNr, detail);
  }

  Reason reason() {
    return reason;
  }

  @Nullable JournalDamage damage() {
    return damage;
  }
}
