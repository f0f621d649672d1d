package org.raftactors.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.raftactors.ApplyContext;
import org.raftactors.SnapshotReader;
import org.raftactors.SnapshotView;
import org.raftactors.StateMachine;

/** State machines whose snapshots are wrong: the replicas restore them, and that is found. */
@ExtendWith(QuietLogs.class)
class PlantedSnapshotsTest {

  private static final int SEEDS = 100;

  private static SimulationFailure failureOf(StateMachineSimulation<?, ?, ?, ?> simulation) {
    SimulationFailure failure =
        catchThrowableOfType(SimulationFailure.class, () -> simulation.seeds(1, SEEDS).run());
    assertThat(failure).as("%d seeds", SEEDS).isNotNull();
    return failure;
  }

  /** Its view shows what is applied later. */
  private static final class LeakyValues extends KeyValues {
    @Override
    public SnapshotView snapshot() {
      return out -> super.snapshot().writeTo(out);
    }
  }

  @Test
  void aViewThatShowsWhatIsAppliedLater_isFound_alsoWithoutTheCheckOfSnapshots() {
    StateMachineSimulation<String, String, String, LeakyValues> simulation =
        StateMachineSimulation.of(KeyValues.CODECS, LeakyValues::new, KeyValues::load);

    assertThat(failureOf(simulation.deterministicApply()).check()).isEqualTo("deterministicApply");
    assertThat(
            failureOf(
                    StateMachineSimulation.of(KeyValues.CODECS, LeakyValues::new, KeyValues::load)
                        .snapshotRoundTrip())
                .check())
        .isEqualTo("snapshotRoundTrip");
  }

  /** Counts commands, which its snapshot forgets. */
  private static final class ForgetfulCounter extends KeyValues {
    private int count;

    @Override
    public String apply(ApplyContext context, String command) {
      count++;
      return super.apply(context, command);
    }
  }

  @Test
  void aSnapshotThatForgetsAField_isFound_thoughNoAnswerShowsIt() {
    SimulationFailure failure =
        failureOf(
            StateMachineSimulation.of(KeyValues.CODECS, ForgetfulCounter::new, KeyValues::load)
                .replicasAgree(machine -> machine.count)
                .snapshotRoundTrip());

    assertThat(failure.check()).isEqualTo("snapshotRoundTrip");
    assertThat(failure)
        .hasMessageContaining("the digest is")
        .hasMessageContaining("restored")
        .hasMessageContaining(".seed(" + failure.seed() + ")");
  }

  @Test
  void aSnapshotThatForgetsAField_isFoundByTheStatesAtTheEnd() {
    SimulationFailure failure =
        failureOf(
            StateMachineSimulation.of(KeyValues.CODECS, ForgetfulCounter::new, KeyValues::load)
                .replicasAgree(machine -> machine.count));

    assertThat(failure.check()).isEqualTo("replicasAgree");
  }

  @Test
  void withoutSnapshots_nothingIsRestored() {
    SimulationReport report =
        StateMachineSimulation.of(KeyValues.CODECS, ForgetfulCounter::new, KeyValues::load)
            .replicasAgree(machine -> machine.count)
            .withoutSnapshots()
            .seeds(1, 10)
            .run();

    assertThat(report.snapshots()).isZero();
    assertThat(report.restored()).isZero();
  }

  /** Cannot read what it has written. */
  private static final class Unreadable extends KeyValues {
    @Override
    public void restore(SnapshotReader in) throws IOException {
      throw new IOException("an unknown version");
    }
  }

  /** Cannot be looked at. */
  private static final class Unviewable extends KeyValues {
    @Override
    public SnapshotView snapshot() {
      throw new IllegalStateException("not now");
    }
  }

  /** Cannot be written down. */
  private static final class Unwritable extends KeyValues {
    @Override
    public SnapshotView snapshot() {
      return out -> {
        throw new IOException("too large");
      };
    }
  }

