package org.raftactors.examples.benchmark;

/** What is measured. */
enum Scenario {
  /** Throughput and latency, cell by cell. */
  LOAD("256:1,256:64,256:1024"),

  /** How long nobody can write after the leader was killed. */
  FAILOVER("256:64"),

  /** How long a cluster takes that was stopped with a long log. */
  RESTART("256:1024"),

  /** What a cluster costs that has nothing to do. */
  IDLE("256:1");

  private final String cells;

  Scenario(String cells) {
    this.cells = cells;
  }

  /** The cells that are loaded if the command line names none. */
  String cells() {
    return cells;
  }
}
