package org.raftactors.testkit.linearizability;

import org.jspecify.annotations.Nullable;

/**
 * What an object does if its operations come one after the other.
 *
 * @param <S> its states: immutable, with {@code equals} and {@code hashCode}
 * @param <I> the type of inputs
 * @param <O> the type of outputs
 */
public interface SequentialModel<S, I, O> {

  /**
   * The part of the object that an operation is about. Parts are independent of each other and
   * checked one by one, which makes all the difference for the time that it takes.
   *
   * @param input what was asked
   * @return for instance the key
   */
  Object partition(I input);

  /**
   * The state of every part before its first operation.
   *
   * @return the state
   */
  S initial();

  /**
   * Executes one operation.
   *
   * @param state before
   * @param input what was asked
   * @param output what was answered; null means that any answer will do
   * @return the state after; null if this cannot be answered in this state
   */
  @Nullable S step(S state, I input, @Nullable O output);

  /**
   * Whether such an operation never changes any state, for instance a read, or a compare-and-swap
   * that was answered with "not swapped". Says true only if that is sure: the search then never
   * tries to execute it later than it could, and drops it if its outcome is unknown.
   *
   * @param input what was asked
   * @param output what was answered; null if that is unknown
   * @return whether it only observes
   */
  default boolean onlyObserves(I input, @Nullable O output) {
    return false;
  }
}
