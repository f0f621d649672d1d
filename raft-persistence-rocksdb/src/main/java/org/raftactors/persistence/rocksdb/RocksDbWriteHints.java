package org.raftactors.persistence.rocksdb;

/**
 * Tags by which an event asks the journal for more than it does for others. A typed actor gives
 * them with {@code EventSourcedBehavior.tagsFor}, others by an event adapter that returns a {@code
 * Tagged} event. They are not stored. A write of several events has the hints of all of them.
 */
public final class RocksDbWriteHints {

  /**
   * The high-water mark covers the write before it is acknowledged, at the price of a second sync.
   * For what must never be forgotten without being noticed, such as a vote.
   */
  public static final String MARKED = "raft-actors.persistence.rocksdb.marked";

  /**
   * The write may use the space that {@code min-free-disk} keeps free. For the few small writes
   * that must still be possible when the disk is nearly full.
   */
  public static final String RESERVED = "raft-actors.persistence.rocksdb.reserved";

  private RocksDbWriteHints() {}
}
