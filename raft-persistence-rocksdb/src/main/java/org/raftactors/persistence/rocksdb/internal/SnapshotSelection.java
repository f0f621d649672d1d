package org.raftactors.persistence.rocksdb.internal;

import org.apache.pekko.persistence.SnapshotMetadata;
import org.apache.pekko.persistence.SnapshotSelectionCriteria;

/** Which snapshots of a persistence id are meant; all bounds are inclusive. */
public record SnapshotSelection(
    long minSequenceNr, long maxSequenceNr, long minTimestamp, long maxTimestamp) {

  /** What Pekko's criteria say. */
  public static SnapshotSelection of(SnapshotSelectionCriteria criteria) {
    return new SnapshotSelection(
        Math.max(0, criteria.minSequenceNr()),
        criteria.maxSequenceNr(),
        criteria.minTimestamp(),
        criteria.maxTimestamp());
  }

  /** One snapshot; a time stamp of 0 stands for any, as in Pekko's typed API. */
  public static SnapshotSelection of(SnapshotMetadata metadata) {
    long timestamp = metadata.timestamp();
    return new SnapshotSelection(
        metadata.sequenceNr(),
        metadata.sequenceNr(),
        timestamp,
        timestamp == 0 ? Long.MAX_VALUE : timestamp);
  }

  /** All with a sequence number up to one. */
  static SnapshotSelection to(long maxSequenceNr) {
    return new SnapshotSelection(0, maxSequenceNr, 0, Long.MAX_VALUE);
  }

  boolean isEmpty() {
    return maxSequenceNr < minSequenceNr;
  }

  boolean anyTime() {
    return minTimestamp <= 0 && maxTimestamp == Long.MAX_VALUE;
  }

  boolean matchesTime(long timestamp) {
    return minTimestamp <= timestamp && timestamp <= maxTimestamp;
  }

  /** The range of keys; within it, the time stamps are still to be looked at. */
  RangeReader.Range range(Database database, long id) {
    return new RangeReader.Range(
        database.snapshots(), StoreKeys.of(id, minSequenceNr), StoreKeys.after(id, maxSequenceNr));
  }
}