  @Test
  void whatThrows_isFound() {
    Map<String, StateMachineSimulation<String, String, String, ? extends KeyValues>> planted =
        new TreeMap<>();
    planted.put(
        "an unknown version",
        StateMachineSimulation.of(KeyValues.CODECS, Unreadable::new, KeyValues::load));
    planted.put(
        "not now", StateMachineSimulation.of(KeyValues.CODECS, Unviewable::new, KeyValues::load));
    planted.put(
        "too large", StateMachineSimulation.of(KeyValues.CODECS, Unwritable::new, KeyValues::load));
    planted.forEach(
        (text, simulation) -> {
          SimulationFailure failure = failureOf(simulation);
          assertThat(failure.check()).isEqualTo("noReplicaFails");
          assertThat(failure).hasMessageContaining(text);
        });
  }

  /** One without snapshots may say so. */
  private static final class NoSnapshots extends KeyValues {
    @Override
    public SnapshotView snapshot() {
      throw new UnsupportedOperationException("it has none");
    }
  }

  @Test
  void aStateMachineThatHasNone_passes() {
    SimulationReport report =
        StateMachineSimulation.of(KeyValues.CODECS, NoSnapshots::new, KeyValues::load)
            .replicasAgree()
            .seeds(1, 10)
            .run();

    assertThat(report.snapshots()).isZero();
    assertThat(report.committed()).isPositive();
  }

  /** What is on the disk of one replica. */
  private static final class Storage {
    private List<String> words = List.of();
    private long index;
  }

  /** All commands, on disk after most batches. */
  private static class Words implements StateMachine<String, String, String> {
    final List<String> words;
    private final Storage storage;

    Words(Storage storage) {
      this.storage = storage;
      this.words = new ArrayList<>(storage.words);
    }

    @Override
    public String apply(ApplyContext context, String command) {
      words.add(command);
      return Integer.toString(words.size());
    }

    @Override
    public String query(String query) {
      return Integer.toString(words.size());
    }

    @Override
    public void endBatch(long index) {
      if (index % 3 != 0) {
        store(index);
      }
    }

    private void store(long index) {
      storage.words = List.copyOf(words);
      storage.index = index;
    }

    @Override
    public long durableIndex() {
      return storage.index;
    }

    @Override
    public SnapshotView snapshot() {
      return SnapshotView.of(String.join("\n", words).getBytes(UTF_8));
    }

    @Override
    public void restore(SnapshotReader in) throws IOException {
      words.clear();
      add(in);
    }

    final void add(SnapshotReader in) throws IOException {
      new String(in.state().readAllBytes(), UTF_8).lines().forEach(words::add);
      store(in.index());
    }
  }

  /** Adds the state that it takes over to the one that it finds on its disk. */
  private static final class MoreWords extends Words {
    private MoreWords(Storage storage) {
      super(storage);
    }

    @Override
    public void restore(SnapshotReader in) throws IOException {
      add(in);
    }
  }

  /** Only the restores of the replicas show it: a fresh instance has nothing to be added to. */
  @Test
  void aRestoreThatAddsToWhatIsThere_isFound() {
    SimulationFailure failure =
        failureOf(
            StateMachineSimulation.withStorage(
                    KeyValues.CODECS, Storage::new, MoreWords::new, KeyValues::load)
                .replicasAgree(machine -> new ArrayList<>(machine.words))
                .snapshotRoundTrip());
    assertThat(failure.check()).isEqualTo("snapshotRoundTrip");
    assertThat(failure).hasMessageContaining("which restored the snapshot of that index");

    SimulationReport report =
        StateMachineSimulation.withStorage(
                KeyValues.CODECS, Storage::new, Words::new, KeyValues::load)
            .replicasAgree(machine -> new ArrayList<>(machine.words))
            .deterministicApply()
            .snapshotRoundTrip()
            .seeds(1, SEEDS)
            .run();
    assertThat(report.restored()).isPositive();
  }
}
