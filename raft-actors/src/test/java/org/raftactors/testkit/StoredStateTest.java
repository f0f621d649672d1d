package org.raftactors.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.raftactors.ApplyContext;

/** State machines that keep their state themselves, over crashes and restarts of their replicas. */
@ExtendWith(QuietLogs.class)
class StoredStateTest {

  private static final int SEEDS = 60;

  /** What is on the disk of one replica. */
  private static final class Storage {
    private Map<String, String> values = new HashMap<>();
    private long index;
  }

  private final AtomicInteger resumed = new AtomicInteger();

  /** Stores values and index at once, but not after every batch. */
  private class Stored extends KeyValues {
    final Storage storage;

    Stored(Storage storage) {
      this.storage = storage;
      values.putAll(storage.values);
      resumed.addAndGet(storage.index > 0 ? 1 : 0);
    }

    @Override
    public void endBatch(long index) {
      if (index % 3 != 0) {
        storage.values = new HashMap<>(values);
        storage.index = index;
      }
    }

    @Override
    public long durableIndex() {
      return storage.index;
    }
  }

  private StateMachineSimulation<String, String, String, Stored> of(
      Function<Storage, Stored> machines) {
    return StateMachineSimulation.withStorage(
            KeyValues.CODECS, Storage::new, machines, KeyValues::load)
        .linearizable(new KeyValues.Model())
        .replicasAgree(machine -> machine.values)
        .deterministicApply()
        .operations(60)
        .seeds(1, SEEDS);
  }

  @Test
  void whatIsStored_isNotAppliedAgain_andTheRestIs() {
    SimulationReport report = of(Stored::new).run();

    assertThat(report.restarts()).isPositive();
    assertThat(resumed.get()).as("starts with a stored state").isGreaterThan(SEEDS / 3);
  }

  @Test
  void aStateThatIsNewerThanItsIndex_isFound() {
    SimulationFailure failure =
        catchThrowableOfType(
            SimulationFailure.class,
            of(
                    storage ->
                        new Stored(storage) {
                          @Override
                          public String apply(ApplyContext context, String command) {
                            String before = super.apply(context, command);
                            storage.values = new HashMap<>(values);
                            return before;
                          }
                        })
                ::run);
    assertThat(failure.check()).isIn("deterministicApply", "linearizable");
  }

  @Test
  void aStateThatIsOlderThanItsIndex_isFound() {
    SimulationFailure failure =
        catchThrowableOfType(
            SimulationFailure.class,
            of(
                    storage ->
                        new Stored(storage) {
                          @Override
                          public void endBatch(long index) {
                            super.endBatch(index);
                            storage.index = index;
                          }
                        })
                ::run);
    assertThat(failure.check()).isIn("deterministicApply", "linearizable", "replicasAgree");
  }
}
