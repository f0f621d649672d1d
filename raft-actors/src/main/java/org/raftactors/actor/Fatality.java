package org.raftactors.actor;

import org.jspecify.annotations.Nullable;
import org.raftactors.codec.DecodeException;
import org.raftactors.core.invariant.InvariantViolation;

/** Tells crashes that a fresh start cures from those that it would only repeat, or hide. */
final class Fatality {

  private static final String DAMAGED =
      "the journal is damaged, or of a version that this one cannot read (persistence id %s: %s)."
          + " The replica takes no part any more, since it must not vote with what it may have"
          + " forgotten; its files are kept, and the others go on without it. Check the disk. Start"
          + " the node again only with everything that it has acknowledged, from a copy that is not"
          + " older than its last write, or with the version that wrote the journal.";

  private Fatality() {}

  /**
   * Why a replica must not be started again.
   *
   * @param crash what ended it, null if it just stopped
   * @param blueprint of the replica: what its journal is, and which exceptions mean damage
   * @return the reason in words, or null if it may be started again
   */
  static @Nullable String reason(@Nullable Throwable crash, ReplicaBlueprint<?, ?, ?> blueprint) {
    // Pekko wraps what happens during recovery; chains are short, and this stops at a cycle.
    Throwable cause = crash;
    for (int depth = 0; cause != null && depth < 20; depth++) {
      if (cause instanceof InvariantViolation) {
        return "an invariant is violated: " + cause.getMessage();
      } else if (cause instanceof StateDiverged) {
        return "its state is not that of the others: " + cause.getMessage();
      } else if (cause instanceof StateMachineFailure) {
        return "the state machine failed: " + cause.getMessage();
      } else if (cause instanceof LogDamaged) {
        return DAMAGED.formatted(blueprint.spec().persistenceId(), cause.getMessage());
      } else if (cause instanceof DecodeException || blueprint.logStore().isDamage(cause)) {
        return DAMAGED.formatted(blueprint.spec().persistenceId(), cause);
      }
      cause = cause.getCause();
    }
    return null;
  }
}
