package org.raftactors.testkit.linearizability;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A store of registers with put, get, delete and compare-and-swap; each key is a part. */
public final class RegisterModel
    implements SequentialModel<RegisterModel.Register, RegisterInput, RegisterOutput> {

  private static final Register ABSENT = new Register(null);

  /**
   * One register.
   *
   * @param value what it holds; null if it is absent
   */
  public record Register(@Nullable String value) {
    @Override
    public String toString() {
      return value == null ? "absent" : "'" + value + "'";
    }
  }

  /** Makes the model, which has no state of its own. */
  public RegisterModel() {}

  @Override
  public Object partition(RegisterInput input) {
    return input.key();
  }

  @Override
  public Register initial() {
    return ABSENT;
  }

  @Override
  public @Nullable Register step(
      Register state, RegisterInput input, @Nullable RegisterOutput output) {
    if (input instanceof RegisterInput.Put put) {
      return allowed(output, new RegisterOutput.Written()) ? new Register(put.value()) : null;
    }
    if (input instanceof RegisterInput.Get) {
      return allowed(output, new RegisterOutput.Value(state.value())) ? state : null;
    }
    if (input instanceof RegisterInput.Delete) {
      return allowed(output, new RegisterOutput.Deleted(state.value() != null)) ? ABSENT : null;
    }
    RegisterInput.CompareAndSwap swap = (RegisterInput.CompareAndSwap) input;
    boolean swaps = Objects.equals(state.value(), swap.expect());
    if (!allowed(output, new RegisterOutput.Compared(swaps, state.value()))) {
      return null;
    }
    return swaps ? new Register(swap.update()) : state;
  }

  private static boolean allowed(@Nullable RegisterOutput given, RegisterOutput due) {
    return given == null || given.equals(due);
  }

  @Override
  public boolean onlyObserves(RegisterInput input, @Nullable RegisterOutput output) {
    return input instanceof RegisterInput.Get
        || (output instanceof RegisterOutput.Compared compared && !compared.swapped())
        || (output instanceof RegisterOutput.Deleted deleted && !deleted.existed());
  }
}
