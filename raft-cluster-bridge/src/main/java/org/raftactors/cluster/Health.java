package org.raftactors.cluster;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.raftactors.PartitionStatus;
import org.raftactors.StartProgress;

/** Whether a replica keeps its node from being ready, and why. */
final class Health {

  private Health() {}

  /** What keeps the node from being ready; first, how far it is, while it starts. */
  static List<String> problems(List<PartitionStatus> replicas, StartProgress starts) {
    List<String> problems = new ArrayList<>();
    replicas.forEach(each -> problem(each).ifPresent(problems::add));
    if (!problems.isEmpty() && !starts.isOver()) {
      problems.add(0, starts.text());
    }
    return List.copyOf(problems);
  }

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
