package org.raftactors.core.write;

import java.util.Arrays;

/**
 * A sparse map from log index to the journal event that holds it, and to how much was written
 * before that: one pair for every so many events or bytes. It says where to start reading, never
 * what is there; and how large a part of the log is, about. Immutable.
 */
public final class SequenceIndex {

  /** Events between two pairs: bounds what a seek reads in vain. */
  static final int STRIDE = 64;

  /** Written bytes between two pairs: bounds the same for large events. */
  static final long STRIDE_BYTES = 1 << 20;

  private static final SequenceIndex EMPTY =
      new SequenceIndex(new long[0], new long[0], new long[0]);

  private final long[] indexes;
  private final long[] sequenceNumbers;
  private final long[] bytesBefore;

  private SequenceIndex(long[] indexes, long[] sequenceNumbers, long[] bytesBefore) {
    this.indexes = indexes;
    this.sequenceNumbers = sequenceNumbers;
    this.bytesBefore = bytesBefore;
  }

  public static SequenceIndex empty() {
    return EMPTY;
  }

  /**
   * Rebuilds the map from its parts.
   *
   * @param indexes ascending log indexes
   * @param sequenceNumbers as many, ascending
   * @param bytesBefore as many, ascending
   * @return the map
   */
  public static SequenceIndex of(long[] indexes, long[] sequenceNumbers, long[] bytesBefore) {
    if (indexes.length != sequenceNumbers.length || indexes.length != bytesBefore.length) {
      throw new IllegalArgumentException(
          indexes.length
              + " indexes but "
              + sequenceNumbers.length
              + " sequence numbers and "
              + bytesBefore.length
              + " byte counts");
    }
    return new SequenceIndex(indexes.clone(), sequenceNumbers.clone(), bytesBefore.clone());
  }

  /**
   * The map after one more event.
   *
   * @param previousIndex the log index directly before the event's first entry
   * @param hasEntries whether the event holds any
   * @param sequenceNumber of the event
   * @param writtenBytes what all events before this one hold
   * @return pairs above the previous index are gone, and this event's may have been added
   */
  SequenceIndex after(
      long previousIndex, boolean hasEntries, long sequenceNumber, long writtenBytes) {
    int keep = indexes.length;
    while (keep > 0 && indexes[keep - 1] > previousIndex) {
      keep--;
    }
    boolean due =
        keep == 0
            || sequenceNumber - sequenceNumbers[keep - 1] >= STRIDE
            || writtenBytes - bytesBefore[keep - 1] >= STRIDE_BYTES;
    if (!hasEntries || !due) {
      return keep == indexes.length ? this : slice(0, keep, keep);
    }
    SequenceIndex longer = slice(0, keep, keep + 1);
    longer.indexes[keep] = previousIndex + 1;
    longer.sequenceNumbers[keep] = sequenceNumber;
    longer.bytesBefore[keep] = writtenBytes;
    return longer;
  }

  /**
   * The map of a log that lost a prefix.
   *
   * @param baseIndex the last index that is gone
   * @return without the pairs that no index above the base needs
   */
  SequenceIndex startingAfter(long baseIndex) {
    int from = Math.max(0, floor(baseIndex + 1));
    return from == 0 ? this : slice(from, indexes.length, indexes.length - from);
  }

  /**
   * Where to start reading for an index.
   *
   * @param index a log index
   * @return the sequence number of an event at or before the one that holds it; 1 if none is known
   */
  public long startFor(long index) {
    int at = floor(index);
    return at < 0 ? 1 : sequenceNumbers[at];
  }

  /**
   * How much was written before an index.
   *
   * @param index a log index
   * @return written bytes, too few by what lies between two pairs at most; 0 if none is known
   */
  public long bytesBefore(long index) {
    int at = floor(index);
    return at < 0 ? 0 : bytesBefore[at];
  }

  /**
   * Where the entries begin before which so much was written: the reverse of {@link #bytesBefore}.
   *
   * @param bytes written bytes
   * @return the highest known index before which no more than that was written; 0 if none is known
   */
  public long indexBefore(long bytes) {
    int found = Arrays.binarySearch(bytesBefore, bytes);
    int at = found >= 0 ? found : -found - 2;
    return at < 0 ? 0 : indexes[at];
  }

  public long[] indexes() {
    return indexes.clone();
  }

  public long[] sequenceNumbers() {
    return sequenceNumbers.clone();
  }

  public long[] bytesBefore() {
    return bytesBefore.clone();
  }

  /** The last pair at or below an index, or -1. */
  private int floor(long index) {
    int found = Arrays.binarySearch(indexes, index);
    return found >= 0 ? found : -found - 2;
  }

  private SequenceIndex slice(int from, int to, int length) {
    long[] newIndexes = new long[length];
    long[] newNumbers = new long[length];
    long[] newBytes = new long[length];
    System.arraycopy(indexes, from, newIndexes, 0, to - from);
    System.arraycopy(sequenceNumbers, from, newNumbers, 0, to - from);
    System.arraycopy(bytesBefore, from, newBytes, 0, to - from);
    return new SequenceIndex(newIndexes, newNumbers, newBytes);
  }
}
