package org.raftactors.cluster;

import java.util.Optional;
import org.raftactors.PartitionStatus;

/** Whether a replica keeps its node from being ready, and why. */
final class Health {

  private Health() {}

  static Optional<String> problem(PartitionStatus status) {
    if (status.state() != PartitionStatus.State.RUNNING) {
      return Optional.of(status.partition() + " is " + status.state() + ": " + status.detail());
    }
    if (status.leader().isEmpty()) {
      return Optional.of(status.partition() + " knows no leader");
    }
    if (!status.caughtUp()) {
      return Optional.of(
          status.partition() + " has applied up to " + status.appliedIndex() + " and catches up");
    }
    return Optional.empty();
  }
}
