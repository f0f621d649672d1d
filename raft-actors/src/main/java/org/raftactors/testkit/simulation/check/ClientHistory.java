package org.raftactors.testkit.simulation.check;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.raftactors.testkit.linearizability.LinearizabilityChecker;
import org.raftactors.testkit.linearizability.Operation;
import org.raftactors.testkit.linearizability.SequentialModel;
import org.raftactors.testkit.linearizability.Verdict;
import org.raftactors.testkit.linearizability.Witness;

/** What the clients did and saw, and whether registers could have done that. */
public final class ClientHistory {

  /** A register holds what was written last, 0 at first. */
  private static final SequentialModel<Long, Request, Long> REGISTERS =
      new SequentialModel<>() {
        @Override
        public Object partition(Request input) {
          return "k" + input.key();
        }

        @Override
        public Long initial() {
          return 0L;
        }

        @Override
        public @Nullable Long step(Long state, Request input, @Nullable Long output) {
          return switch (input.kind()) {
            case PUT -> input.value();
            case GET -> output == null || output.equals(state) ? state : null;
            case CAS -> {
              boolean swaps = state == input.expected();
              boolean allowed = output == null || (output == 1) == swaps;
              yield !allowed ? null : swaps ? (Long) input.value() : state;
            }
            default -> throw new IllegalArgumentException("not of a register: " + input);
          };
        }

        @Override
        public boolean onlyObserves(Request input, @Nullable Long output) {
          return input.kind() == Request.Kind.GET
              || (input.kind() == Request.Kind.CAS && output != null && output == 0);
        }
      };

  private final List<Operation<Request, Long>> operations = new ArrayList<>();
  private long completed;
  private boolean gaveUp;

  /**
   * An operation was done.
   *
   * @param request the attempt that was
   * @param invoked when the client began the operation
   * @param now when it knew the result
   */
  public void completed(Request request, long invoked, long now) {
    completed++;
    if (request.kind() != Request.Kind.STALE_GET) {
      operations.add(new Operation<>(request.client(), invoked, now, request, request.result()));
    }
  }

  /**
   * A client gave an operation up whose last attempt may still take effect.
   *
   * @param request the attempt
   * @param invoked when the client began the operation
   */
  public void open(Request request, long invoked) {
    if (request.kind().isWrite()) {
      operations.add(Operation.unknown(request.client(), invoked, request));
    }
  }

  /** {@return how many operations were done} */
  public long size() {
    return completed;
  }

  /** {@return whether the last check found no answer in reasonable time} */
  public boolean gaveUp() {
    return gaveUp;
  }

  /**
   * Judges what happened so far. The order of the log should explain all of it, and is tried first;
   * only if it does not, another order is looked for.
   *
   * @param budget how many configurations the search may go through for a register
   */
  public void check(int budget) {
    if (Witness.explains(REGISTERS, inTheOrderOfTheLog())) {
      return;
    }
    Verdict verdict = LinearizabilityChecker.check(REGISTERS, operations, budget);
    if (verdict instanceof Verdict.Violated) {
      throw new Violation(Property.LINEARIZABILITY, verdict.toString());
    }
    gaveUp = !verdict.passed();
  }

  /** Reads stand behind the last entry that was applied where they were served. */
  private List<Operation<Request, Long>> inTheOrderOfTheLog() {
    List<Operation<Request, Long>> order = new ArrayList<>(operations);
    order.removeIf(operation -> operation.open() && operation.input().appliedAt() == 0);
    order.sort(
        Comparator.<Operation<Request, Long>>comparingLong(
                operation -> operation.input().appliedAt())
            .thenComparing(operation -> operation.input().kind() == Request.Kind.GET)
            .thenComparingLong(Operation::invoked));
    return order;
  }
}
