package org.raftactors.testkit.linearizability;

import java.util.List;

/** What the checker found out about a history. Only {@link Linearizable} is a pass. */
public sealed interface Verdict {

  /**
   * All parts of the object behaved as if each operation took effect at one moment between its
   * invocation and its completion.
   *
   * @param partitions how many parts there were
   * @param operations how many operations were checked
   * @param configurations how many configurations the search went through
   */
  record Linearizable(int partitions, int operations, long configurations) implements Verdict {}

  /**
   * One part of the object did not: there is no order that explains what was answered.
   *
   * @param partition which part
   * @param culprit with its completion the history ceases to be linearizable: without what was
   *     completed from then on, it is
   * @param prefix an order of operations that explains everything completed before
   * @param state the state that this order ends in
   * @param pending what else could have taken effect by then, the culprit left out
   */
  record Violated(
      Object partition,
      Operation<?, ?> culprit,
      List<? extends Operation<?, ?>> prefix,
      Object state,
      List<? extends Operation<?, ?>> pending)
      implements Verdict {

    private static final int SHOWN = 12;

    /**
     * Copies the lists.
     *
     * @param partition which part
     * @param culprit what does not fit
     * @param prefix what explains the past
     * @param state where that ends
     * @param pending what was under way
     */
    public Violated {
      prefix = List.copyOf(prefix);
      pending = List.copyOf(pending);
    }

    /** Several lines: the end of the order that explains the past, and what does not fit it. */
    @Override
    public String toString() {
      StringBuilder text = new StringBuilder("not linearizable: ").append(partition).append('\n');
      int hidden = Math.max(0, prefix.size() - SHOWN);
      text.append("  an order that explains what was completed before");
      text.append(hidden > 0 ? " (%d more in front):\n".formatted(hidden) : ":\n");
      prefix.subList(hidden, prefix.size()).forEach(done -> line(text, done));
      text.append("  ends in the state ").append(state).append(", which does not allow\n");
      line(text, culprit);
      if (!pending.isEmpty()) {
        text.append("  nor does it after any order of these, which were under way:\n");
        pending.forEach(operation -> line(text, operation));
      }
      return text.append("  and no other order of the past helps.").toString();
    }

    private static void line(StringBuilder text, Operation<?, ?> operation) {
      text.append("    ").append(operation).append('\n');
    }
  }

  /**
   * The budget was used up before an answer was found: nobody knows.
   *
   * @param partition the part of the object where it happened
   * @param operations how many operations that part has
   * @param configurations how many configurations the search went through there
   */
  record GaveUp(Object partition, int operations, long configurations) implements Verdict {}

  /**
   * Whether the history is linearizable for sure.
   *
   * @return false also if nobody knows
   */
  default boolean passed() {
    return this instanceof Linearizable;
  }
}
