package org.raftactors.examples.chaos;

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

  /** For how long it kept a node from answering within the given time. */
  long stoodStill(int node, long from, long to) {
    return fault.kind() == Fault.Kind.PAUSE && fault.nodes().contains(node)
        ? Math.max(0, Math.min(to, ended) - Math.max(from, began))
        : 0;
  }
}
