package org.raftactors.cluster.internal;

import java.nio.charset.StandardCharsets;
import org.raftactors.PartitionId;

/**
 * Where a key belongs. The same on every node, in every version: data would be out of reach
 * otherwise.
 *
 * <p>The hash is FNV-1a with 64 bits over the key in UTF-8, finished by the mixing function of
 * MurmurHash3 (fmix64), since the low bits of FNV-1a alone are weak for short keys. The partition
 * is the hash as an unsigned number, modulo the number of partitions, plus 1. Half of a surrogate
 * pair counts as a question mark, as Java encodes it.
 */
public final class KeyHash {

  private static final long FNV_OFFSET = 0xcbf29ce484222325L;
  private static final long FNV_PRIME = 0x100000001b3L;

  private KeyHash() {}

  /** The hash of a key. */
  public static long of(String key) {
    long hash = FNV_OFFSET;
    for (byte b : key.getBytes(StandardCharsets.UTF_8)) {
      hash ^= b & 0xff;
      hash *= FNV_PRIME;
    }
    hash ^= hash >>> 33;
    hash *= 0xff51afd7ed558ccdL;
    hash ^= hash >>> 33;
    hash *= 0xc4ceb9fe1a85ec53L;
    hash ^= hash >>> 33;
    return hash;
  }

  /**
   * The partition of a key.
   *
   * @param partitions how many there are
   */
  public static PartitionId partition(String key, int partitions) {
    return new PartitionId(Long.remainderUnsigned(of(key), partitions) + 1);
  }
}
