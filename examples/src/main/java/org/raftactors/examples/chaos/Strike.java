package org.raftactors.examples.chaos;

import java.util.Comparator;
import java.util.List;

/**
 * A fault as it really happened.
 *
 * @param fault what was planned; what happened by itself has the number 0
 * @param began when, in nanoseconds of the run
 * @param ended when
 * @param effect what came of it
 */
record Strike(Fault fault, long began, long ended, Effect effect) {

  /**
   * What came of a fault.
   *
   * @param took whether it struck anything
   * @param text for people
   */
  record Effect(boolean took, String text) {
    static Effect none(String text) {
      return new Effect(false, text);
    }

    static Effect full(String text) {
      return new Effect(true, text);
    }

    Effect and(Effect other) {
      return new Effect(took || other.took, text.isEmpty() ? other.text : text + ", " + other.text);
    }
  }

  /** For how long a node could not answer within the given time; pauses may overlap. */
  static long stoodStill(List<Strike> strikes, int node, long from, long to) {
    List<Strike> pauses =
        strikes.stream()
            .filter(s -> s.fault.kind() == Fault.Kind.PAUSE && s.fault.nodes().contains(node))
            .sorted(Comparator.comparingLong(Strike::began))
            .toList();
    long still = 0;
    long counted = from;
    for (Strike pause : pauses) {
      long until = Math.min(to, pause.ended);
      still += Math.max(0, until - Math.max(counted, pause.began));
      counted = Math.max(counted, until);
    }
    return still;
  }
}
