package org.raftactors.testkit.actors;

import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.raftactors.Codecs;
import org.raftactors.StateMachine;
import org.raftactors.testkit.Fault;
import org.raftactors.testkit.LoadGenerator;
import org.raftactors.testkit.Operation;
import org.raftactors.testkit.linearizability.SequentialModel;

/**
 * What is to be simulated, with any number of seeds.
 *
 * @param codecs of the state machine
 * @param machines makes fresh state machines
 * @param replicas how many
 * @param clients how many work at the same time
 * @param operations how many all of them together do
 * @param load makes the operations
 * @param faults that may happen
 * @param replicasAgree whether the replicas' states are compared at the end
 * @param deterministicApply whether results are compared between replicas and with a fresh instance
 * @param snapshotRoundTrip whether a snapshot is taken and restored at the end
 * @param digest what of a state is compared besides its answers, null for nothing
 * @param model what the clients saw must fit, null for nothing
 * @param <C> commands
 * @param <Q> queries
 * @param <R> results
 * @param <M> the state machine
 */
public record Plan<C, Q, R, M extends StateMachine<C, Q, R>>(
    Codecs<C, Q, R> codecs,
    Supplier<M> machines,
    int replicas,
    int clients,
    int operations,
    LoadGenerator<C, Q> load,
    Set<Fault> faults,
    boolean replicasAgree,
    boolean deterministicApply,
    boolean snapshotRoundTrip,
    @Nullable Function<? super M, ?> digest,
    @Nullable SequentialModel<?, Operation<C, Q>, R> model) {

  boolean has(Fault fault) {
    return faults.contains(fault);
  }
}
