package org.raftactors.actor;

import java.util.function.Predicate;
import org.raftactors.Codecs;
import org.raftactors.PartitionSettings;
import org.raftactors.ReplicaSpec;
import org.raftactors.StateMachineFactory;

/**
 * All that it takes to make a replica, as often as needed: nothing in it belongs to one
 * incarnation.
 *
 * @param settings of the partition
 * @param spec which replica it is
 * @param codecs of the state machine
 * @param factory makes state machines
 * @param journalDamage whether an exception of the journal means that it is damaged
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
    Predicate<Throwable> journalDamage,
    Surroundings surroundings) {

  /** How logs and errors call the replica. */
  String label() {
    return spec.partition() + "/" + spec.self();
  }
}
