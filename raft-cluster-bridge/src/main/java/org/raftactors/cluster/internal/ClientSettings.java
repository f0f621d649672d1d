package org.raftactors.cluster.internal;

import com.typesafe.config.Config;
import java.time.Duration;
import java.util.Set;

/**
 * How a client behaves; {@code raft-actors.node.client} explains each.
 *
 * @param deadline for a request whose caller gives none
 * @param maxInFlight requests under way or waiting, beyond which more are rejected
 * @param readAttemptTimeout how long one replica may take for a read
 * @param backOffMin the first upper bound of the random pause before a retry
 * @param backOffMax the last one
 * @param suspectAfter how long a leader may be silent until the local replica is asked for another
 * @param giveUpGrace how long answers of a replaced leader are still waited for
 */
public record ClientSettings(
    Duration deadline,
    int maxInFlight,
    Duration readAttemptTimeout,
    Duration backOffMin,
    Duration backOffMax,
    Duration suspectAfter,
    Duration giveUpGrace) {

  private static final String PATH = "raft-actors.node.client";

  static ClientSettings read(Config config) {
    ConfigReader reader = new ConfigReader(config, PATH);
    reader.allowOnly(
        Set.of(
            "deadline",
            "max-in-flight",
            "read-attempt-timeout",
            "back-off-min",
            "back-off-max",
            "suspect-after",
            "give-up-grace"));
    Duration milli = Duration.ofMillis(1);
    Duration minute = Duration.ofMinutes(1);
    Duration backOffMin = reader.duration("back-off-min", milli, minute);
    Duration backOffMax = reader.duration("back-off-max", milli, minute);
    if (backOffMax.compareTo(backOffMin) < 0) {
      throw new IllegalArgumentException(
          reader.key("back-off-max")
              + " = "
              + backOffMax.toMillis()
              + " ms must not be less than "
              + reader.key("back-off-min")
              + " = "
              + backOffMin.toMillis()
              + " ms");
    }
    return new ClientSettings(
        reader.duration("deadline", milli, Duration.ofHours(1)),
        reader.number("max-in-flight", 1, 10_000_000),
        reader.duration("read-attempt-timeout", milli, minute),
        backOffMin,
        backOffMax,
        reader.duration("suspect-after", Duration.ofMillis(10), minute),
        reader.duration("give-up-grace", Duration.ZERO, minute));
  }
}
