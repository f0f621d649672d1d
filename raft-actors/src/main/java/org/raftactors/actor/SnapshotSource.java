package org.raftactors.actor;

import java.util.OptionalLong;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;
import org.raftactors.ReplicaSpec;
import org.raftactors.core.log.LogEntry;
import org.raftactors.core.log.LogPosition;
import org.raftactors.core.log.SnapshotBase;
import org.raftactors.core.membership.Configuration;
import org.raftactors.snapshot.AppliedDigest;
import org.raftactors.snapshot.SnapshotHeader;
import org.raftactors.snapshot.SnapshotInfo;
import org.raftactors.snapshot.SnapshotPolicy;
import org.raftactors.snapshot.SnapshotTaker;

/**
 * What the host knows about what it has applied, for the label of the next snapshot, and whether
 * that is due. Owned by the host; all of it is made again from the snapshot and the log.
 */
final class SnapshotSource {

  /**
   * Where a state machine starts from.
   *
   * @param configuration in force there
   * @param timestampMillis of the last entry that is applied
   * @param digest of what is applied
   * @param sizeBytes of the snapshot that it was restored from, 0 without one
   */
  record Origin(
      Configuration configuration, long timestampMillis, AppliedDigest digest, long sizeBytes) {

    static Origin of(SnapshotInfo snapshot) {
      SnapshotHeader header = snapshot.header();
      return new Origin(
          header.base().configuration(),
          header.timestampMillis(),
          AppliedDigest.of(header.digest()),
          snapshot.sizeBytes());
    }
  }

  private final ReplicaSpec spec;
  private Configuration configuration;
  private long timestampMillis;
  private AppliedDigest digest;
  private long lastSizeBytes;
  private long entries;
  private long bytes;
  private long entriesInView;
  private long bytesInView;
  private @Nullable ActorRef<SnapshotTaker.Command> taker;
  private @Nullable SnapshotPolicy policy;
  private boolean told;

  SnapshotSource(ReplicaSpec spec, Origin origin) {
    this.spec = spec;
    this.configuration = origin.configuration();
    this.timestampMillis = origin.timestampMillis();
    this.digest = origin.digest();
    this.lastSizeBytes = origin.sizeBytes();
  }

  void attach(ActorRef<SnapshotTaker.Command> newTaker, SnapshotPolicy newPolicy) {
    taker = newTaker;
    policy = newPolicy;
    told = false;
  }

  /** Another state has taken the place of the present one. */
  void restored(SnapshotInfo snapshot) {
    Origin origin = Origin.of(snapshot);
    configuration = origin.configuration();
    timestampMillis = origin.timestampMillis();
    digest = origin.digest();
    lastSizeBytes = origin.sizeBytes();
    entries = 0;
    bytes = 0;
    entriesInView = 0;
    bytesInView = 0;
    told = false;
  }

  /** Counts an entry; false if its bytes are not what the proposer encoded. */
  boolean add(LogEntry entry) {
    entries++;
    bytes += entry.sizeBytes();
    timestampMillis = entry.timestampMillis();
    return digest.add(entry);
  }

  /** Of all that is applied; empty if the state machine began with storage of its own. */
  OptionalLong digest() {
    return digest.value();
  }

  boolean hasNews() {
    return entries > 0;
  }

  /** Tells it once; the taker tries until it has one. */
  void tellIfDue() {
    if (taker != null && policy != null && !told && policy.isDue(entries, bytes, lastSizeBytes)) {
      told = true;
      taker.tell(SnapshotTaker.Take.INSTANCE);
    }
  }

  /** The label of a view that was made just now. */
  SnapshotHeader label(LogPosition position) {
    entriesInView = entries;
    bytesInView = bytes;
    SnapshotBase base = new SnapshotBase(position, configuration);
    return new SnapshotHeader(
        spec.clusterId(), spec.partition(), base, timestampMillis, digest.value());
  }

  /**
   * The view that was made last is durable now. If it had failed, its entries would still count.
   */
  void saved(long sizeBytes) {
    lastSizeBytes = sizeBytes;
    entries -= entriesInView;
    bytes -= bytesInView;
    entriesInView = 0;
    bytesInView = 0;
    told = false;
    tellIfDue();
  }
}
