package org.raftactors;

import java.time.Instant;
import java.util.random.RandomGenerator;

/** Where and when a command stands in the log: the same on every replica. */
public interface ApplyContext {

  /**
   * The log index.
   *
   * @return from 1, growing, with gaps where the log holds entries of its own
   */
  long index();

  /**
   * The term of the leader that appended the command.
   *
   * @return at least 1
   */
  long term();

  /**
   * The wall-clock time at which the leader appended the command; never decreases along the log.
   *
   * @return in whole milliseconds
   */
  Instant timestamp();

  /**
   * Randomness that is the same on every replica, seeded by the command's place in the log.
   *
   * @return a generator for this call
   */
  RandomGenerator random();
}
