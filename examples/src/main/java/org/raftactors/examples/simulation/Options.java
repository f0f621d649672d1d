package org.raftactors.examples.simulation;

import static org.raftactors.examples.Arguments.number;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.raftactors.examples.Arguments;

/**
 * The command line of simulate.
 *
 * @param schedules how many are played at most
 * @param seed of the series
 * @param from the number of the first schedule
 * @param seconds after which no further schedule begins
 * @param replay the seed of the only schedule that is played, or null
 */
record Options(long schedules, long seed, long from, long seconds, @Nullable Long replay) {

  private static final String PROGRAM = "simulate";

  static final String USAGE =
      """
      Usage: simulate [--schedules N] [--seed S] [--from I] [--seconds T]
             simulate --replay SEED

      Plays random schedules of the protocol core: clusters of one to seven replicas in virtual time,
      with a network, disks, clocks, processes and clients that go wrong. Ends at the first schedule
      that violates a property, makes it small, prints it, and exits with 1. Exits with 3 if there
      is a history of clients that could not be judged in reasonable time ("undecided"), and none
      that violates anything. The last line of the output is JSON.

        --schedules N  how many at most (1000)
        --seed S       of the series: the same S plays the same schedules (1)
        --from I       begins with schedule I of the series (0); a run that was ended prints which
        --seconds T    no schedule begins after that time (no limit)
        --replay SEED  plays one schedule, whose seed was printed, with its whole trace
      """;

  static Options parse(String... arguments) {
    Builder builder = new Builder();
    Arguments.read(PROGRAM, Set.of(), List.of(arguments), builder::set);
    return new Options(
        builder.schedules, builder.seed, builder.from, builder.seconds, builder.replay);
  }

  private static final class Builder {
    private long schedules = 1_000;
    private long seed = 1;
    private long from;
    private long seconds = Integer.MAX_VALUE;
    private @Nullable Long replay;

    void set(String name, String value) {
      switch (name) {
        case "--schedules" -> schedules = number(name, value, 1, Long.MAX_VALUE);
        case "--seed" -> seed = number(name, value, Long.MIN_VALUE, Long.MAX_VALUE);
        case "--from" -> from = number(name, value, 0, Long.MAX_VALUE);
        case "--seconds" -> seconds = number(name, value, 1, Long.MAX_VALUE);
        case "--replay" -> replay = number(name, value, Long.MIN_VALUE, Long.MAX_VALUE);
        default -> throw Arguments.unknown(PROGRAM, name);
      }
    }
  }
}
