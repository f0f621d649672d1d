package org.raftactors.actor;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.raftactors.PartitionStatus;
import org.raftactors.ReplicaSpec;
import org.raftactors.core.CoreStatus;
import org.raftactors.core.Role;
import org.raftactors.snapshot.SnapshotEvent;

/** Makes the answers to {@link org.raftactors.Describe}. */
final class Statuses {

  private Statuses() {}

  static PartitionStatus running(
      ReplicaSpec spec, CoreStatus core, SnapshotEvent.@Nullable Receiving receiving) {
    return new PartitionStatus(
        spec.partition(),
        spec.self(),
        PartitionStatus.State.RUNNING,
        "",
        core.role(),
        core.hardState().term(),
        Optional.ofNullable(core.leader()),
        core.leaderPublished(),
        core.commitIndex(),
        core.appliedIndex(),
        core.durableIndex(),
        core.last().index(),
        new PartitionStatus.Snapshots(
            core.base().index(),
            core.snapshotIndex(),
            core.installing(),
            receiving == null ? 0 : receiving.receivedBytes(),
            receiving == null ? 0 : receiving.sizeBytes()),
        core.configuration().voters(),
        core.configuration().learners(),
        core.caughtUp(),
        core.peers().stream().map(Statuses::peer).toList());
  }

  /** Of a replica that has no core now: what it knows stands in the journal only. */
  static PartitionStatus notRunning(ReplicaSpec spec, PartitionStatus.State state, String detail) {
    return new PartitionStatus(
        spec.partition(),
        spec.self(),
        state,
        detail,
        Role.FOLLOWER,
        0,
        Optional.empty(),
        false,
        0,
        0,
        0,
        0,
        PartitionStatus.Snapshots.UNKNOWN,
        spec.initialVoters(),
        List.of(),
        false,
        List.of());
  }

  private static PartitionStatus.Peer peer(CoreStatus.Peer peer) {
    return new PartitionStatus.Peer(
        peer.replica(), peer.state(), peer.matchIndex(), peer.inflightBytes());
  }
}
