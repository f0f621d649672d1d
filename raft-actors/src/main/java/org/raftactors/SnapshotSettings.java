package org.raftactors;

import java.time.Duration;

/**
 * The settings of a partition's snapshots, as they stand in {@code raft-actors.partition} under
 * keys that begin with {@code snapshot} and are documented in {@code reference.conf}.
 *
 * @param store the class that makes the store
 * @param directory where the store keeps them
 * @param minFreeDisk how many bytes of the disk of the default store stay free of snapshots
 * @param afterEntries how many entries are applied between two snapshots at most
 * @param afterBytes how many bytes of entries are applied between two snapshots at most
 * @param afterTime how old the newest snapshot becomes if there is anything new
 * @param growth how much of a snapshot's size must be applied before the next one is due by entries
 *     or bytes
 * @param kept how many are kept
 * @param chunkBytes how much one message to another replica carries
 * @param windowBytes how much is under way to another replica
 * @param resendAfter how long a receiver waits before it asks again
 * @param timeout how long a transfer survives without progress
 */
public record SnapshotSettings(
    String store,
    String directory,
    long minFreeDisk,
    long afterEntries,
    long afterBytes,
    Duration afterTime,
    double growth,
    int kept,
    int chunkBytes,
    int windowBytes,
    Duration resendAfter,
    Duration timeout) {}
