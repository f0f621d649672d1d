package org.raftactors.examples.benchmark;

import java.time.Duration;
import java.util.Locale;
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

  static Reads parse(String text) {
    for (Reads reads : values()) {
      if (reads.word().equals(text)) {
        return reads;
      }
    }
    throw new IllegalArgumentException(
        "--read-level is '" + text + "', but must be linearizable or stale");
  }

  String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
