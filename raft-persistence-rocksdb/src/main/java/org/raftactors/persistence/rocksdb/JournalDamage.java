package org.raftactors.persistence.rocksdb;

import java.time.Instant;

/**
 * Damage in what is stored for one persistence id. It is remembered durably with the store, also
 * over restarts, until the persistence id is forgotten: what was lost does not come back by being
 * deleted.
 *
 * @param persistenceId whose data
 * @param sequenceNr the first sequence number known to be damaged or missing
 * @param detail what was found, for people
 * @param found when it was found first
 */
public record JournalDamage(String persistenceId, long sequenceNr, String detail, Instant found) {}
