package org.raftactors;

/**
 * The application's deterministic state machine: one instance for each replica, driven by the
 * partition's log. The same commands in the same order must lead to the same state and the same
 * results on every replica: no clock (use {@link ApplyContext#timestamp()}), no randomness (use
 * {@link ApplyContext#random()}), no iteration over hashed collections that reaches a result, no
 * I/O.
 *
 * <p>All methods are called by one thread at a time, with a happens-before edge between the calls:
 * a slow query holds up the commands behind it. A method that throws, other than {@link #query},
 * stops the replica: it answers nothing more, keeps its files, and is not started again by itself.
 * So a command that cannot be obeyed is answered with a result that says so, on every replica.
 *
 * @param <C> commands
 * @param <Q> queries
 * @param <R> results
 */
public interface StateMachine<C, Q, R> {

  /**
   * Applies a committed command. Called in log order, exactly once in the life of a state.
   *
   * @param context where and when the command stands in the log; valid during the call only
   * @param command the decoded command
   * @return the result, which goes to the proposer if it waits at this replica; null only if the
   *     result codec knows null. What that codec refuses is lost to the proposer, who gets {@link
   *     UnknownReason#RESULT_LOST}
   */
  R apply(ApplyContext context, C command);

  /**
   * Answers a query from the applied state, which it must not change. If this throws a {@link
   * RuntimeException}, the read is rejected as {@link RejectReason#UNAVAILABLE}, and the replica
   * goes on.
   *
   * @param query the decoded query
   * @return the answer; null only if the result codec knows null
   */
  R query(Q query);

  /**
   * Called after the last command of a batch, before its proposers are answered: the place to flush
   * once for many commands.
   *
   * @param index the log index of the batch's last entry
   */
  default void endBatch(long index) {}

  /**
   * For a state machine with durable storage of its own: how far it has got. Entries up to there
   * are not applied again after a restart. It must never claim more than the log holds.
   *
   * @return a log index, 0 for a state machine that starts empty
   */
  default long durableIndex() {
    return 0;
  }
}
