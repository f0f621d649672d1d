package org.raftactors.testkit.actors;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.raftactors.ApplyContext;
import org.raftactors.Codecs;
import org.raftactors.PlainCodecs;
import org.raftactors.SnapshotReader;
import org.raftactors.SnapshotView;
import org.raftactors.StateMachine;
import org.raftactors.testkit.Fault;
import org.raftactors.testkit.Operation;
import org.raftactors.testkit.QuietLogs;

/** What a seed does depends on nothing else: not on the actor system, nor on the runs before. */
@ExtendWith(QuietLogs.class)
class RepeatableTest {

  private static final int SEEDS = 15;

  private static final class LastWord implements StateMachine<String, String, String> {
    private String word = "-";

    @Override
    public String apply(ApplyContext context, String command) {
      String before = word;
      word = command;
      return before;
    }

    @Override
    public String query(String query) {
      return word;
    }

    @Override
    public SnapshotView snapshot() {
      return SnapshotView.of(word.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void restore(SnapshotReader in) throws IOException {
      word = new String(in.state().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static final Plan<String, String, String, LastWord> PLAN =
      new Plan<>(
          new Codecs<>(PlainCodecs.TEXT, PlainCodecs.TEXT, PlainCodecs.TEXT),
          () -> LastWord::new,
          3,
          4,
          60,
          (random, number) ->
              random.nextBoolean() ? Operation.command("word " + number) : Operation.query("?"),
          Set.copyOf(EnumSet.allOf(Fault.class)),
          true,
          true,
          true,
          true,
          null,
          null,
          Plan.Prefix.ALL);

  @Test
  void seeds_doTheSameInAnotherSystem_inAnotherOrder() {
    Map<Integer, List<String>> traces = new HashMap<>();
    try (SimulatedSystem system = SimulatedSystem.start()) {
      for (int seed = 1; seed <= SEEDS; seed++) {
        traces.put(seed, Run.execute(system, PLAN, seed).trace().lines());
      }
    }
    try (SimulatedSystem system = SimulatedSystem.start()) {
      for (int seed = SEEDS; seed >= 1; seed--) {
        assertThat(Run.execute(system, PLAN, seed).trace().lines())
            .as("seed %d", seed)
            .isEqualTo(traces.get(seed));
      }
    }
    assertThat(Set.copyOf(traces.values())).hasSize(SEEDS);
  }
}
