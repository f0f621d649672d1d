package org.raftactors.examples.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.raftactors.testkit.linearizability.Operation;
import org.raftactors.testkit.linearizability.RegisterInput;
import org.raftactors.testkit.linearizability.RegisterOutput;

/** Places in the log that may be, and such that may not. Times are in seconds here. */
class LogOrderTest {

  private static final long SECOND = 1_000_000_000L;

  private final List<Placed> placed = new ArrayList<>();
  private final List<Operation<RegisterInput, RegisterOutput>> history = new ArrayList<>();
  private final List<Strike> strikes = new ArrayList<>();

  private static Placed.Place at(long index) {
    return new Placed.Place(1, 1, index, 0);
  }

  private static Placed.Place at(long index, long shown) {
    return new Placed.Place(1, 1, index, shown);
  }

  private void add(
      RegisterInput input, RegisterOutput output, Placed.Place place, long began, long ended) {
    placed.add(new Placed(input, output, false, place, began * SECOND, ended * SECOND));
  }

  private void put(String key, String value, Placed.Place place, long began, long ended) {
    add(new RegisterInput.Put(key, value), new RegisterOutput.Written(), place, began, ended);
  }

  private void read(String key, @Nullable String value, Placed.Place place, long began, long end) {
    add(new RegisterInput.Get(key), new RegisterOutput.Value(value), place, began, end);
  }

  private void stale(String key, @Nullable String value, Placed.Place place, long began, long end) {
    placed.add(
        new Placed(
            new RegisterInput.Get(key),
            new RegisterOutput.Value(value),
            true,
            place,
            began * SECOND,
            end * SECOND));
  }

  private void delete(String key, Placed.Place place, long began, long ended) {
    add(new RegisterInput.Delete(key), new RegisterOutput.Deleted(true), place, began, ended);
  }

  private List<String> judge() {
    Findings findings = new Findings();
    ChaosOptions options = ChaosOptions.parse(ChaosOptions.NONE, "--seconds", "10");
    LogOrder.judge(
        new Recording(options, history, List.of(), placed, strikes, List.of(), List.of(), 0),
        findings);
    return findings.violations();
  }

  private void assertViolation(String what, String detail) {
    assertThat(judge()).singleElement().asString().contains(what).contains(detail);
  }

  @Test
  void when_allIsInOrder_then_itPasses() {
    put("a", "1", at(5), 1, 2);
    put("b", "2", at(7), 1, 4); // at the same time as the next
    put("a", "3", at(6), 1, 4);
    read("a", "3", at(7, 6), 5, 6);
    read("a", "3", at(7, 6), 7, 8);
    delete("b", at(8), 9, 10);
    read("b", null, at(8), 11, 12);
    put("c", "4", new Placed.Place(2, 9, 1, 0), 11, 12); // another partition
    assertThat(judge()).isEmpty();
  }

  @Test
  void when_aLaterWriteStandsBefore_then_itIsFound_alsoOnAnotherKey() {
    put("a", "1", at(9), 1, 2);
    put("b", "2", at(8), 3, 4);
    assertViolation("out of order in the log", "index 9 was known before it began");
  }

  @Test
  void when_aWriteStandsWhereALaterReadHasLooked_then_itIsFound() {
    read("b", null, at(9), 1, 2);
    put("a", "1", at(9), 3, 4);
    assertViolation("out of order in the log", "index 9 was known before it began");
  }

  @Test
  void when_aReadSeesLessOfTheLogThanAnEarlierAnswer_then_itIsFound_unlessItIsStale() {
    put("a", "1", at(9), 1, 2);
    stale("b", null, at(8), 3, 4);
    assertThat(judge()).isEmpty();
    read("b", null, at(8), 3, 4);
    assertViolation("out of order in the log", "Get[key=b]");
  }

  @Test
  void when_twoWritesShareAPlace_then_itIsFound() {
    put("a", "1", at(9), 1, 3);
    put("b", "2", at(9), 2, 4);
    assertViolation("two writes were acknowledged at one place", "index 9");
  }

