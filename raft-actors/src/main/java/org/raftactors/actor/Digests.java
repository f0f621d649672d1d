package org.raftactors.actor;

import org.raftactors.core.CoreStatus;
import org.raftactors.core.membership.ReplicaId;
import org.raftactors.core.message.StateDigest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the other replicas what this one has applied, hears the same of them, and stops it when
 * most of them have applied something else. Belongs to one incarnation.
 */
final class Digests {

  private static final Logger logger = LoggerFactory.getLogger(Digests.class);

  private final ReplicaBlueprint<?, ?, ?> blueprint;
  private final Peers peers;
  private final AlarmCounters alarms;
  private final DigestComparison comparison;

  Digests(ReplicaBlueprint<?, ?, ?> blueprint, Peers peers, AlarmCounters alarms) {
    this.blueprint = blueprint;
    this.peers = peers;
    this.alarms = alarms;
    this.comparison = new DigestComparison(blueprint.spec().self());
  }

  /**
   * This replica has applied so much.
   *
   * @throws StateDiverged if it is the odd one out
   */
  void applied(ShellMessage.Digested own, CoreStatus status, long now) {
    StateDigest message = new StateDigest(status.hardState().term(), own.index(), own.digest());
    ReplicaId self = blueprint.spec().self();
    for (ReplicaId member : status.configuration().members()) {
      if (!member.equals(self)) {
        peers.send(member, message, now);
      }
    }
    heard(self, message, status);
  }

  /**
   * Somebody has applied so much.
   *
   * @throws StateDiverged if this replica is the odd one out
   */
  void heard(ReplicaId from, StateDigest message, CoreStatus status) {
    switch (comparison.report(from, message.index(), message.digest(), status.configuration())) {
      case FINE -> {}
      case OTHER_DIFFERS -> {
        alarms.stateDiffers();
        logger.error(
            "partition={} replica={}: replicas have applied different entries {}; whoever differs"
                + " from a majority stops",
            blueprint.spec().partition(),
            blueprint.spec().self(),
            comparison.detail());
      }
      case SELF_DIFFERS -> {
        alarms.stateDiffers();
        throw new StateDiverged(
            blueprint.label()
                + " has applied something else than most replicas "
                + comparison.detail());
      }
      default -> throw new IllegalStateException("no such verdict");
    }
  }
}
