package org.raftactors.persistence.rocksdb;

/**
 * What a store has done since it was created in this actor system; meant for metrics. The figures
 * are read one after the other, so they may be a few operations apart.
 *
 * @param batches write batches given to RocksDB, each with one sync when {@code sync = on}
 * @param syncs syncs of the write-ahead log that these batches asked for
 * @param writes journal writes, snapshots and deletions made durable
 * @param records journal records made durable
 * @param bytes bytes of the records and snapshots made durable
 * @param writeNanos time the writer thread spent in write and sync, in nanoseconds
 * @param slowestWriteNanos the longest single write and sync, in nanoseconds
 * @param failedBatches batches whose write or sync failed; each closed the store
 * @param reopens times the store was opened again after a failure
 * @param refusedWrites writes refused for their order, their writer or a full queue
 * @param replayedRecords records read for recovery and queries
 * @param reclaims background compactions that returned the space of deleted records
 * @param queuedWrites operations waiting for the writer now
 * @param queuedBytes bytes waiting for the writer now
 */
public record RocksDbCounters(
    long batches,
    long syncs,
    long writes,
    long records,
    long bytes,
    long writeNanos,
    long slowestWriteNanos,
    long failedBatches,
    long reopens,
    long refusedWrites,
    long replayedRecords,
    long reclaims,
    long queuedWrites,
    long queuedBytes) {}
