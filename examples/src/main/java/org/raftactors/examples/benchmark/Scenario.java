package org.raftactors.examples.benchmark;

/** What is measured. */
enum Scenario {
  /** Throughput and latency, cell by cell. */
  LOAD,

  /** How long nobody can write after the leader was killed. */
  FAILOVER,

  /** How long a cluster takes that was stopped with a long log. */
  RESTART,

  /** What a cluster costs that has nothing to do. */
  IDLE
}
