package org.raftactors.examples.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FaultScheduleTest {

  private static final Set<Fault.Kind> USUAL = Fault.Kind.usual();
  private static final Set<Fault.Kind> ALL = EnumSet.allOf(Fault.Kind.class);

  @Test
  void when_seedIsTheSame_then_theScheduleIs() {
    for (Set<Fault.Kind> kinds : List.of(USUAL, ALL)) {
      assertThat(FaultSchedule.draw(7, 5, kinds, 300_000))
          .isEqualTo(FaultSchedule.draw(7, 5, kinds, 300_000))
          .isNotEqualTo(FaultSchedule.draw(8, 5, kinds, 300_000));
    }
  }

  @Test
  void when_aMinuteIsDrawn_then_everyKindStrikesWithinIt() {
    for (long seed = 0; seed < 200; seed++) {
      List<Fault> faults = FaultSchedule.draw(seed, 3, USUAL, 60_000);
      assertThat(faults).as("seed %s", seed).extracting(Fault::kind).containsAll(USUAL);
      assertThat(faults).extracting(Fault::number).doesNotHaveDuplicates();
      for (Fault fault : faults) {
        assertThat(fault.atMillis()).isGreaterThan(1_000);
        assertThat(fault.atMillis() + fault.forMillis()).isLessThan(60_000);
        assertThat(fault.nodes().isEmpty()).isNotEqualTo(fault.links().isEmpty());
        assertThat(fault.links()).allMatch(link -> link.from() != link.to());
        if (fault.kind() == Fault.Kind.PAUSE) {
          assertThat(fault.forMillis()).as("the election timeout").isGreaterThan(2_000);
        }
      }
    }
  }

  /** What may be lost for good is never so much that no majority is left. */
  @Test
  void when_filesAreDamaged_then_onlyThoseOfAMinority_andEachNodeOnce() {
    for (long seed = 0; seed < 50; seed++) {
      for (int nodes : List.of(3, 5)) {
        List<Fault> faults = FaultSchedule.draw(seed, nodes, ALL, 600_000);
        List<Integer> damaged =
            faults.stream()
                .filter(fault -> fault.kind() == Fault.Kind.DAMAGE)
                .flatMap(fault -> fault.nodes().stream())
                .toList();
        assertThat(damaged).as("seed %s", seed).hasSize(nodes / 2).doesNotHaveDuplicates();
        assertThat(faults).extracting(Fault::kind).containsAll(ALL);
      }
      assertThat(FaultSchedule.draw(seed, 3, EnumSet.of(Fault.Kind.DAMAGE), 600_000)).hasSize(1);
    }
  }

  @Test
  void when_manyAreDrawn_then_cutsAreOfAllShapes() {
    List<Fault> cuts = new ArrayList<>();
    for (long seed = 0; seed < 50; seed++) {
      cuts.addAll(FaultSchedule.draw(seed, 5, EnumSet.of(Fault.Kind.CUT), 120_000));
    }
    assertThat(cuts).anyMatch(cut -> cut.manner() == Link.Mode.SEVER);
    assertThat(cuts).anyMatch(cut -> cut.manner() == Link.Mode.BLACK_HOLE);
    assertThat(cuts).anyMatch(FaultScheduleTest::oneWay);
    assertThat(cuts).anyMatch(cut -> !oneWay(cut) && cut.links().size() == 2);
    assertThat(cuts).anyMatch(cut -> !oneWay(cut) && cut.links().size() == 8);
    assertThat(cuts).anyMatch(cut -> !oneWay(cut) && cut.links().size() == 12);
  }

  private static boolean oneWay(Fault cut) {
    return cut.links().stream()
        .noneMatch(link -> cut.links().contains(new Fault.Direction(link.to(), link.from())));
  }

  @Test
  void when_onlySomeKindsAreAskedFor_then_noOthersCome() {
    assertThat(FaultSchedule.draw(1, 3, EnumSet.of(Fault.Kind.KILL), 60_000))
        .isNotEmpty()
        .allMatch(fault -> fault.kind() == Fault.Kind.KILL);
  }
}
