package org.raftactors.testkit.linearizability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.raftactors.testkit.linearizability.Registers.history;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Histories made by hand, whose verdict a person can tell. */
class KnownHistoriesTest {

  static Stream<Arguments> legal() {
    return Stream.of(
        Arguments.of("nothing at all", history()),
        Arguments.of("one after the other", history().put(1, 2, "a").get(3, 4, "a")),
        Arguments.of("absent at first", history().get(1, 2, null).put(3, 4, "a")),
        Arguments.of("a read of a write under way", history().put(1, 9, "a").get(2, 3, "a")),
        Arguments.of("a read before a write under way", history().put(1, 9, "a").get(2, 3, null)),
        Arguments.of(
            "two reads, both sides of a write under way",
            history().put(1, 9, "a").get(2, 3, null).get(4, 5, "a")),
        Arguments.of(
            "concurrent writes in the order of the reads",
            history().put(1, 9, "a").put(1, 9, "b").get(10, 11, "a").get(12, 13, "a")),
        Arguments.of(
            "a completion at the moment of an invocation is no order",
            history().put(1, 5, "a").get(5, 6, null)),
        Arguments.of(
            "an unknown write that took effect long after",
            history().unknownPut(1, "a").get(2, 3, null).get(50, 51, "a")),
        Arguments.of(
            "an unknown write that never took effect",
            history().unknownPut(1, "a").put(2, 3, "b").get(4, 5, "b")),
        Arguments.of(
            "two swaps in a chain", history().cas(1, 9, null, "a", true).cas(2, 8, "a", "b", true)),
        Arguments.of(
            "a swap refused because of a concurrent write",
            history().put(1, 9, "a").cas(2, 8, null, "b", false, "a").get(10, 11, "a")),
        Arguments.of(
            "deleted once", history().put(1, 2, "a").delete(3, 9, true).delete(4, 8, false)),
        Arguments.of(
            "written, deleted, absent",
            history().put(1, 2, "a").delete(3, 4, true).get(5, 6, null).delete(7, 8, false)));
  }

