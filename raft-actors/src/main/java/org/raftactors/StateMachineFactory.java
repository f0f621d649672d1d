package org.raftactors;

/**
 * Makes the state machine of a replica. Called each time a replica starts, on its actor's thread.
 *
 * @param <C> commands
 * @param <Q> queries
 * @param <R> results
 */
@FunctionalInterface
public interface StateMachineFactory<C, Q, R> {

  /**
   * Makes a state machine.
   *
   * @param partition whose state it will be
   * @return a fresh one, or one that says by {@link StateMachine#durableIndex()} how far its own
   *     storage has got
   */
  StateMachine<C, Q, R> create(PartitionId partition);
}
