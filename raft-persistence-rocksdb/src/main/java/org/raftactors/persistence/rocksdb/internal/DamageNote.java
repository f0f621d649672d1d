package org.raftactors.persistence.rocksdb.internal;

import org.raftactors.persistence.rocksdb.JournalDamage;
import org.rocksdb.RocksDBException;

/** Notes durably that a persistence id is damaged. */
final class DamageNote extends StoreTask<Void> {

  private final JournalDamage damage;

  DamageNote(JournalDamage damage) {
    this.damage = damage;
  }

  @Override
  boolean limited() {
    return false;
  }

  @Override
  void stage(WriterSession session) throws RocksDBException {
    session.putDamage(damage);
  }
}
