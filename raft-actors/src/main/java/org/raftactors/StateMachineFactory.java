package org.raftactors;

/**
 * Makes the state machine of a replica. Called each time a replica starts, takes over a snapshot of
 * its leader, or finds a snapshot damaged while it restores it: then the one before is not used any
 * more. For one replica, on one thread at a time, which may be one that blocks.
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
