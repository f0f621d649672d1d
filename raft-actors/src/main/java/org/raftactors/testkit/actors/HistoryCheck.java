package org.raftactors.testkit.actors;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.raftactors.testkit.Operation;

/**
 * A check of what the clients of a run saw.
 *
 * @param <C> commands
 * @param <Q> queries
 * @param <R> results
 */
public interface HistoryCheck<C, Q, R> {

  /**
   * What one client saw of one operation.
   *
   * @param operation what it did
   * @param client which one
   * @param invoked virtual nanoseconds
   * @param completed virtual nanoseconds; the largest number if it never learned the outcome
   * @param result null if it never learned the outcome, or if that is null
   * @param <C> commands
   * @param <Q> queries
   * @param <R> results
   */
  record Seen<C, Q, R>(
      Operation<C, Q> operation, int client, long invoked, long completed, @Nullable R result) {

    /**
     * Whether the outcome is known.
     *
     * @return false for a command that happened at any time after its invocation, or never
     */
    public boolean isKnown() {
      return completed != Long.MAX_VALUE;
    }
  }

  /**
   * How failures call it.
   *
   * @return a name
   */
  String name();

  /**
   * Checks.
   *
   * @param history without operations that certainly had no effect, in the order of invocation
   * @return what is wrong, null if nothing is
   */
  @Nullable String violation(List<Seen<C, Q, R>> history);
}
