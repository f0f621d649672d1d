package org.raftactors;

/**
 * Names a partition within its cluster. Ids are never used again.
 *
 * @param value 0 for the system partition, from 1 for the application's
 */
public record PartitionId(long value) implements Comparable<PartitionId> {

  /**
   * Refuses negative numbers.
   *
   * @param value 0 for the system partition, from 1 for the application's
   */
  public PartitionId {
    if (value < 0) {
      throw new IllegalArgumentException("partition id " + value + " must not be negative");
    }
  }

  @Override
  public int compareTo(PartitionId other) {
    return Long.compare(value, other.value);
  }

  @Override
  public String toString() {
    return "p" + value;
  }
}
