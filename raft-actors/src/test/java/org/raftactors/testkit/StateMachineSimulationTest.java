package org.raftactors.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.util.List;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.raftactors.ApplyContext;
import org.raftactors.SnapshotReader;
import org.raftactors.SnapshotView;

@ExtendWith(QuietLogs.class)
class StateMachineSimulationTest {

  private static <M extends KeyValues> StateMachineSimulation<String, String, String, M> of(
      Supplier<M> machines) {
    return StateMachineSimulation.of(KeyValues.CODECS, machines, KeyValues::load);
  }

  @Test
  void aCorrectStateMachine_passesEverything_andMuchHappened() {
    SimulationReport report =
        of(KeyValues::new)
            .linearizable(new KeyValues.Model())
            .replicasAgree(machine -> machine.values)
            .deterministicApply()
            .snapshotRoundTrip()
            .operations(60)
            .seeds(1, 120)
            .run();

    assertThat(report.seeds()).isEqualTo(120);
    assertThat(report.committed()).isGreaterThan(3000);
    assertThat(report.answered()).isGreaterThan(3000);
    assertThat(report.unknown()).isPositive();
    assertThat(report.faults()).isGreaterThan(300);
    assertThat(report.elections()).isGreaterThan(90);
    assertThat(report.restarts()).isGreaterThan(90);
    assertThat(report.snapshots()).isGreaterThan(300);
    assertThat(report.received()).isGreaterThan(10);
    assertThat(report.restored()).isGreaterThan(50);
  }

  @Test
  void otherSizes_passToo() {
    for (int replicas : new int[] {1, 2, 5}) {
      SimulationReport report =
          of(KeyValues::new)
              .replicas(replicas)
              .clients(8)
              .operations(150)
              .linearizable(new KeyValues.Model())
              .replicasAgree()
              .deterministicApply()
              .seeds(1, 10)
              .run();
      assertThat(report.committed()).isGreaterThan(500);
    }
  }

  @Test
  void withoutFaults_everythingIsAnswered() {
    SimulationReport report = of(KeyValues::new).faults().seeds(1, 5).run();

    assertThat(report.committed() + report.answered()).isEqualTo(5 * 100);
    assertThat(report.faults()).isZero();
    assertThat(report.restarts()).isZero();
  }

  @Test
  void theSameSeed_doesTheSame_alsoAfterOthersAndInAnotherSystem() {
    for (int seed = 4; seed < 7; seed++) {
      List<String> alone = of(KeyValues::new).seed(seed).run().trace();
      List<String> afterOthers = of(KeyValues::new).seeds(seed - 2, 3).run().trace();
      assertThat(alone).hasSizeGreaterThan(100);
      assertThat(afterOthers).as("seed %d", seed).isEqualTo(alone);
    }
  }

  @Test
  void aWrongStateMachine_isFoundByItsModel_andTheSeedShowsItAgain() {
    StateMachineSimulation<String, String, String, ForgetfulValues> simulation =
        of(ForgetfulValues::new).deterministicApply().replicasAgree();
    simulation.seeds(1, 3).run(); // it is wrong everywhere in the same way

    simulation.linearizable(new KeyValues.Model());
    SimulationFailure failure =
        catchThrowableOfType(SimulationFailure.class, () -> simulation.seeds(1, 50).run());
    SimulationFailure again =
        catchThrowableOfType(SimulationFailure.class, () -> simulation.seed(failure.seed()).run());

    assertThat(failure.check()).isEqualTo("linearizable");
    assertThat(failure).hasMessageContaining(".seed(" + failure.seed() + ")");
    assertThat(again).hasMessage(failure.getMessage());
    assertThat(again.trace()).isEqualTo(failure.trace());
  }

  @Test
  void aFailure_isMadeSmaller_andSaysHowToSeeTheSmallestRunAgain() {
    StateMachineSimulation<String, String, String, ForgetfulValues> simulation =
        of(ForgetfulValues::new).linearizable(new KeyValues.Model()).seed(3);
    SimulationFailure failure = catchThrowableOfType(SimulationFailure.class, simulation::run);

    // It needs seven entries and no faults at all.
    Matcher call =
        Pattern.compile(
                "\\.withoutSnapshots\\(\\)\\.without\\((.*)\\)\\.onlyFirst\\((\\d+), 0\\), the"
                    + " smallest of")
            .matcher(failure.getMessage());
    assertThat(call.find()).as(failure.getMessage()).isTrue();
    assertThat(call.group(1).split(", ")).hasSize(Fault.values().length);
    int operations = Integer.parseInt(call.group(2));
    assertThat(operations).isLessThan(40);

    SimulationFailure small =
        catchThrowableOfType(
            SimulationFailure.class,
            () -> simulation.withoutSnapshots().faults().onlyFirst(operations, 0).run());
    assertThat(small.check()).isEqualTo(failure.check());
    assertThat(small.trace()).isEqualTo(failure.trace());
    simulation.onlyFirst(operations - 1, 0).run(); // one less, and it passes
  }

  /** Its view shows what is applied later. */
  static final class LeakyValues extends KeyValues {
    @Override
    public SnapshotView snapshot() {
      return out -> super.snapshot().writeTo(out);
    }
  }

  /** Its snapshot forgets a key. */
  static final class HalfValues extends KeyValues {
    @Override
    public void restore(SnapshotReader in) throws IOException {
      super.restore(in);
      values.remove("k1");
    }
  }

  @Test
  void snapshots_thatAreNotTheWholeStateOrMore_areFound() {
    for (Supplier<KeyValues> machines :
        List.<Supplier<KeyValues>>of(LeakyValues::new, HalfValues::new)) {
      assertThatThrownBy(
              () -> of(machines).without(Fault.values()).snapshotRoundTrip().seeds(1, 5).run())
          .isInstanceOfSatisfying(
              SimulationFailure.class,
              failure -> assertThat(failure.check()).isEqualTo("snapshotRoundTrip"));
    }
    of(KeyValues::new).snapshotRoundTrip().seeds(1, 5).run();
  }

  /** Deterministic, and wrong: it drops some commands. */
  static final class ForgetfulValues extends KeyValues {
    @Override
    public String apply(ApplyContext context, String command) {
      return context.index() % 7 == 0 ? query("k0") : super.apply(context, command);
    }
  }

  @Test
  void aStateMachineThatThrows_isFound() {
    assertThatThrownBy(
            () ->
                of(() ->
                        new KeyValues() {
                          @Override
                          public String apply(ApplyContext context, String command) {
                            throw new IllegalStateException("not this one");
                          }
                        })
                    .run())
        .isInstanceOfSatisfying(
            SimulationFailure.class,
            failure -> assertThat(failure.check()).isEqualTo("noReplicaFails"))
        .hasMessageContaining("not this one");
  }

  @Test
  void numbersOutOfRange_areRefused() {
    assertThatThrownBy(() -> of(KeyValues::new).replicas(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("replicas = 0");
    assertThatThrownBy(() -> of(KeyValues::new).seeds(1, 0))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
