package org.raftactors.persistence.rocksdb;

import java.time.Duration;
import java.util.Map;

/**
 * What a scrub has read and found.
 *
 * @param complete whether it has read everything it was asked to
 * @param persistenceIds how many it has read to the end, or to their first damage
 * @param records events and snapshots read
 * @param bytes bytes of these
 * @param expectedBytes an estimate of all that there is to read; files are compressed, so the bytes
 *     read can be several times as many
 * @param duration how long it has taken
 * @param damages the first damage of each persistence id that has any, by persistence id
 */
public record ScrubReport(
    boolean complete,
    long persistenceIds,
    long records,
    long bytes,
    long expectedBytes,
    Duration duration,
    Map<String, JournalDamage> damages) {}
