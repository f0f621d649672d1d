package org.raftactors.core.membership;

import org.jspecify.annotations.Nullable;

/**
 * Names one replica of a partition. It is given by the configuration that adds the replica and is
 * never used again, also not after the replica lost its data.
 *
 * @param value a positive number, unique within its partition
 */
public record ReplicaId(long value) implements Comparable<ReplicaId> {

  /**
   * Refuses numbers below 1.
   *
   * @param value a positive number
   */
  public ReplicaId {
    if (value < 1) {
      throw new IllegalArgumentException("replica id " + value + " must be at least 1");
    }
  }

  /** Written out: compared all the time, and what a record brings costs several times as much. */
  @Override
  public boolean equals(@Nullable Object other) {
    return this == other || (other instanceof ReplicaId replica && value == replica.value);
  }

  @Override
  public int hashCode() {
    return Long.hashCode(value);
  }

  @Override
  public int compareTo(ReplicaId other) {
    return Long.compare(value, other.value);
  }

  @Override
  public String toString() {
    return "r" + value;
  }
}
