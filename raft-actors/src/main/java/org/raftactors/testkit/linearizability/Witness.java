package org.raftactors.testkit.linearizability;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Verifies one given order of a history, in linear time: whoever knows in which order operations
 * took effect, for instance from a log, need not have it searched for. An order that passes proves
 * that the history is linearizable; one that does not proves nothing.
 */
public final class Witness {

  private Witness() {}

  /**
   * Whether an order respects real time and the model.
   *
   * @param model what the object should do
   * @param order all completed operations and those open ones that took effect, in the order in
   *     which they did
   * @param <S> the states of the model
   * @param <I> the type of inputs
   * @param <O> the type of outputs
   * @return true if it explains the history
   */
  public static <S, I, O> boolean explains(
      SequentialModel<S, I, O> model, List<Operation<I, O>> order) {
    Map<Object, S> states = new HashMap<>();
    long latestInvocation = Long.MIN_VALUE;
    for (Operation<I, O> operation : order) {
      if (operation.completed() < latestInvocation) {
        return false; // it was over before something began that stands in front of it
      }
      latestInvocation = Math.max(latestInvocation, operation.invoked());
      Object partition = model.partition(operation.input());
      S before = states.getOrDefault(partition, model.initial());
      S after = model.step(before, operation.input(), operation.output());
      if (after == null) {
        return false;
      }
      states.put(partition, after);
    }
    return true;
  }
}
