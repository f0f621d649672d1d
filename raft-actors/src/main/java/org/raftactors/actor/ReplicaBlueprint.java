package org.raftactors.actor;

import org.apache.pekko.actor.typed.ActorSystem;
import org.raftactors.Codecs;
import org.raftactors.LogStore;
import org.raftactors.PartitionSettings;
import org.raftactors.ReplicaSpec;
import org.raftactors.StateMachineFactory;
import org.raftactors.snapshot.SnapshotLimits;

/**
 * All that it takes to make a replica, as often as needed: nothing in it belongs to one
 * incarnation.
 *
 * @param settings of the partition
 * @param spec which replica it is
 * @param codecs of the state machine
 * @param factory makes state machines
 * @param logStore the storage behind the journal
 * @param surroundings clock and randomness
 * @param <C> commands
 * @param <Q> queries
 * @param <R> results
 */
public record ReplicaBlueprint<C, Q, R>(
    PartitionSettings settings,
    ReplicaSpec spec,
    Codecs<C, Q, R> codecs,
    StateMachineFactory<C, Q, R> factory,
    LogStore logStore,
    Surroundings surroundings) {

  SnapshotLimits limits(ActorSystem<?> system) {
    return surroundings.limits().apply(system);
  }

  /** How logs and errors call the replica. */
  String label() {
    return spec.partition() + "/" + spec.self();
  }
}
