package org.raftactors.examples.benchmark;

/** How operations reach the leader, which the first node is of every partition. */
enum Mode {
  /** Messages to the partitions' actors, from inside the leader's JVM. */
  EMBEDDED,

  /** A {@code RaftClient} inside the leader's JVM. */
  CLIENT,

  /** HTTP requests from another JVM to the leader's, which has a {@code RaftClient}. */
  HTTP
}
