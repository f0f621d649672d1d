package org.raftactors.backup;

import java.time.Instant;

/**
 * What a backup says about itself.
 *
 * @param id the hash of everything in it, as hexadecimal digits: what identifies it for good
 * @param clusterId the cluster that it was made of
 * @param createdAt when that began
 * @param partitions how many partitions the cluster has
 * @param sizeBytes of the whole file
 */
public record BackupLabel(
    String id, String clusterId, Instant createdAt, int partitions, long sizeBytes) {}
