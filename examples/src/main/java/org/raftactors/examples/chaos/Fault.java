package org.raftactors.examples.chaos;

import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Something that happens to the cluster for a while.
 *
 * @param number its place in the schedule
 * @param kind what happens
 * @param atMillis when, from the start of the load
 * @param forMillis how long
 * @param nodes whom it strikes, by their places from 0
 * @param links which connections, if it strikes connections
 * @param manner what becomes of the bytes on these
 * @param delayMillis by how much they are late, if they are
 */
record Fault(
    int number,
    Kind kind,
    long atMillis,
    long forMillis,
    List<Integer> nodes,
    List<Direction> links,
    Link.Mode manner,
    long delayMillis) {

  enum Kind {
    /** SIGKILL, started again afterwards. */
    KILL,
    /** SIGTERM, started again afterwards. */
    TERMINATE,
    /** SIGSTOP, SIGCONT afterwards. */
    PAUSE,
    /** Connections between nodes, in one or both directions. */
    CUT,
    /** Connections between nodes are slow. */
    SLOW,
    /** SIGKILL, then files are damaged, started again afterwards. */
    DAMAGE,
    /** A disk of its own that fills up, with room again afterwards. */
    FULL;

    /** What comes unless it is said what should come: what any machine permits, and heals. */
    static Set<Kind> usual() {
      return EnumSet.complementOf(EnumSet.of(DAMAGE, FULL));
    }
  }

  /**
   * One direction between two nodes.
   *
   * @param from who sends
   * @param to who receives
   */
  record Direction(int from, int to) {
    @Override
    public String toString() {
      return "n" + (from + 1) + "→n" + (to + 1);
    }
  }

  Fault {
    nodes = List.copyOf(nodes);
    links = List.copyOf(links);
  }

  /** For people. */
  String text() {
    String what = kind.name().toLowerCase(Locale.ROOT);
    if (links.isEmpty()) {
      return what + " " + String.join(" ", nodes.stream().map(n -> "n" + (n + 1)).toList());
    }
    String how =
        kind == Kind.SLOW
            ? " by " + delayMillis + " ms"
            : " (" + manner.name().toLowerCase(Locale.ROOT).replace('_', ' ') + ")";
    return what + " " + String.join(" ", links.stream().map(Direction::toString).toList()) + how;
  }
}
