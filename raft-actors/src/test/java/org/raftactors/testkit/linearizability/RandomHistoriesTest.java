package org.raftactors.testkit.linearizability;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Histories of a simulated register, as they are and with one answer falsified. */
class RandomHistoriesTest {

  private static final int TINY = 10_000;

  private static Verdict check(List<Operation<RegisterInput, RegisterOutput>> operations) {
    return LinearizabilityChecker.check(Registers.MODEL, operations);
  }

  @Test
  void when_historiesAreTiny_then_theDefinitionAgrees() {
    int illegal = 0;
    for (long seed = 0; seed < TINY; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      int clients = 1 + random.nextInt(3);
      List<Operation<RegisterInput, RegisterOutput>> operations =
          new ArrayList<>(
              new RandomRegister(seed, clients, random.nextInt(3) * 0.1, 0.6)
                  .operations(2 + random.nextInt(7 - clients)));
      for (int falsified = random.nextInt(5); falsified > 0; falsified--) {
        falsify(operations, random);
      }
      boolean truth = BruteForce.linearizable(Registers.MODEL, operations);
      Verdict verdict = check(operations);
      assertThat(verdict.passed())
          .as("seed %s: %s\n%s", seed, operations, verdict)
          .isEqualTo(truth);
      assertThat(verdict).as("seed %s", seed).isNotInstanceOf(Verdict.GaveUp.class);
      if (verdict instanceof Verdict.Violated violated) {
        illegal++;
        assertThat(BruteForce.linearizable(Registers.MODEL, until(violated, operations)))
            .as("seed %s: what was completed before the culprit\n%s", seed, verdict)
            .isTrue();
      }
    }
    assertThat(illegal).as("illegal histories of %s", TINY).isGreaterThan(TINY / 10);
  }

  /** The history as it was just before the culprit completed. */
  private static List<Operation<RegisterInput, RegisterOutput>> until(
      Verdict.Violated violated, List<Operation<RegisterInput, RegisterOutput>> operations) {
    long end = violated.culprit().completed();
    return operations.stream()
        .filter(operation -> operation.invoked() <= end)
        .map(
            operation ->
                operation.completed() >= end
                    ? Operation.<RegisterInput, RegisterOutput>unknown(
                        operation.client(), operation.invoked(), operation.input())
                    : operation)
        .toList();
  }

  /** Gives an operation the answer of another, or another time. */
  private static void falsify(
      List<Operation<RegisterInput, RegisterOutput>> operations, SplittableRandom random) {
    int i = random.nextInt(operations.size());
    Operation<RegisterInput, RegisterOutput> one = operations.get(i);
    Operation<RegisterInput, RegisterOutput> other =
        operations.get(random.nextInt(operations.size()));
    RegisterOutput output = one.output();
    if (output == null) {
      return;
    }
    if (random.nextInt(3) == 0) {
      long later = random.nextInt(20);
      operations.set(
          i,
          new Operation<>(
              one.client(), one.invoked() + later, one.completed() + later, one.input(), output));
    } else if (other.output() != null && other.output().getClass() == output.getClass()) {
      operations.set(
          i,
          new Operation<>(
              one.client(), one.invoked(), one.completed(), one.input(), other.output()));
    }
  }

  @Test
  void when_historiesAreLongAndValid_then_theyPass() {
    for (long seed = 0; seed < 50; seed++) {
      assertThat(check(new RandomRegister(seed, 10, 0.01, 0.6).operations(300)))
          .as("seed %s", seed)
          .isInstanceOf(Verdict.Linearizable.class);
    }
  }

  @Test
  void when_tenClientsDidAThousandOperations_then_theSearchIsShort() {
    for (long seed = 0; seed < 20; seed++) {
      assertThat(check(new RandomRegister(seed, 10, 0, 0.5).operations(1000)))
          .as("seed %s", seed)
          .isInstanceOfSatisfying(
              Verdict.Linearizable.class,
              passed -> assertThat(passed.configurations()).isLessThan(50_000));
    }
  }

