package org.raftactors.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.raftactors.ApplyContext;
import org.raftactors.SnapshotReader;
import org.raftactors.SnapshotView;
import org.raftactors.StateMachine;

/** The newest good snapshot, else an older one, else a word that there is none. */
class RestoringTest {

  @TempDir private Path root;

  private Snapshots snapshots;
  private int made;

  /** Keeps the bytes. */
  private static class Bytes implements StateMachine<String, String, String> {
    byte[] state = new byte[0];
    long index;

    @Override
    public String apply(ApplyContext context, String command) {
      return command;
    }

    @Override
    public String query(String query) {
      return query;
    }

    @Override
    public SnapshotView snapshot() {
      return SnapshotView.of(state);
    }

    @Override
    public void restore(SnapshotReader in) throws IOException {
      state = in.state().readAllBytes();
      index = in.index();
      assertThat(in.term()).isEqualTo(3);
    }
  }

  @BeforeEach
  void open() throws IOException {
    snapshots = Fixtures.local(root, Fixtures.ONE);
    for (long index : new long[] {10, 20, 30}) {
      Fixtures.write(snapshots, index, Fixtures.state(index, 200_000));
    }
  }

  private Bytes fresh() {
    made++;
    return new Bytes();
  }

  private RestoreOutcome<Bytes> restoreUpTo(long last) throws IOException {
    return Restoring.restore(
        snapshots, info -> info.position().index() <= last, this::fresh, bytes -> {});
  }

  private void assertRestored(RestoreOutcome<Bytes> outcome, long index, int damaged) {
    assertThat(outcome)
        .isInstanceOfSatisfying(
            RestoreOutcome.Restored.class,
            restored -> {
              Bytes machine = (Bytes) restored.machine();
              assertThat(machine.index).isEqualTo(index);
              assertThat(machine.state).isEqualTo(Fixtures.state(index, 200_000));
              assertThat(restored.snapshot().position().index()).isEqualTo(index);
            });
    assertThat(outcome.damaged()).hasSize(damaged);
  }

  private void damage(long index, int at) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      Path file =
          files
              .filter(each -> each.toString().contains("0" + index + "-"))
              .findFirst()
              .orElseThrow();
      byte[] raw = Files.readAllBytes(file);
      raw[at < 0 ? raw.length + at : at] ^= 4;
      Files.write(file, raw);
    }
  }

  @Test
  void theNewestWithinTheLog_isRestored() throws IOException {
    assertRestored(restoreUpTo(1_000), 30, 0);
    assertRestored(restoreUpTo(29), 20, 0);
    assertThat(restoreUpTo(9)).isInstanceOf(RestoreOutcome.NoneUsable.class);
  }

  @Test
  void damagedAnywhere_anOlderOneIsRestored_intoAFreshStateMachine() throws IOException {
    damage(30, 150_000);
    assertRestored(restoreUpTo(1_000), 20, 1);
    assertThat(made).isEqualTo(2);
    damage(20, -1); // found without trying
    assertRestored(restoreUpTo(1_000), 10, 2);
    assertThat(made).isEqualTo(4);
    damage(10, 3);
    RestoreOutcome<Bytes> none = restoreUpTo(1_000);
    assertThat(none).isInstanceOf(RestoreOutcome.NoneUsable.class);
    assertThat(none.damaged()).hasSize(3);
  }

  @Test
  void damageThatTheStateMachineSwallows_orDoesNotReach_counts() throws IOException {
    damage(30, 150_000);
    RestoreOutcome<Bytes> outcome =
        Restoring.restore(
            snapshots,
            info -> true,
            () ->
                new Bytes() {
                  @Override
                  public void restore(SnapshotReader in) {
                    try {
                      super.restore(in);
                    } catch (IOException e) {
                      index = in.index(); // "good enough"
                    }
                  }
                },
            bytes -> {});
    assertRestored(outcome, 20, 1);
    outcome =
        Restoring.restore(
            snapshots,
            info -> true,
            () ->
                new Bytes() {
                  @Override
                  public void restore(SnapshotReader in) throws IOException {
                    assertThat(in.state().read()).isNotNegative(); // and no more
                    index = in.index();
                    state = Fixtures.state(index, 200_000);
                  }
                },
            bytes -> {});
    assertRestored(outcome, 20, 1);
  }

  @Test
  void aStateMachineThatCannotTakeAGoodSnapshot_isAtFault() {
    for (Throwable thrown :
        new Throwable[] {
          new IllegalArgumentException("no"),
          new IOException("no"),
          new AssertionError("no"),
          new StackOverflowError("no")
        }) {
      assertThatThrownBy(
              () ->
                  Restoring.restore(
                      snapshots,
                      info -> true,
                      () ->
                          new Bytes() {
                            @Override
                            public void restore(SnapshotReader in) throws IOException {
                              RestoringTest.<RuntimeException>sneak(thrown);
                            }
                          },
                      bytes -> {}))
          .isInstanceOf(RestoreFailedException.class)
          .hasMessageContaining("30-")
          .hasCause(thrown);
    }
  }

  @SuppressWarnings("unchecked")
  private static <T extends Throwable> void sneak(Throwable thrown) throws T {
    throw (T) thrown;
  }
}
