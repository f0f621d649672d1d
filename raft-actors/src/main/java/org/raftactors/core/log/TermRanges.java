package org.raftactors.core.log;

import java.util.Arrays;
import java.util.List;
import org.raftactors.core.invariant.Invariant;

/**
 * The term of every index from the base to the end of the log, as the few indexes at which the term
 * changes. Immutable, so that the journal's state and the log in memory can share it.
 */
public final class TermRanges {

  private final long[] firstIndexes;
  private final long[] terms;
  private final long lastIndex;

  private TermRanges(long[] firstIndexes, long[] terms, long lastIndex) {
    this.firstIndexes = firstIndexes;
    this.terms = terms;
    this.lastIndex = lastIndex;
  }

  /**
   * The ranges of a log that consists of its base only.
   *
   * @param base the position that the log stands on
   * @return ranges that know the term of that position alone
   */
  public static TermRanges startingAt(LogPosition base) {
    return new TermRanges(new long[] {base.index()}, new long[] {base.term()}, base.index());
  }

  /**
   * Rebuilds ranges from their parts, as {@link #firstIndexes()} and {@link #terms()} give them.
   *
   * @param firstIndexes strictly ascending, the first is the base index
   * @param terms as many as first indexes, ascending
   * @param lastIndex the last index of the log
   * @return the ranges
   */
  public static TermRanges of(long[] firstIndexes, long[] terms, long lastIndex) {
    Invariant.check(
        firstIndexes.length > 0
            && firstIndexes.length == terms.length
            && lastIndex >= firstIndexes[firstIndexes.length - 1],
        () ->
            "term ranges do not fit together: "
                + Arrays.toString(firstIndexes)
                + " to "
                + lastIndex);
    return new TermRanges(firstIndexes.clone(), terms.clone(), lastIndex);
  }

  /** {@return the index that the log follows} */
  public long baseIndex() {
    return firstIndexes[0];
  }

  /** {@return the highest index} */
  public long lastIndex() {
    return lastIndex;
  }

  /** {@return the term of the highest index} */
  public long lastTerm() {
    return terms[terms.length - 1];
  }

  /** {@return the highest index with its term} */
  public LogPosition last() {
    return new LogPosition(lastIndex, lastTerm());
  }

  /** {@return where each range begins, ascending; a copy} */
  public long[] firstIndexes() {
    return firstIndexes.clone();
  }

  /** {@return the term of each range, ascending; a copy} */
  public long[] terms() {
    return terms.clone();
  }

  /**
   * The term at an index.
   *
   * @param index from the base index to the last index
   * @return the term
   */
  public long termAt(long index) {
    Invariant.check(
        index >= baseIndex() && index <= lastIndex,
        () -> "no term at index " + index + " in a log from " + baseIndex() + " to " + lastIndex);
    return terms[rangeOf(index)];
  }

  /**
   * The ranges after more entries of one term.
   *
   * @param upTo the new last index
   * @param term the term of all entries from the old last index + 1, not below the last term
   * @return the longer ranges
   */
  public TermRanges extend(long upTo, long term) {
    Invariant.check(
        upTo > lastIndex && term >= lastTerm(),
        () -> "entry " + upTo + "/" + term + " does not extend a log that ends at " + last());
    if (term == lastTerm()) {
      return new TermRanges(firstIndexes, terms, upTo);
    }
    int n = terms.length;
    long[] newFirst = Arrays.copyOf(firstIndexes, n + 1);
    long[] newTerms = Arrays.copyOf(terms, n + 1);
    newFirst[n] = lastIndex + 1;
    newTerms[n] = term;
    return new TermRanges(newFirst, newTerms, upTo);
  }

  /**
   * The ranges after more entries; work per run of equal terms, not per entry.
   *
   * @param entries contiguous from the old last index + 1, terms ascending
   * @return the longer ranges
   */
  public TermRanges extend(List<LogEntry> entries) {
    TermRanges result = this;
    for (int i = 0; i < entries.size(); i++) {
      LogEntry entry = entries.get(i);
      boolean endOfRun = i + 1 == entries.size() || entries.get(i + 1).term() != entry.term();
      if (endOfRun) {
        result = result.extend(entry.index(), entry.term());
      }
    }
    return result;
  }

  /**
   * The highest index at or below a limit whose term does not exceed another limit: where two logs
   * may still agree, given that one of them has that term there (Raft 5.3). Skips whole terms.
   *
   * @param index the highest index considered, at least the base index
   * @param term the highest term considered
   * @return an index, or the base index if every term above it is higher
   */
  public long highestIndexWithTermAtMost(long index, long term) {
    int range = rangeOf(Math.min(index, lastIndex));
    if (terms[range] <= term) {
      return Math.min(index, lastIndex);
    }
    while (range > 0 && terms[range] > term) {
      range--;
    }
    return terms[range] <= term ? firstIndexes[range + 1] - 1 : baseIndex();
  }

  /**
   * The ranges without a suffix.
   *
   * @param index the last index that is kept, from the base index to the last index
   * @return the shorter ranges
   */
  public TermRanges keepUpTo(long index) {
    if (index == lastIndex) {
      return this;
    }
    Invariant.check(
        index >= baseIndex() && index < lastIndex,
        () -> "cannot cut a log from " + baseIndex() + " to " + lastIndex + " at " + index);
    int keep = rangeOf(index) + 1;
    return new TermRanges(Arrays.copyOf(firstIndexes, keep), Arrays.copyOf(terms, keep), index);
  }

  /**
   * The ranges without a prefix.
   *
   * @param index the new base index, from the base index to the last index
   * @return the shorter ranges, which still know the term at that index
   */
  public TermRanges startingFrom(long index) {
    if (index == baseIndex()) {
      return this;
    }
    Invariant.check(
        index > baseIndex() && index <= lastIndex,
        () -> "a log from " + baseIndex() + " to " + lastIndex + " cannot start at " + index);
    int from = rangeOf(index);
    long[] newFirst = Arrays.copyOfRange(firstIndexes, from, firstIndexes.length);
    newFirst[0] = index;
    return new TermRanges(newFirst, Arrays.copyOfRange(terms, from, terms.length), lastIndex);
  }

  /**
   * Whether the ranges say that an index has a term.
   *
   * @param position any position
   * @return true if it lies between base and end and the term is the one there
   */
  public boolean contains(LogPosition position) {
    return position.index() >= baseIndex()
        && position.index() <= lastIndex
        && termAt(position.index()) == position.term();
  }

  private int rangeOf(long index) {
    int last = terms.length - 1;
    if (index >= firstIndexes[last]) {
      return last; // nearly always asked about the end
    }
    int found = Arrays.binarySearch(firstIndexes, index);
    return found >= 0 ? found : -found - 2;
  }
}
