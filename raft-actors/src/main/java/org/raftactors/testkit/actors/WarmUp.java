package org.raftactors.testkit.actors;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.raftactors.ApplyContext;
import org.raftactors.Codecs;
import org.raftactors.PlainCodecs;
import org.raftactors.SnapshotReader;
import org.raftactors.SnapshotView;
import org.raftactors.StateMachine;
import org.raftactors.testkit.Operation;

/**
 * A run whose only purpose is that Pekko makes, before the first real run, what it makes when it is
 * first needed: each actor and each callback of that would be one more to draw from.
 */
final class WarmUp implements StateMachine<String, String, String> {

  private static final Plan<String, String, String, WarmUp> PLAN =
      new Plan<>(
          new Codecs<>(PlainCodecs.TEXT, PlainCodecs.TEXT, PlainCodecs.TEXT),
          () -> WarmUp::new,
          1,
          1,
          2,
          (random, number) -> number == 0 ? Operation.command("warm") : Operation.query("warm?"),
          Set.of(),
          false,
          false,
          false,
          false,
          null,
          null,
          Plan.Prefix.ALL);

  private String state = "cold";

  static void run(SimulatedSystem system) {
    ActorSystem classic = system.classic();
    Source.single("stream").runWith(Sink.ignore(), classic).toCompletableFuture().join();
    Run.execute(system, PLAN, 0);
  }

  @Override
  public String apply(ApplyContext context, String command) {
    state = command;
    return state;
  }

  @Override
  public String query(String query) {
    return state;
  }

  @Override
  public SnapshotView snapshot() {
    return SnapshotView.of(state.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void restore(SnapshotReader in) throws IOException {
    state = new String(in.state().readAllBytes(), StandardCharsets.UTF_8);
  }
}
