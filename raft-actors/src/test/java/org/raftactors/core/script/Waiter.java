package org.raftactors.core.script;

import org.jspecify.annotations.Nullable;
import org.raftactors.core.membership.ReplicaId;

/**
 * Somebody who waits for one outcome, and must get it at most once (exactly once if the replica
 * that holds it is not killed).
 */
final class Waiter {

  /** What it asked for. */
  enum Kind {
    PROPOSAL,
    READ,
    TRANSFER
  }

  private final String name;
  private final Kind kind;
  private final ReplicaId askedAt;
  private final long floor;
  private @Nullable String outcome;
  private boolean rejected;
  private boolean lost;

  /**
   * A waiter without an outcome.
   *
   * @param name unique in its cluster
   * @param kind what it asked for
   * @param askedAt the replica that it asked
   * @param floor the highest index that was committed anywhere when it asked: what a read must see
   */
  Waiter(String name, Kind kind, ReplicaId askedAt, long floor) {
    this.name = name;
    this.kind = kind;
    this.askedAt = askedAt;
    this.floor = floor;
  }

  void answer(String newOutcome) {
    Require.that(
        outcome == null,
        "%s is answered %s and then %s",
        name,
        String.valueOf(outcome),
        newOutcome);
    outcome = newOutcome;
  }

  /** Answers that it never happens. */
  void reject(String newOutcome) {
    answer(newOutcome);
    rejected = true;
  }

  /** The replica that held it was killed: it need not be answered any more. */
  void lose() {
    lost = true;
  }

  boolean isLost() {
    return lost;
  }

  boolean isRejected() {
    return rejected;
  }

  boolean isAnswered() {
    return outcome != null;
  }

  @Nullable String outcome() {
    return outcome;
  }

  String name() {
    return name;
  }

  Kind kind() {
    return kind;
  }

  ReplicaId askedAt() {
    return askedAt;
  }

  long floor() {
    return floor;
  }

  @Override
  public String toString() {
    return name;
  }
}