  static Stream<Arguments> illegal() {
    return Stream.of(
        Arguments.of("a stale read", history().put(1, 2, "a").put(3, 4, "b").get(5, 6, "a")),
        Arguments.of("a lost write", history().put(1, 2, "a").get(3, 4, null)),
        Arguments.of("a value never written", history().put(1, 2, "a").get(3, 4, "x")),
        Arguments.of(
            "a lost update: two swaps of the same value",
            history().put(1, 2, "a").cas(3, 9, "a", "b", true).cas(4, 8, "a", "c", true)),
        Arguments.of(
            "a swap that took effect twice",
            history()
                .put(1, 2, "a")
                .cas(3, 4, "a", "b", true)
                .put(5, 6, "a")
                .get(7, 8, "a")
                .get(9, 10, "b")),
        Arguments.of(
            "reads that see one write come and go",
            history().put(1, 20, "a").get(2, 3, "a").get(4, 5, null)),
        Arguments.of(
            "reads that see an unknown write come and go",
            history().unknownPut(1, "a").get(2, 3, "a").get(4, 5, null)),
        Arguments.of(
            "an unknown write twice",
            history()
                .unknownPut(1, "a")
                .get(2, 3, "a")
                .put(4, 5, "b")
                .get(6, 7, "b")
                .get(8, 9, "a")),
        Arguments.of(
            "two readers that disagree about concurrent writes",
            history()
                .put(1, 9, "a")
                .put(1, 9, "b")
                .get(10, 11, "a")
                .get(12, 13, "b")
                .get(14, 15, "a")),
        Arguments.of(
            "a write that overtakes one completed before",
            history().put(1, 2, "a").put(3, 4, "b").get(3, 9, "b").get(10, 11, "a")),
        Arguments.of(
            "a read before its write was invoked", history().get(1, 2, "a").put(3, 4, "a")),
        Arguments.of(
            "a swap refused without a reason",
            history().put(1, 2, "a").cas(3, 4, "a", "b", false, "a")),
        Arguments.of(
            "a swap that reports what was not there",
            history().put(1, 2, "a").cas(3, 4, "x", "b", false, "c")),
        Arguments.of(
            "deleted twice", history().put(1, 2, "a").delete(3, 9, true).delete(4, 8, true)),
        Arguments.of(
            "risen from the dead", history().put(1, 2, "a").delete(3, 4, true).get(5, 6, "a")));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("legal")
  void when_historyIsLegal_then_itPasses(String name, Registers history) {
    assertThat(history.check()).as(name).isInstanceOf(Verdict.Linearizable.class);
    assertThat(BruteForce.linearizable(Registers.MODEL, history.operations())).as(name).isTrue();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("illegal")
  void when_historyIsIllegal_then_itIsFound(String name, Registers history) {
    assertThat(history.check()).as(name).isInstanceOf(Verdict.Violated.class);
    assertThat(BruteForce.linearizable(Registers.MODEL, history.operations())).as(name).isFalse();
  }

  @Test
  void when_historyIsIllegal_then_aPersonSeesWhere() {
    Verdict verdict =
        history()
            .put(1, 2, "a")
            .put(3, 4, "b")
            .get(5, 6, "a")
            .get(7, 8, "b")
            .unknownPut(5, "c")
            .check();
    assertThat(verdict)
        .hasToString(
            """
            not linearizable: k
              an order that explains what was completed before:
                client 1 [1, 2] Put[key=k, value=a] -> Written[]
                client 2 [3, 4] Put[key=k, value=b] -> Written[]
              ends in the state 'b', which does not allow
                client 3 [5, 6] Get[key=k] -> Value[value=a]
              nor does it after any order of these, which were under way:
                client 5 [5, open] Put[key=k, value=c] -> unknown
              and no other order of the past helps.\
            """);
  }

  @Test
  void when_oneKeyOfManyIsViolated_then_itIsNamed() {
    List<Operation<RegisterInput, RegisterOutput>> operations = new ArrayList<>();
    for (int key = 0; key < 20; key++) {
      String name = "key-" + key;
      operations.add(
          new Operation<>(1, 1, 2, new RegisterInput.Put(name, "a"), new RegisterOutput.Written()));
      operations.add(
          new Operation<>(
              2,
              3,
              4,
              new RegisterInput.Get(name),
              new RegisterOutput.Value(key == 13 ? null : "a")));
    }
    Verdict verdict = LinearizabilityChecker.check(Registers.MODEL, operations);
    assertThat(verdict).isInstanceOf(Verdict.Violated.class);
    assertThat(((Verdict.Violated) verdict).partition()).isEqualTo("key-13");
    operations.remove(27);
    assertThat(LinearizabilityChecker.check(Registers.MODEL, operations))
        .isInstanceOfSatisfying(
            Verdict.Linearizable.class,
            passed -> {
              assertThat(passed.partitions()).isEqualTo(20);
              assertThat(passed.operations()).isEqualTo(39);
            });
  }

  @Test
  void when_budgetIsUsedUp_then_itIsNoPass() {
    Verdict verdict =
        LinearizabilityChecker.check(
            Registers.MODEL,
            history().put(1, 9, "a").put(1, 9, "b").put(1, 9, "c").get(10, 11, "x").operations(),
            3);
    assertThat(verdict).isInstanceOf(Verdict.GaveUp.class);
    assertThat(verdict.passed()).isFalse();
  }

  @Test
  void when_operationsAreRecorded_then_theFailedAndTheUnknownReadsDoNotCount() {
    History<RegisterInput, RegisterOutput> recorded = new History<>();
    var put = recorded.invoke(1, 10, new RegisterInput.Put("k", "a"));
    var failed = recorded.invoke(2, 11, new RegisterInput.Put("k", "b"));
    var get = recorded.invoke(3, 12, new RegisterInput.Get("k"));
    recorded.invoke(4, 13, new RegisterInput.Get("k"));
    recorded.invoke(5, 14, new RegisterInput.Delete("k"));
    put.complete(20, new RegisterOutput.Written());
    failed.fail();
    get.complete(21, new RegisterOutput.Value("b"));
    assertThat(recorded.operations()).hasSize(4);
    assertThat(LinearizabilityChecker.check(Registers.MODEL, recorded.operations()))
        .as("the read saw what a failed write wrote")
        .isInstanceOf(Verdict.Violated.class);
    assertThatThrownBy(failed::fail).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> put.complete(22, new RegisterOutput.Written()))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void when_anOperationMakesNoSense_then_itIsRefused() {
    RegisterInput get = new RegisterInput.Get("k");
    assertThatThrownBy(() -> new Operation<>(1, 2, 1, get, new RegisterOutput.Value("a")))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(
            () -> new Operation<>(1, 2, Operation.OPEN, get, new RegisterOutput.Value("a")))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
