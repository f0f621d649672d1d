package org.raftactors.testkit.linearizability;

/**
 * Which operations have taken effect: a set of numbers, those of the completed operations first, in
 * the order of their invocation, then those of the open ones. Real time makes it nearly a prefix of
 * the completed ones, so its memory is only what lies behind that prefix.
 */
final class Linearized {

  private final int completed;
  private final long[] words;
  private final int completedWords;

  /** The first completed operation that is not in the set. */
  private int first;

  Linearized(int completed, int open) {
    this.completed = completed;
    this.completedWords = (completed + 63) >> 6;
    this.words = new long[completedWords + ((open + 63) >> 6)];
  }

  private int position(int operation) {
    return operation < completed ? operation : (completedWords << 6) + operation - completed;
  }

  boolean contains(int operation) {
    int position = position(operation);
    return (words[position >> 6] & 1L << position) != 0;
  }

  void add(int operation) {
    int position = position(operation);
    words[position >> 6] |= 1L << position;
    while (first < completed && contains(first)) {
      first++;
    }
  }

  void remove(int operation) {
    int position = position(operation);
    words[position >> 6] &= ~(1L << position);
    if (operation < completed) {
      first = Math.min(first, operation);
    }
  }

  int first() {
    return first;
  }

  boolean all() {
    return first == completed;
  }

  /** The same set gives the same numbers, another set gives others. */
  long[] memory() {
    int from = Math.min(first >> 6, completedWords);
    int to = completedWords;
    while (to > from && words[to - 1] == 0) {
      to--;
    }
    int open = words.length - completedWords;
    long[] memory = new long[1 + open + to - from];
    memory[0] = from;
    System.arraycopy(words, completedWords, memory, 1, open);
    System.arraycopy(words, from, memory, 1 + open, to - from);
    return memory;
  }
}
