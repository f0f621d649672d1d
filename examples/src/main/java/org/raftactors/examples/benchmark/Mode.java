package org.raftactors.examples.benchmark;

import java.util.Locale;

/** How operations reach the leader, which the first node is of every partition. */
enum Mode {
  /** Messages to the partitions' actors, from inside the leader's JVM. */
  EMBEDDED,

  /** A {@code RaftClient} inside the leader's JVM. */
  CLIENT,

  /** HTTP requests from another JVM to the leader's, which has a {@code RaftClient}. */
  HTTP;

  static Mode parse(String text) {
    for (Mode mode : values()) {
      if (mode.word().equals(text)) {
        return mode;
      }
    }
    throw new IllegalArgumentException(
        "--mode is '" + text + "', but must be embedded, client or http");
  }

  String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
