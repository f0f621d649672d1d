package org.raftactors.testkit.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.raftactors.testkit.simulation.check.Property;
import org.raftactors.testkit.simulation.check.Violation;
import org.raftactors.testkit.simulation.plan.Fault;
import org.raftactors.testkit.simulation.plan.Operation;
import org.raftactors.testkit.simulation.plan.Plan;
import org.raftactors.testkit.simulation.world.Misbehaviour;

/** A disk that lies is found out: the checks can fail. What they find is made small. */
class MisbehaviourTest {

  private static final int SCHEDULES = 200;

  private static Set<Property> found(Misbehaviour misbehaviour) {
    Set<Property> found = EnumSet.noneOf(Property.class);
    for (int i = 0; i < SCHEDULES; i++) {
      Plan plan = Plan.draw(Simulation.seed(2, i));
      Violation violation = Simulation.play(plan, misbehaviour, null).violation();
      if (violation != null) {
        found.add(violation.property());
      }
    }
    return found;
  }

  @Test
  @DisplayName("4, F2: acknowledging what a crash can take back is found at once")
  void acknowledgedBeforeDurable_isFound() {
    assertThat(found(Misbehaviour.ACKNOWLEDGE_BEFORE_DURABLE))
        .contains(Property.DURABLE_BEFORE_PROMISED, Property.COMMITTED_ON_DURABLE_QUORUM);
  }

  @Test
  @DisplayName("F2: a write that was synced and is lost is found by what it breaks")
  void lastWriteLost_isFound() {
    assertThat(found(Misbehaviour.LOSE_LAST))
        .contains(
            Property.LEADER_COMPLETENESS,
            Property.ONE_VOTE_PER_TERM,
            Property.MATCH_INDEX_TRUTH,
            Property.LIVENESS);
  }

  @Test
  @DisplayName("4, F6: a vote that was forgotten is given twice")
  void voteForgotten_isFound() {
    assertThat(found(Misbehaviour.FORGET_VOTE)).contains(Property.ONE_VOTE_PER_TERM);
  }

  @Test
  void explain_aFailure_smallerAndTheSameProperty() {
    Plan failing = firstFailing();
    SimulationFailure failure = Simulation.explain(failing, Misbehaviour.FORGET_VOTE);
    Plan small = failure.small();
    assertThat(size(small)).isLessThan(size(failing));
    assertThat(Simulation.play(small, Misbehaviour.FORGET_VOTE, null).violation())
        .isNotNull()
        .extracting(Violation::property)
        .isEqualTo(Property.ONE_VOTE_PER_TERM);
    assertThat(failure.toString())
        .contains("seed " + failing.seed(), "ONE_VOTE_PER_TERM", "parameters:", "votes for");
    List<Fault> faults = small.faults();
    List<Operation> operations = small.operations();
    assertThat(failing.faults()).containsAll(faults);
    assertThat(failing.operations()).containsAll(operations);
    assertThat(failure.trace()).isNotEmpty();
  }

  private static Plan firstFailing() {
    for (int i = 0; ; i++) {
      Plan plan = Plan.draw(Simulation.seed(3, i));
      Violation violation = Simulation.play(plan, Misbehaviour.FORGET_VOTE, null).violation();
      if (violation != null && violation.property() == Property.ONE_VOTE_PER_TERM) {
        return plan;
      }
    }
  }

  private static int size(Plan plan) {
    return plan.faults().size() + plan.operations().size();
  }
}
