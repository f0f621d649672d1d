package org.raftactors.testkit;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.raftactors.Codecs;
import org.raftactors.StateMachine;
import org.raftactors.testkit.actors.Plan;
import org.raftactors.testkit.actors.Run;
import org.raftactors.testkit.actors.SimulatedSystem;
import org.raftactors.testkit.linearizability.SequentialModel;

/**
 * Runs a state machine in a partition of real replicas, the same actors as in production, with a
 * simulated network, disks, clocks and processes around them. Time is virtual and one thread does
 * everything, in an order that the seed decides: the same seed does the same again.
 *
 * <p>The library's own promises are always checked: all replicas apply the same log, in order and
 * once; no answer is untrue, twice or out of order; no replica stops for good; and once all faults
 * are over, the partition comes to rest. What a state machine adds is checked on demand.
 *
 * @param <C> commands
 * @param <Q> queries
 * @param <R> results
 * @param <M> the state machine
 */
public final class StateMachineSimulation<C, Q, R, M extends StateMachine<C, Q, R>> {

  private final Codecs<C, Q, R> codecs;
  private final Supplier<Supplier<M>> machines;
  private final LoadGenerator<C, Q> load;
  private int replicas = 3;
  private int clients = 4;
  private int operations = 100;
  private Set<Fault> faults = EnumSet.allOf(Fault.class);
  private boolean snapshots = true;
  private boolean replicasAgree;
  private boolean deterministicApply;
  private boolean snapshotRoundTrip;
  private @Nullable Function<? super M, ?> digest;
  private @Nullable SequentialModel<?, Operation<C, Q>, R> model;
  private Plan.Prefix first = Plan.Prefix.ALL;
  private long firstSeed = 1;
  private long seeds = 100;

  private StateMachineSimulation(
      Codecs<C, Q, R> codecs, Supplier<Supplier<M>> machines, LoadGenerator<C, Q> load) {
    this.codecs = codecs;
    this.machines = machines;
    this.load = load;
  }

  /**
   * A simulation of three replicas, with all faults and no check of the state machine yet.
   *
   * @param codecs of the state machine
   * @param machines makes fresh, empty ones
   * @param load makes what the clients do
   * @param <C> commands
   * @param <Q> queries
   * @param <R> results
   * @param <M> the state machine
   * @return a simulation to be refined and run
   */
  public static <C, Q, R, M extends StateMachine<C, Q, R>> StateMachineSimulation<C, Q, R, M> of(
      Codecs<C, Q, R> codecs, Supplier<M> machines, LoadGenerator<C, Q> load) {
    return new StateMachineSimulation<>(codecs, () -> machines, load);
  }

  /**
   * The same for a state machine with durable storage of its own, which says by {@link
   * StateMachine#durableIndex()} how far it has got. Each replica has one storage for the whole of
   * a run, and makes its state machine over it at every start. What the storage loses when a
   * process is killed, it has to lose by itself: a state machine is not told of its end.
   *
   * @param codecs of the state machine
   * @param storages makes empty ones
   * @param machines makes state machines that find what is stored
   * @param load makes what the clients do
   * @param <C> commands
   * @param <Q> queries
   * @param <R> results
   * @param <S> the storage
   * @param <M> the state machine
   * @return a simulation to be refined and run
   */
  public static <C, Q, R, S, M extends StateMachine<C, Q, R>>
      StateMachineSimulation<C, Q, R, M> withStorage(
          Codecs<C, Q, R> codecs,
          Supplier<S> storages,
          Function<S, M> machines,
          LoadGenerator<C, Q> load) {
    return new StateMachineSimulation<>(
        codecs,
        () -> {
          S storage = storages.get();
          return () -> machines.apply(storage);
        },
        load);
  }

  /**
   * Sets the size of the partition, instead of 3.
   *
   * @param number of replicas, from 1 to 9
   * @return this
   */
  public StateMachineSimulation<C, Q, R, M> replicas(int number) {
    replicas = inRange("replicas", number, 1, SimulatedSystem.MAX_NODES);
    return this;
  }

  /**
   * Sets how many clients work at the same time, instead of 4.
   *
   * @param number of clients, from 1 to 100
   * @return this
   */
  public StateMachineSimulation<C, Q, R, M> clients(int number) {
    clients = inRange("clients", number, 1, 100);
    return this;
  }

  /**
   * Sets how many operations the clients of a run do together, instead of 100.
   *
   * @param number of operations, from 1 to 100,000
   * @return this
   */
  public StateMachineSimulation<C, Q, R, M> operations(int number) {
    operations = inRange("operations", number, 1, 100_000);
    return this;
  }

  /**
   * Sets what can go wrong, instead of everything.
   *
   * @param kinds of faults, perhaps none
   * @return this
   */
  public StateMachineSimulation<C, Q, R, M> faults(Fault... kinds) {
    faults = EnumSet.noneOf(Fault.class);
    faults.addAll(List.of(kinds));
    return this;
  }

