package org.raftactors.examples.benchmark;

import java.util.Locale;

/** What is measured. */
enum Scenario {
  /** Throughput and latency, cell by cell. */
  LOAD,

  /** How long nobody can write after the leader was killed. */
  FAILOVER,

  /** How long a cluster takes that was stopped with a long log. */
  RESTART,

  /** What a cluster costs that has nothing to do. */
  IDLE;

  static Scenario parse(String text) {
    for (Scenario scenario : values()) {
      if (scenario.word().equals(text)) {
        return scenario;
      }
    }
    throw new IllegalArgumentException(
        "--scenario is '" + text + "', but must be load, failover, restart or idle");
  }

  String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
