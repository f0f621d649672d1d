package org.raftactors.testkit;

import java.util.random.RandomGenerator;

/**
 * Makes what the simulated clients do. All randomness must come from the given generator, so that a
 * seed can be repeated.
 *
 * @param <C> commands
 * @param <Q> queries
 */
@FunctionalInterface
public interface LoadGenerator<C, Q> {

  /**
   * The next operation. Few different keys and many different values find the most.
   *
   * @param random seeded
   * @param number of the operation in its run, from 0: to make values that are unique
   * @return what a client will do
   */
  Operation<C, Q> next(RandomGenerator random, int number);
}
