package org.raftactors.persistence.rocksdb.internal;

import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.raftactors.persistence.rocksdb.JournalDamage;
import org.rocksdb.RocksDBException;

/**
 * The damaged persistence ids of a store, as far as known: those that were noted durably before,
 * and those that a reader met since. Any thread asks and adds; the writer thread loads and stores.
 */
final class KnownDamage {

  private final Map<String, JournalDamage> byPersistenceId = new ConcurrentHashMap<>();

  /** What is noted in the database; before anything is served. */
  void load(Database database) throws RocksDBException, DamagedRecordException {
    RangeReader.forward(
        database.rocks(),
        new RangeReader.Range(database.meta(), StoreKeys.FIRST_DAMAGE, StoreKeys.AFTER_DAMAGES),
        0,
        cursor -> {
          byte[] key = cursor.key();
          add(DamageEntry.decode(key, cursor.value()));
          return true;
        });
  }

  /** Adds what was found; tells whether that is news, which must be noted. */
  boolean add(JournalDamage found) {
    JournalDamage damage =
        new JournalDamage(
            found.persistenceId(),
            found.sequenceNr(),
            found.detail(),
            found.found().truncatedTo(ChronoUnit.MILLIS));
    JournalDamage kept =
        byPersistenceId.merge(
            damage.persistenceId(),
            damage,
            (known, other) -> other.sequenceNr() < known.sequenceNr() ? other : known);
    return kept.equals(damage);
  }

  void forget(String persistenceId) {
    byPersistenceId.remove(persistenceId);
  }

  Optional<JournalDamage> of(String persistenceId) {
    return Optional.ofNullable(byPersistenceId.get(persistenceId));
  }

  Map<String, JournalDamage> all() {
    return Map.copyOf(byPersistenceId);
  }
}
