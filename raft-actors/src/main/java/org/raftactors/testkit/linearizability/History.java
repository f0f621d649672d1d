package org.raftactors.testkit.linearizability;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Collects operations as they happen, from any number of threads. What is neither completed nor
 * failed is open: its outcome is unknown.
 *
 * @param <I> the type of inputs
 * @param <O> the type of outputs
 */
public final class History<I, O> {

  private final List<Call<I, O>> calls = new ArrayList<>();

  /** Makes an empty history. */
  public History() {}

  /**
   * Notes an invocation; to be called before anything is sent.
   *
   * @param client who invokes it
   * @param now the time
   * @param input what is asked
   * @return to be told the outcome
   */
  public Call<I, O> invoke(long client, long now, I input) {
    Call<I, O> call = new Call<>(client, now, input);
    synchronized (calls) {
      calls.add(call);
    }
    return call;
  }

  /**
   * The operations so far, in the order of their invocations; without those that failed.
   *
   * @return a copy
   */
  public List<Operation<I, O>> operations() {
    List<Operation<I, O>> operations = new ArrayList<>();
    synchronized (calls) {
      for (Call<I, O> call : calls) {
        Operation<I, O> operation = call.operation();
        if (operation != null) {
          operations.add(operation);
        }
      }
    }
    return operations;
  }

  /**
   * An operation under way.
   *
   * @param <I> the type of inputs
   * @param <O> the type of outputs
   */
  public static final class Call<I, O> {

    private @Nullable Operation<I, O> operation;
    private boolean decided;

    private Call(long client, long now, I input) {
      this.operation = Operation.unknown(client, now, input);
    }

    /**
     * The answer is there.
     *
     * @param now the time
     * @param output what was answered
     */
    public synchronized void complete(long now, O output) {
      Operation<I, O> invoked = decide();
      operation =
          new Operation<>(invoked.client(), invoked.invoked(), now, invoked.input(), output);
    }

    /** It has not happened and never will: it counts as never invoked. */
    public synchronized void fail() {
      decide();
      operation = null;
    }

    private Operation<I, O> decide() {
      Operation<I, O> invoked = operation;
      if (decided || invoked == null) {
        throw new IllegalStateException("decided already: " + operation);
      }
      decided = true;
      return invoked;
    }

    private synchronized @Nullable Operation<I, O> operation() {
      return operation;
    }
  }
}
