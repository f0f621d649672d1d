package org.raftactors.examples.simulation;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.raftactors.testkit.simulation.Simulation;
import org.raftactors.testkit.simulation.SimulationResult;

/** Plays schedules until there are enough, the time is over, or one fails. */
public final class Simulate {

  private static final long PROGRESS_NANOS = TimeUnit.SECONDS.toNanos(5);

  private static final int VIOLATED = 1;
  private static final int UNDECIDED = 3;

  private final Options options;
  private final long begun = System.nanoTime();
  private long schedules;
  private long events;
  private long undecided;
  private long violations;

  private Simulate(Options options) {
    this.options = options;
  }

  /**
   * Runs.
   *
   * @param arguments see {@code --help}
   */
  public static void main(String[] arguments) {
    if (List.of(arguments).contains("--help")) {
      System.out.print(Options.USAGE);
      return;
    }
    Options options;
    try {
      options = Options.parse(arguments);
    } catch (IllegalArgumentException e) {
      System.err.println("simulate: " + e.getMessage() + " (--help shows what there is)");
      System.exit(2);
      return;
    }
    System.exit(new Simulate(options).run());
  }

  private int run() {
    if (options.replay() != null) {
      Simulation.trace(options.replay()).forEach(System.out::println);
      play(options.replay());
    } else {
      series();
    }
    System.out.println(
        JsonNodeFactory.instance
            .objectNode()
            .put("schedules", schedules)
            .put("events", events)
            .put("eventsPerSecond", eventsPerSecond())
            .put("violations", violations)
            .put("undecided", undecided)
            .put("seed", options.seed())
            .put("next", options.from() + schedules));
    return violations > 0 ? VIOLATED : undecided > 0 ? UNDECIDED : 0;
  }

  private void series() {
    long end = begun + TimeUnit.SECONDS.toNanos(options.seconds());
    long nextProgress = begun + PROGRESS_NANOS;
    while (schedules < options.schedules() && violations == 0) {
      long now = System.nanoTime();
      if (now - end >= 0) {
        return;
      }
      if (now - nextProgress >= 0) {
        nextProgress = now + PROGRESS_NANOS;
        System.err.printf(
            "%,d schedules, %,d events, %,d a second; to go on from here: --seed %d --from %d%n",
            schedules, events, eventsPerSecond(), options.seed(), options.from() + schedules);
      }
      play(Simulation.seed(options.seed(), options.from() + schedules));
    }
  }

  private void play(long seed) {
    SimulationResult result = Simulation.run(seed);
    schedules++;
    events += result.events();
    undecided += result.undecided() ? 1 : 0;
    if (result.violation() != null) {
      violations++;
      System.out.println(Simulation.explain(seed));
      System.out.println("examples/bin/simulate --replay " + seed + " shows the whole schedule");
    }
  }

  private long eventsPerSecond() {
    double seconds = (System.nanoTime() - begun) / 1e9;
    return Math.round(events / Math.max(seconds, 1e-3));
  }
}
