package org.raftactors.snapshot;

import java.util.OptionalLong;
import java.util.zip.CRC32C;
import org.raftactors.core.log.LogEntry;
import org.raftactors.core.log.Payload;

/**
 * A running hash over everything that a replica has applied: index, term, kind and bytes of each
 * entry, in order. Replicas that have applied the same have the same digest at the same index;
 * snapshots carry it on. It finds damage and mistakes, not an attacker.
 *
 * <p>Owned by the state machine's host. Not known where the beginning was applied without it.
 */
public final class AppliedDigest {

  private final CRC32C crc = new CRC32C();
  private boolean known;
  private long value;

  private AppliedDigest(boolean known, long value) {
    this.known = known;
    this.value = value;
  }

  /**
   * The digest of a replica that has applied nothing.
   *
   * @return a digest at index 0
   */
  public static AppliedDigest empty() {
    return new AppliedDigest(true, 0);
  }

  /**
   * The digest of a replica whose state machine has kept its state itself.
   *
   * @return one that stays unknown
   */
  public static AppliedDigest unknown() {
    return new AppliedDigest(false, 0);
  }

  /**
   * The digest of a replica whose state was restored.
   *
   * @param digest of the snapshot
   * @return a digest that goes on from there, and stays unknown if that is
   */
  public static AppliedDigest of(OptionalLong digest) {
    return new AppliedDigest(digest.isPresent(), digest.orElse(0));
  }

  /**
   * Adds an entry, unless its bytes are not those that its proposer encoded.
   *
   * @param entry follows on the one before
   * @return whether the entry is intact; if not, it must not be applied
   */
  public boolean add(LogEntry entry) {
    Payload payload = entry.payload();
    crc.reset();
    crc.update(payload.bytes(), payload.offset(), payload.length());
    int checksum = (int) crc.getValue();
    if (checksum != payload.crc32c()) {
      known = false;
      return false;
    }
    long hash = mix(value ^ entry.index());
    hash = mix(hash ^ entry.term());
    hash = mix(hash ^ ((long) entry.kind().code() << 32) ^ payload.length());
    value = mix(hash ^ (checksum & 0xffffffffL));
    return true;
  }

  /**
   * The digest now.
   *
   * @return empty if it is not known
   */
  public OptionalLong value() {
    return known ? OptionalLong.of(value) : OptionalLong.empty();
  }

  /** The finalizer of MurmurHash3: every bit in moves half of the bits out. */
  private static long mix(long bits) {
    long h = bits + 0x9e3779b97f4a7c15L; // so that zero does not stay zero
    h = (h ^ (h >>> 33)) * 0xff51afd7ed558ccdL;
    h = (h ^ (h >>> 33)) * 0xc4ceb9fe1a85ec53L;
    return h ^ (h >>> 33);
  }
}