  /**
   * Takes kinds of faults out.
   *
   * @param kinds of faults that do not happen
   * @return this
   */
  public StateMachineSimulation<C, Q, R, M> without(Fault... kinds) {
    faults = EnumSet.copyOf(faults);
    faults.removeAll(List.of(kinds));
    return this;
  }

  /**
   * Has the replicas take no snapshots, for a state machine that has none yet. Otherwise those of
   * most runs, drawn by the seed, take one every few entries, keep hardly any log behind it, and
   * send it to those that are behind: what the state machine restores then is compared like
   * everything else.
   *
   * @return this
   */
  public StateMachineSimulation<C, Q, R, M> withoutSnapshots() {
    snapshots = false;
    return this;
  }

  /**
   * Does only the beginning of each run, at the pace of the whole: what a failure says that
   * suffices to see it again.
   *
   * @param firstOperations how many operations are done
   * @param firstFaults how many faults are injected, not counting those of single messages
   * @return this
   */
  public StateMachineSimulation<C, Q, R, M> onlyFirst(int firstOperations, int firstFaults) {
    first =
        new Plan.Prefix(
            inRange("operations", firstOperations, 0, Integer.MAX_VALUE),
            inRange("faults", firstFaults, 0, Integer.MAX_VALUE));
    return this;
  }

  /**
   * Checks what the clients saw against a model that knows nothing of the state machine. (That no
   * answer is out of order, given what the replicas applied, is always checked.) Model results must
   * not be null.
   *
   * @param sequentialModel what the state machine should do
   * @return this
   */
  public StateMachineSimulation<C, Q, R, M> linearizable(
      SequentialModel<?, Operation<C, Q>, R> sequentialModel) {
    model = sequentialModel;
    return this;
  }

  /**
   * Checks that the states of all replicas are the same at the end: that each gives the same answer
   * to every query of the load.
   *
   * @return this
   */
  public StateMachineSimulation<C, Q, R, M> replicasAgree() {
    replicasAgree = true;
    return this;
  }

  /**
   * The same, and that a digest of the states is equal, for what no query shows.
   *
   * @param stateDigest something with {@code equals} and a telling text, such as a copy of a map
   * @return this
   */
  public StateMachineSimulation<C, Q, R, M> replicasAgree(Function<? super M, ?> stateDigest) {
    digest = stateDigest;
    return replicasAgree();
  }

  /**
   * Checks that the same commands have the same results on every replica, after every restart, and
   * once more at the end in a fresh instance, which must also answer the same queries the same way
   * and end in the same state. Compared are the bytes of the result codec.
   *
   * @return this
   */
  public StateMachineSimulation<C, Q, R, M> deterministicApply() {
    deterministicApply = true;
    return this;
  }

  /**
   * Checks that a snapshot is the whole state and nothing else. Whenever a replica restores one, it
   * must have the same answers to all queries of the load, and the same digest, as a fresh instance
   * that has applied all commands up to there. And at the end, at two positions of the log, a view
   * of a fresh instance is taken, which then goes on applying before the view is written; another
   * fresh instance restores what was written, and must from there on have the same results, and at
   * the end the same answers and the same digest as the replicas.
   *
   * @return this
   */
  public StateMachineSimulation<C, Q, R, M> snapshotRoundTrip() {
    snapshotRoundTrip = true;
    return this;
  }

  /**
   * Runs a single seed: to see a failure again.
   *
   * @param seed of the run
   * @return this
   */
  public StateMachineSimulation<C, Q, R, M> seed(long seed) {
    return seeds(seed, 1);
  }

  /**
   * Sets which seeds to run, instead of 1 to 100.
   *
   * @param first seed
   * @param number of seeds, from 1
   * @return this
   */
  public StateMachineSimulation<C, Q, R, M> seeds(long first, int number) {
    firstSeed = first;
    seeds = inRange("seeds", number, 1, Integer.MAX_VALUE);
    return this;
  }

  private static int inRange(String what, int number, int min, int max) {
    if (number < min || number > max) {
      throw new IllegalArgumentException(
          what + " = " + number + ": must be from " + min + " to " + max);
    }
    return number;
  }

  /**
   * Runs all seeds, one after the other, on this thread.
   *
   * @return what happened
   * @throws SimulationFailure at the first seed that violates a check
   */
  public SimulationReport run() {
    Plan<C, Q, R, M> plan =
        new Plan<>(
            codecs,
            machines,
            replicas,
            clients,
            operations,
            load,
            Set.copyOf(faults),
            snapshots,
            replicasAgree,
            deterministicApply,
            snapshotRoundTrip,
            digest,
            model,
            first);
    SimulationReport sum = SimulationReport.EMPTY;
    try (SimulatedSystem system = SimulatedSystem.start()) {
      Run.RunResult last = null;
      for (long seed = firstSeed; seed < firstSeed + seeds; seed++) {
        last = Run.execute(system, plan, seed);
        sum = sum.plus(last);
      }
      return last == null ? sum : sum.withTrace(last.trace().lines());
    }
  }
}
