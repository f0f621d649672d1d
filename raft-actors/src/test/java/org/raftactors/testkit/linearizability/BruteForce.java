package org.raftactors.testkit.linearizability;

import java.util.ArrayList;
import java.util.List;

/**
 * The definition, word by word, for a few operations of one part: any subset of the open ones, any
 * order of all, and then a look whether real time and the model allow it. No cleverness, so that it
 * shares no mistake with the checker.
 */
final class BruteForce {

  private BruteForce() {}

  static <S, I, O> boolean linearizable(
      SequentialModel<S, I, O> model, List<Operation<I, O>> operations) {
    List<Operation<I, O>> open = operations.stream().filter(Operation::open).toList();
    for (int chosen = 0; chosen < 1 << open.size(); chosen++) {
      List<Operation<I, O>> taken =
          new ArrayList<>(operations.stream().filter(operation -> !operation.open()).toList());
      for (int i = 0; i < open.size(); i++) {
        if ((chosen & 1 << i) != 0) {
          taken.add(open.get(i));
        }
      }
      if (someOrder(model, taken, new ArrayList<>())) {
        return true;
      }
    }
    return false;
  }

  private static <S, I, O> boolean someOrder(
      SequentialModel<S, I, O> model, List<Operation<I, O>> left, List<Operation<I, O>> order) {
    if (left.isEmpty()) {
      return realTime(order) && sequential(model, order);
    }
    for (Operation<I, O> next : left) {
      List<Operation<I, O>> rest = new ArrayList<>(left);
      rest.remove(next);
      List<Operation<I, O>> longer = new ArrayList<>(order);
      longer.add(next);
      if (someOrder(model, rest, longer)) {
        return true;
      }
    }
    return false;
  }

  private static <I, O> boolean realTime(List<Operation<I, O>> order) {
    for (int i = 0; i < order.size(); i++) {
      for (int j = i + 1; j < order.size(); j++) {
        if (order.get(j).completed() < order.get(i).invoked()) {
          return false;
        }
      }
    }
    return true;
  }

  private static <S, I, O> boolean sequential(
      SequentialModel<S, I, O> model, List<Operation<I, O>> order) {
    S state = model.initial();
    for (Operation<I, O> operation : order) {
      S next = model.step(state, operation.input(), operation.output());
      if (next == null) {
        return false;
      }
      state = next;
    }
    return true;
  }
}
