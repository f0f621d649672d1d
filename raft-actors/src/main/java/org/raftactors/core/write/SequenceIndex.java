package org.raftactors.core.write;

import java.util.Arrays;

/**
 * A sparse map from log index to the sequence number of the journal event that holds it: one pair
 * for every so many events. It says where to start reading, never what is there. Immutable.
 */
public final class SequenceIndex {

  /** Events between two pairs: bounds what a seek reads in vain. */
  static final int STRIDE = 64;

  private static final SequenceIndex EMPTY = new SequenceIndex(new long[0], new long[0]);

  private final long[] indexes;
  private final long[] sequenceNumbers;

  private SequenceIndex(long[] indexes, long[] sequenceNumbers) {
    this.indexes = indexes;
    this.sequenceNumbers = sequenceNumbers;
  }

  public static SequenceIndex empty() {
    return EMPTY;
  }

  /**
   * Rebuilds the map from its parts.
   *
   * @param indexes ascending log indexes
   * @param sequenceNumbers as many, ascending
   * @return the map
   */
  public static SequenceIndex of(long[] indexes, long[] sequenceNumbers) {
    if (indexes.length != sequenceNumbers.length) {
      throw new IllegalArgumentException(
          indexes.length + " indexes but " + sequenceNumbers.length + " sequence numbers");
    }
    return new SequenceIndex(indexes.clone(), sequenceNumbers.clone());
  }

  /**
   * The map after one more event.
   *
   * @param previousIndex the log index directly before the event's first entry
   * @param hasEntries whether the event holds any
   * @param sequenceNumber of the event
   * @return pairs above the previous index are gone, and this event's may have been added
   */
  SequenceIndex after(long previousIndex, boolean hasEntries, long sequenceNumber) {
    int keep = indexes.length;
    while (keep > 0 && indexes[keep - 1] > previousIndex) {
      keep--;
    }
    boolean due = keep == 0 || sequenceNumber - sequenceNumbers[keep - 1] >= STRIDE;
    if (!hasEntries || !due) {
      return keep == indexes.length
          ? this
          : new SequenceIndex(Arrays.copyOf(indexes, keep), Arrays.copyOf(sequenceNumbers, keep));
    }
    long[] newIndexes = Arrays.copyOf(indexes, keep + 1);
    long[] newNumbers = Arrays.copyOf(sequenceNumbers, keep + 1);
    newIndexes[keep] = previousIndex + 1;
    newNumbers[keep] = sequenceNumber;
    return new SequenceIndex(newIndexes, newNumbers);
  }

  /**
   * Where to start reading for an index.
   *
   * @param index a log index
   * @return the sequence number of an event at or before the one that holds it; 1 if none is known
   */
  public long startFor(long index) {
    int found = Arrays.binarySearch(indexes, index);
    int at = found >= 0 ? found : -found - 2;
    return at < 0 ? 1 : sequenceNumbers[at];
  }

  public long[] indexes() {
    return indexes.clone();
  }

  public long[] sequenceNumbers() {
    return sequenceNumbers.clone();
  }
}
