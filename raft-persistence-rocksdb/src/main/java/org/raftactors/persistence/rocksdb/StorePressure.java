package org.raftactors.persistence.rocksdb;

/**
 * How much room the disk of a store has left, in steps in which whoever writes should hold back.
 * Each step includes the ones before it.
 */
public enum StorePressure {
  /** Nothing to hold back for. */
  NONE,
  /**
   * Less than {@code min-free-disk} is free: stop taking on new work. Nothing is refused yet, so
   * what is under way can be finished.
   */
  LOW,
  /**
   * Less than half of it is free: the store refuses writes with {@link
   * RocksDbStoreException.Reason#NO_SPACE}, except those with the hint {@link
   * RocksDbWriteHints#RESERVED}.
   */
  RESERVED_ONLY,
  /** A write or an opening has failed for lack of space: all are refused until there is some. */
  FULL
}
