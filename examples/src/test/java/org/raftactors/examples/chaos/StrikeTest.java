package org.raftactors.examples.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class StrikeTest {

  private static Strike strike(Fault.Kind kind, int node, long began, long ended) {
    Fault fault = new Fault(1, kind, 1, 1, List.of(node), List.of(), Link.Mode.PASS, 0);
    return new Strike(fault, began, ended, Strike.Effect.full("struck"));
  }

  private static Strike pause(long began, long ended) {
    return strike(Fault.Kind.PAUSE, 0, began, ended);
  }

  @Test
  void stoodStill_isWhatLiesWithin() {
    assertThat(Strike.stoodStill(List.of(pause(10, 20)), 0, 0, 100)).isEqualTo(10);
    assertThat(Strike.stoodStill(List.of(pause(10, 20)), 0, 15, 100)).isEqualTo(5);
    assertThat(Strike.stoodStill(List.of(pause(10, 20)), 0, 0, 12)).isEqualTo(2);
    assertThat(Strike.stoodStill(List.of(pause(10, 20)), 0, 20, 30)).isZero();
    assertThat(Strike.stoodStill(List.of(pause(10, 20)), 0, 0, 10)).isZero();
  }

  @Test
  void stoodStill_countsNoMomentTwice_ifPausesOverlap() {
    assertThat(Strike.stoodStill(List.of(pause(10, 20), pause(15, 30)), 0, 0, 100)).isEqualTo(20);
    assertThat(Strike.stoodStill(List.of(pause(10, 30), pause(15, 20)), 0, 0, 100)).isEqualTo(20);
    assertThat(Strike.stoodStill(List.of(pause(40, 50), pause(10, 20)), 0, 0, 100)).isEqualTo(20);
    assertThat(Strike.stoodStill(List.of(pause(10, 20), pause(10, 20)), 0, 0, 100)).isEqualTo(10);
  }

  @Test
  void stoodStill_isOfTheNode_andOfPausesOnly() {
    List<Strike> others =
        List.of(strike(Fault.Kind.PAUSE, 1, 10, 20), strike(Fault.Kind.KILL, 0, 10, 20));
    assertThat(Strike.stoodStill(others, 0, 0, 100)).isZero();
  }
}
