package org.raftactors.testkit.linearizability;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Decides whether a history is linearizable: the search of Wing and Gong, which tries the orders
 * that real time allows, with Lowe's memory of the configurations that led nowhere, for each part
 * of the object by itself.
 *
 * <p>The problem is hard: keep few operations per part (a few hundred), few at a time (ten), few
 * with unknown outcomes, and write unique values, so that a wrong answer has no innocent
 * explanation.
 */
public final class LinearizabilityChecker {

  /** Enough for any sane history; a configuration takes some hundred bytes of memory. */
  public static final int DEFAULT_BUDGET = 500_000;

  private LinearizabilityChecker() {}

  /**
   * Checks a history with the default budget.
   *
   * @param model what the object should do
   * @param operations the history, in any order
   * @param <S> the states of the model
   * @param <I> the type of inputs
   * @param <O> the type of outputs
   * @return the verdict
   */
  public static <S, I, O> Verdict check(
      SequentialModel<S, I, O> model, Collection<Operation<I, O>> operations) {
    return check(model, operations, DEFAULT_BUDGET);
  }

  /**
   * Checks a history.
   *
   * @param model what the object should do
   * @param operations the history, in any order
   * @param budget how many configurations the search may go through in each part of the object
   * @param <S> the states of the model
   * @param <I> the type of inputs
   * @param <O> the type of outputs
   * @return a violation if any part has one; else that it gave up if it did on any part
   */
  public static <S, I, O> Verdict check(
      SequentialModel<S, I, O> model, Collection<Operation<I, O>> operations, int budget) {
    Map<Object, List<Operation<I, O>>> partitions = new LinkedHashMap<>();
    for (Operation<I, O> operation : operations) {
      if (!operation.open() || !model.onlyObserves(operation.input(), null)) {
        partitions
            .computeIfAbsent(model.partition(operation.input()), partition -> new ArrayList<>())
            .add(operation);
      }
    }
    int checked = 0;
    long configurations = 0;
    Verdict worst = new Verdict.Linearizable(0, 0, 0);
    for (Map.Entry<Object, List<Operation<I, O>>> entry : partitions.entrySet()) {
      Search<S, I, O> search = new Search<>(model, entry.getValue());
      Search.End end = search.run(budget);
      checked += entry.getValue().size();
      configurations += search.configurations();
      if (end == Search.End.NO_ORDER) {
        return search.violation(entry.getKey());
      }
      if (end == Search.End.BUDGET_USED_UP && worst.passed()) {
        worst =
            new Verdict.GaveUp(entry.getKey(), entry.getValue().size(), search.configurations());
      }
    }
    return worst.passed()
        ? new Verdict.Linearizable(partitions.size(), checked, configurations)
        : worst;
  }
}
