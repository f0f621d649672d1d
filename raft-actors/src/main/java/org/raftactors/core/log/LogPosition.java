package org.raftactors.core.log;

/**
 * Index and term of a log entry in one value, so that neither travels without the other.
 *
 * @param index the 1-based index, 0 for the position before the first entry
 * @param term the term of the entry at that index, 0 at index 0
 */
public record LogPosition(long index, long term) {

  /** The position before the first entry. */
  public static final LogPosition ZERO = new LogPosition(0, 0);

  /**
   * The up-to-date rule of elections: term first, then index (Raft 5.4.1).
   *
   * @param other the position to compare with
   * @return true if a log that ends here is at least as up to date as one that ends there
   */
  public boolean isAtLeastAsUpToDateAs(LogPosition other) {
    return term != other.term ? term > other.term : index >= other.index;
  }

  @Override
  public String toString() {
    return index + "/" + term;
  }
}
