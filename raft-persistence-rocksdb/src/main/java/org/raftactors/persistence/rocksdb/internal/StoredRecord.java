package org.raftactors.persistence.rocksdb.internal;

import org.jspecify.annotations.Nullable;

/**
 * What a record holds beside its key. A hole stands for an event that was rejected because it could
 * not be serialized: the actor has used up its sequence number, and with the hole a missing record
 * is always damage.
 *
 * @param timestamp milliseconds since 1970, as the persistent actor or the snapshot gave it
 * @param writerUuid the incarnation that wrote it; empty for snapshots
 * @param eventManifest the event adapter's manifest; empty for snapshots
 * @param payload the event or snapshot; null for a hole
 * @param metadata what Pekko keeps beside the event, or null
 */
record StoredRecord(
    long timestamp,
    String writerUuid,
    String eventManifest,
    @Nullable Payload payload,
    @Nullable Payload metadata) {

  static StoredRecord hole(long timestamp, String writerUuid) {
    return new StoredRecord(timestamp, writerUuid, "", null, null);
  }
}
