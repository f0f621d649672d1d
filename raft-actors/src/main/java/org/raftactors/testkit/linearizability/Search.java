package org.raftactors.testkit.linearizability;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The search through the orders of one part's operations, depth first. A configuration is the set
 * of operations that have taken effect and the state that they led to; one that was seen before is
 * not entered again.
 *
 * <p>Three things keep it short. What only observes takes effect as soon as it can, without
 * alternative: nothing is lost by that. What completes first is tried first. An operation whose
 * outcome is unknown is tried last, and only where it changes the state.
 */
final class Search<S, I, O> {

  enum End {
    AN_ORDER_EXISTS,
    NO_ORDER,
    BUDGET_USED_UP
  }

  /** A set of operations with the state that they led to. */
  private static final class Configuration {
    private final long[] linearized;
    private final Object state;

    Configuration(long[] linearized, Object state) {
      this.linearized = linearized;
      this.state = state;
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Configuration configuration
          && Arrays.equals(linearized, configuration.linearized)
          && state.equals(configuration.state);
    }

    @Override
    public int hashCode() {
      return 31 * Arrays.hashCode(linearized) + state.hashCode();
    }
  }

  /** A place in the search: what led here, and what is still to be tried from here. */
  private static final class Place<S> {
    final int operation;
    final S state;
    final int[] next;
    int tried;

    Place(int operation, S state, int[] next) {
      this.operation = operation;
      this.state = state;
      this.next = next;
    }
  }

  private static final int NONE = -1;

  private final SequentialModel<S, I, O> model;
  private final List<Operation<I, O>> operations;
  private final int completed;
  private final Linearized linearized;
  private final Set<Configuration> seen = new HashSet<>();
  private final Deque<Place<S>> path = new ArrayDeque<>();

  /** The configuration that got furthest in real time; its bound is when the culprit completed. */
  private long furthest = Long.MIN_VALUE;

  private List<Operation<I, O>> furthestPrefix = List.of();
  private List<Operation<I, O>> furthestPending = List.of();
  private S furthestState;

  Search(SequentialModel<S, I, O> model, List<Operation<I, O>> unsorted) {
    this.model = model;
    this.operations = new ArrayList<>(unsorted);
    operations.sort(
        Comparator.<Operation<I, O>, Boolean>comparing(Operation::open)
            .thenComparingLong(Operation::invoked));
    this.completed = (int) operations.stream().filter(operation -> !operation.open()).count();
    this.linearized = new Linearized(completed, operations.size() - completed);
    this.furthestState = model.initial();
  }

  long configurations() {
    return seen.size();
  }

  End run(int budget) {
    enter(NONE, model.initial());
    while (!linearized.all()) {
      Place<S> place = path.peek();
      if (place == null) {
        return End.NO_ORDER;
      }
      if (seen.size() > budget) {
        return End.BUDGET_USED_UP;
      }
      if (place.tried == place.next.length) {
        leave();
        continue;
      }
      int operation = place.next[place.tried++];
      S after = step(place.state, operation);
      if (after != null && (operation < completed || !after.equals(place.state))) {
        enter(operation, after);
      }
    }
    return End.AN_ORDER_EXISTS;
  }

  private @Nullable S step(S state, int operation) {
    Operation<I, O> stepped = operations.get(operation);
    return model.step(state, stepped.input(), stepped.output());
  }

  /** Lets an operation take effect, unless what comes of it was seen before. */
  private void enter(int operation, S state) {
    if (operation != NONE) {
      linearized.add(operation);
    }
    if (seen.add(new Configuration(linearized.memory(), state))) {
      path.push(new Place<>(operation, state, next(operation, state)));
    } else {
      linearized.remove(operation);
    }
  }

  private void leave() {
    int operation = path.pop().operation;
    if (operation != NONE) {
      linearized.remove(operation);
    }
  }

  /**
   * What may take effect next: whatever was invoked before all that is missing was completed. An
   * operation that completes at the very moment when another is invoked overlaps with it.
   */
  private int[] next(int last, S state) {
    List<Integer> next = new ArrayList<>();
    long bound = Operation.OPEN;
    for (int i = linearized.first(); i < completed; i++) {
      if (!linearized.contains(i)) {
        Operation<I, O> operation = operations.get(i);
        if (operation.invoked() > bound) {
          break;
        }
        bound = Math.min(bound, operation.completed());
        next.add(i);
      }
    }
    for (int i = completed; i < operations.size() && operations.get(i).invoked() <= bound; i++) {
      if (!linearized.contains(i)) {
        next.add(i);
      }
    }
    if (bound > furthest && bound != Operation.OPEN) {
      remember(bound, last, state, next);
    }
    for (int i : next) {
      Operation<I, O> operation = operations.get(i);
      if (i < completed
          && model.onlyObserves(operation.input(), operation.output())
          && step(state, i) != null) {
        return new int[] {i};
      }
    }
    return next.stream()
        .sorted(Comparator.comparingLong(i -> operations.get(i).completed()))
        .mapToInt(Integer::intValue)
        .toArray();
  }

  private void remember(long bound, int last, S state, List<Integer> next) {
    furthest = bound;
    furthestState = state;
    furthestPending = next.stream().<Operation<I, O>>map(operations::get).toList();
    List<Operation<I, O>> prefix = new ArrayList<>();
    for (Iterator<Place<S>> places = path.descendingIterator(); places.hasNext(); ) {
      int operation = places.next().operation;
      if (operation != NONE) {
        prefix.add(operations.get(operation));
      }
    }
    if (last != NONE) {
      prefix.add(operations.get(last));
    }
    furthestPrefix = prefix;
  }

  /** Why there is no order; to be asked after {@link End#NO_ORDER}. */
  Verdict.Violated violation(Object partition) {
    List<Operation<I, O>> pending = new ArrayList<>(furthestPending);
    pending.sort(Comparator.comparingLong(Operation::completed));
    Operation<I, O> culprit = pending.remove(0);
    return new Verdict.Violated(partition, culprit, furthestPrefix, furthestState, pending);
  }
}
