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
 * @param machines makes, for each replica of a run, what makes its state machines: fresh ones, or
 *     such as find what the one before has stored
 * @param replicas how many
 * @param clients how many work at the same time
 * @param operations how many all of them together do
 * @param load makes the operations
 * @param faults that may happen
 * @param snapshots whether replicas take snapshots
 * @param replicasAgree whether the replicas' states are compared at the end
 * @param deterministicApply whether results are compared between replicas and with a fresh instance
 * @param snapshotRoundTrip whether a snapshot is taken and restored at the end
 * @param digest what of a state is compared besides its answers, null for nothing
 * @param model what the clients saw must fit, null for nothing
 * @param first how much of a run is done at all
 * @param <C> commands
 * @param <Q> queries
 * @param <R> results
 * @param <M> the state machine
 */
public record Plan<C, Q, R, M extends StateMachine<C, Q, R>>(
    Codecs<C, Q, R> codecs,
    Supplier<Supplier<M>> machines,
    int replicas,
    int clients,
    int operations,
    LoadGenerator<C, Q> load,
    Set<Fault> faults,
    boolean snapshots,
    boolean replicasAgree,
    boolean deterministicApply,
    boolean snapshotRoundTrip,
    @Nullable Function<? super M, ?> digest,
    @Nullable SequentialModel<?, Operation<C, Q>, R> model,
    Prefix first) {

  /**
   * The beginning of a run. The pace, and what is drawn, are those of the whole run.
   *
   * @param operations how many of the operations are done
   * @param faults how many faults are injected; those of single messages do not count
   */
  public record Prefix(int operations, int faults) {

    /** All of it. */
    public static final Prefix ALL = new Prefix(Integer.MAX_VALUE, Integer.MAX_VALUE);
  }

  Plan<C, Q, R, M> with(Set<Fault> otherFaults, Prefix prefix) {
    return with(otherFaults, snapshots, prefix);
  }

  Plan<C, Q, R, M> withoutSnapshots() {
    return with(faults, false, first);
  }

  private Plan<C, Q, R, M> with(Set<Fault> otherFaults, boolean takesSnapshots, Prefix prefix) {
    return new Plan<>(
        codecs,
        machines,
        replicas,
        clients,
        operations,
        load,
        Set.copyOf(otherFaults),
        takesSnapshots,
        replicasAgree,
        deterministicApply,
        snapshotRoundTrip,
        digest,
        model,
        prefix);
  }

  boolean has(Fault fault) {
    return faults.contains(fault);
  }
}
