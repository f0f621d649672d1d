package org.raftactors.examples.benchmark;

import java.time.Duration;
import org.raftactors.ReadLevel;

/** How fresh the reads of a benchmark are. */
enum Reads {
  LINEARIZABLE,
  STALE;

  private static final Duration MAX_LAG = Duration.ofSeconds(10);

  ReadLevel level() {
    return switch (this) {
      case LINEARIZABLE -> ReadLevel.LINEARIZABLE;
      case STALE -> ReadLevel.stale(MAX_LAG);
    };
  }
}