  @Test
  void when_aReadReturnsWhatWasOverwrittenLongAgo_then_itIsFound() {
    for (long seed = 0; seed < 50; seed++) {
      List<Operation<RegisterInput, RegisterOutput>> operations =
          new ArrayList<>(new RandomRegister(seed, 5, 0.005, 0.5).operations(300));
      Operation<RegisterInput, RegisterOutput> old =
          operations.stream().filter(RandomHistoriesTest::readsSomething).findFirst().orElseThrow();
      int late = lastIndexOfRead(operations, old);
      Operation<RegisterInput, RegisterOutput> read = operations.get(late);
      operations.set(
          late,
          new Operation<>(
              read.client(), read.invoked(), read.completed(), read.input(), old.output()));
      assertThat(check(operations))
          .as("seed %s: %s reads like %s", seed, read, old)
          .isInstanceOfSatisfying(
              Verdict.Violated.class,
              violated -> assertThat(violated.culprit()).isEqualTo(operations.get(late)));
    }
  }

  private static boolean readsSomething(Operation<RegisterInput, RegisterOutput> operation) {
    return valueRead(operation).isPresent();
  }

  private static Optional<String> valueRead(Operation<RegisterInput, RegisterOutput> operation) {
    return operation.output() instanceof RegisterOutput.Value value
        ? Optional.ofNullable(value.value())
        : Optional.empty();
  }

  private static int lastIndexOfRead(
      List<Operation<RegisterInput, RegisterOutput>> operations,
      Operation<RegisterInput, RegisterOutput> unlike) {
    for (int i = operations.size() - 1; i > 0; i--) {
      if (readsSomething(operations.get(i))
          && !Objects.equals(operations.get(i).output(), unlike.output())) {
        return i;
      }
    }
    throw new IllegalStateException("all reads are alike");
  }

  @Test
  void when_aWriteThatWasReadIsLostFromTheHistory_then_itIsFound() {
    for (long seed = 0; seed < 50; seed++) {
      List<Operation<RegisterInput, RegisterOutput>> operations =
          new ArrayList<>(new RandomRegister(seed, 5, 0, 0.5).operations(300));
      String value =
          operations.stream()
              .flatMap(operation -> valueRead(operation).stream())
              .skip(10)
              .findFirst()
              .orElseThrow();
      assertThat(operations.removeIf(operation -> writes(operation.input(), value))).isTrue();
      assertThat(check(operations)).as("seed %s", seed).isInstanceOf(Verdict.Violated.class);
    }
  }

  private static boolean writes(RegisterInput input, String value) {
    return (input instanceof RegisterInput.Put put && put.value().equals(value))
        || (input instanceof RegisterInput.CompareAndSwap swap && swap.update().equals(value));
  }

  @Test
  void when_twoReadsAfterEachOtherAreSwapped_then_itIsFound() {
    int swapped = 0;
    for (long seed = 0; seed < 200; seed++) {
      List<Operation<RegisterInput, RegisterOutput>> operations =
          new ArrayList<>(new RandomRegister(seed, 1, 0, 0.5).operations(100));
      int first = 0;
      while (!readsSomething(operations.get(first))) {
        first++;
      }
      int second = lastIndexOfRead(operations, operations.get(first));
      if (second > first) {
        swapped++;
        Operation<RegisterInput, RegisterOutput> a = operations.get(first);
        Operation<RegisterInput, RegisterOutput> b = operations.get(second);
        operations.set(
            first, new Operation<>(1, a.invoked(), a.completed(), a.input(), b.output()));
        operations.set(
            second, new Operation<>(1, b.invoked(), b.completed(), b.input(), a.output()));
        assertThat(check(operations)).as("seed %s", seed).isInstanceOf(Verdict.Violated.class);
      }
    }
    assertThat(swapped).isGreaterThan(100);
  }
}
