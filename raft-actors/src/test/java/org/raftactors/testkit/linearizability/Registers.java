package org.raftactors.testkit.linearizability;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes down histories of one register, for people to read. */
final class Registers {

  static final RegisterModel MODEL = new RegisterModel();

  private final List<Operation<RegisterInput, RegisterOutput>> operations = new ArrayList<>();

  static Registers history() {
    return new Registers();
  }

  Registers put(long from, long to, String value) {
    return add(from, to, new RegisterInput.Put("k", value), new RegisterOutput.Written());
  }

  Registers unknownPut(long from, String value) {
    operations.add(Operation.unknown(next(), from, new RegisterInput.Put("k", value)));
    return this;
  }

  Registers get(long from, long to, @Nullable String value) {
    return add(from, to, new RegisterInput.Get("k"), new RegisterOutput.Value(value));
  }

  Registers delete(long from, long to, boolean existed) {
    return add(from, to, new RegisterInput.Delete("k"), new RegisterOutput.Deleted(existed));
  }

  Registers cas(long from, long to, @Nullable String expect, String update, boolean swapped) {
    return cas(from, to, expect, update, swapped, swapped ? expect : "other");
  }

  Registers cas(
      long from,
      long to,
      @Nullable String expect,
      String update,
      boolean swapped,
      @Nullable String actual) {
    return add(
        from,
        to,
        new RegisterInput.CompareAndSwap("k", expect, update),
        new RegisterOutput.Compared(swapped, actual));
  }

  private Registers add(long from, long to, RegisterInput input, RegisterOutput output) {
    operations.add(new Operation<>(next(), from, to, input, output));
    return this;
  }

  private int next() {
    return operations.size() + 1;
  }

  List<Operation<RegisterInput, RegisterOutput>> operations() {
    return List.copyOf(operations);
  }

  Verdict check() {
    return LinearizabilityChecker.check(MODEL, operations);
  }
}
