package org.raftactors.testkit;

/**
 * What a simulated client does.
 *
 * @param <C> commands
 * @param <Q> queries
 */
public sealed interface Operation<C, Q> {

  /**
   * Proposes a command, at most once.
   *
   * @param command the command
   * @param <C> commands
   * @param <Q> queries
   * @return the operation
   */
  static <C, Q> Operation<C, Q> command(C command) {
    return new Command<>(command);
  }

  /**
   * Reads.
   *
   * @param query the query
   * @param <C> commands
   * @param <Q> queries
   * @return the operation
   */
  static <C, Q> Operation<C, Q> query(Q query) {
    return new Query<>(query);
  }

  /**
   * See {@link #command}.
   *
   * @param command the command
   * @param <C> commands
   * @param <Q> queries
   */
  record Command<C, Q>(C command) implements Operation<C, Q> {}

  /**
   * See {@link #query}.
   *
   * @param query the query
   * @param <C> commands
   * @param <Q> queries
   */
  record Query<C, Q>(Q query) implements Operation<C, Q> {}
}