  @Test
  void when_aPlaceHasTwoTerms_then_itIsFound() {
    put("a", "1", new Placed.Place(1, 3, 9, 0), 1, 2);
    read("b", null, new Placed.Place(1, 4, 9, 0), 3, 4);
    assertViolation("two terms at one place", "term 4");
  }

  @Test
  void when_aValueMoves_then_itIsFound() {
    put("a", "1", at(5), 1, 2);
    read("a", "1", at(9, 6), 3, 4);
    assertViolation("a value has moved in the log", "at index 6, others at 5");
  }

  @Test
  void when_aValueOfAnUnknownWriteMoves_then_itIsFound_alsoByAStaleRead() {
    read("a", "1", at(7, 6), 1, 2);
    stale("a", "1", at(8, 7), 1, 2);
    assertViolation("a value has moved in the log", "at index 7, others at 6");
  }

  @Test
  void when_aSwapMoves_then_itIsFound_andOneThatSwappedNothingHasNoPlaceForItsValue() {
    RegisterInput swap = new RegisterInput.CompareAndSwap("a", null, "1");
    add(swap, new RegisterOutput.Compared(false, "0"), at(3), 1, 2);
    add(swap, new RegisterOutput.Compared(true, null), at(5), 3, 4);
    read("a", "1", at(9, 6), 5, 6);
    assertViolation("a value has moved in the log", "at index 6, others at 5");
  }

  @Test
  void when_aReadLacksAWriteThatStandsBeforeIt_then_itIsFound_alsoIfItIsStale() {
    put("a", "1", at(5), 1, 2);
    put("a", "2", at(7), 3, 6);
    stale("a", "1", at(6, 5), 3, 4);
    assertThat(judge()).isEmpty();
    stale("a", "1", at(8, 5), 3, 4);
    assertViolation("a read does not show the last write", "which shows index 5, but there is");
  }

  @Test
  void when_aKeyIsAbsentAfterAWrite_then_itIsFound_unlessADeleteMayStandBetween() {
    put("a", "1", at(5), 1, 2);
    read("a", null, at(6), 3, 4);
    assertViolation("a read does not show the last write", "Put[key=a, value=1]");
    history.add(Operation.unknown(1, 2, new RegisterInput.Delete("a")));
    assertThat(judge()).isEmpty();
  }

  @Test
  void when_aReadShowsWhatStandsBehindIt_then_itIsFound() {
    read("a", "1", at(5, 6), 1, 2);
    assertViolation("a read does not show the last write", "which shows what was written later");
  }

  @Test
  void when_aStaleReadIsOlderThanItsBound_then_itIsFound() {
    put("a", "1", at(5), 1, 2);
    put("b", "2", at(6), 10, 11);
    stale("a", "1", at(5, 5), 16, 17); // six seconds, of which all are covered
    assertThat(judge()).isEmpty();
    stale("a", "1", at(5, 5), 18, 19);
    assertViolation("a stale read is older than its bound", "index 6 was known 6000 ms before");
  }

  @Test
  void when_aFaultHeldUpWhatAReplicaKnows_then_aStaleReadMayBeOlder() {
    put("a", "1", at(5), 1, 2);
    put("b", "2", at(6), 10, 11);
    stale("a", "1", at(5, 5), 30, 31);
    strikes.add(strike(20, 40)); // not over yet: nothing was let through
    assertViolation("a stale read is older than its bound", "index 6");
    strikes.add(strike(15, 27));
    assertViolation("a stale read is older than its bound", "index 6");
    strikes.add(strike(9, 15)); // what it held up, the other one held up again
    assertThat(judge()).isEmpty();
  }

  private static Strike strike(long began, long ended) {
    return new Strike(
        new Fault(1, Fault.Kind.CUT, 1, 1, List.of(), List.of(), Link.Mode.BLACK_HOLE, 0),
        began * SECOND,
        ended * SECOND,
        Strike.Effect.full("cut"));
  }
}
