package org.raftactors.persistence.rocksdb.internal;

import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;
import org.raftactors.persistence.rocksdb.RocksDbCounters;

/** Counts what a store does; a count is an uncontended addition. */
final class StoreCounters {

  private final LongAdder batches = new LongAdder();
  private final LongAdder syncs = new LongAdder();
  private final LongAdder writes = new LongAdder();
  private final LongAdder records = new LongAdder();
  private final LongAdder bytes = new LongAdder();
  private final LongAdder writeNanos = new LongAdder();
  private final LongAccumulator slowestWriteNanos = new LongAccumulator(Math::max, 0);
  private final LongAdder failedBatches = new LongAdder();
  private final LongAdder reopens = new LongAdder();
  private final LongAdder refusedWrites = new LongAdder();
  private final LongAdder replayedRecords = new LongAdder();
  private final LongAdder reclaims = new LongAdder();

  void batchCommitted(boolean synced, long nanos) {
    batches.increment();
    if (synced) {
      syncs.increment();
    }
    writeNanos.add(nanos);
    slowestWriteNanos.accumulate(nanos);
  }

  void written(long moreWrites, long moreRecords, long moreBytes) {
    writes.add(moreWrites);
    records.add(moreRecords);
    bytes.add(moreBytes);
  }

  void batchFailed() {
    failedBatches.increment();
  }

  void reopened() {
    reopens.increment();
  }

  void writeRefused() {
    refusedWrites.increment();
  }

  void replayed(long moreRecords) {
    replayedRecords.add(moreRecords);
  }

  void reclaimed() {
    reclaims.increment();
  }

  RocksDbCounters snapshot(long queuedWrites, long queuedBytes) {
    return new RocksDbCounters(
        batches.sum(),
        syncs.sum(),
        writes.sum(),
        records.sum(),
        bytes.sum(),
        writeNanos.sum(),
        slowestWriteNanos.get(),
        failedBatches.sum(),
        reopens.sum(),
        refusedWrites.sum(),
        replayedRecords.sum(),
        reclaims.sum(),
        queuedWrites,
        queuedBytes);
  }
}
