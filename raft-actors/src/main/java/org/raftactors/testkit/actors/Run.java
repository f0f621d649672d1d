package org.raftactors.testkit.actors;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.raftactors.StateMachine;
import org.raftactors.testkit.Operation;
import org.raftactors.testkit.SimulationFailure;

/**
 * One run with one seed: load and faults; then everything heals and must come to rest; then what is
 * left is compared.
 *
 * @param <C> commands
 * @param <Q> queries
 * @param <R> results
 * @param <M> the state machine
 */
public final class Run<C, Q, R, M extends StateMachine<C, Q, R>> {

  private static final long SECOND = 1_000_000_000;

  /** Some elections, and then the operations that are left, with their deadlines. */
  private static final long MAX_HEALING_NANOS = 300 * SECOND;

  private final SimulatedSystem system;
  private final Plan<C, Q, R, M> plan;
  private final long seed;
  private final Conditions conditions;
  private final Findings findings = new Findings();
  private final Trace trace;
  private final Load<C, Q> load;
  private final Cluster<C, Q, R, M> cluster;
  private final History<C, Q, R> history;
  private final Census<C, Q, R, M> census;
  private final Nemesis<C, Q, R, M> nemesis;
  private final List<Client<C, Q, R, M>> clients = new ArrayList<>();

  private Run(SimulatedSystem system, Plan<C, Q, R, M> plan, long seed)
      throws InterruptedException {
    this.system = system;
    this.plan = plan;
    this.seed = seed;
    Randoms randoms = new Randoms(seed);
    this.conditions = Conditions.draw(randoms.of("conditions"), plan.faults(), plan.snapshots());
    system.loop().own(randoms.of("schedule"), conditions.taskNanos());
    this.trace = new Trace(system.loop());
    system.disks().begin(randoms.of("disks"), conditions.diskNanos(), trace);
    this.load = Load.draw(plan, randoms.of("load"));
    this.cluster = new Cluster<>(system, plan, randoms, conditions, load, trace, findings);
    this.history = new History<>(plan.codecs(), cluster.log(), findings, plan.deterministicApply());
    this.census = new Census<>(cluster);
    this.nemesis = new Nemesis<>(cluster, conditions, randoms.of("nemesis"));
    makeClients(randoms);
  }

  private void makeClients(Randoms randoms) {
    long meanPause = conditions.loadNanos() * plan.clients() / Math.max(1, plan.operations());
    for (int i = 0; i < plan.clients(); i++) {
      List<Operation<C, Q>> share = new ArrayList<>();
      int all = Math.min(load.operations().size(), plan.first().operations());
      for (int j = i; j < all; j += plan.clients()) {
        share.add(load.operations().get(j));
      }
      RandomGenerator random = randoms.of("client " + i);
      clients.add(new Client<>(i, cluster, random, meanPause, share, history));
    }
  }

  /**
   * Runs.
   *
   * @param system where
   * @param plan what
   * @param seed which
   * @param <C> commands
   * @param <Q> queries
   * @param <R> results
   * @param <M> the state machine
   * @return what happened
   * @throws SimulationFailure if a check is violated, made as small as could be
   */
  public static <C, Q, R, M extends StateMachine<C, Q, R>> RunResult execute(
      SimulatedSystem system, Plan<C, Q, R, M> plan, long seed) {
    Tried tried = attempt(system, plan, seed);
    if (tried.result() == null) {
      throw new Shrinker<>(system, plan, seed).shrink(tried);
    }
    return tried.result();
  }

  /** Runs once, and throws nothing. */
  static <C, Q, R, M extends StateMachine<C, Q, R>> Tried attempt(
      SimulatedSystem system, Plan<C, Q, R, M> plan, long seed) {
    try {
      Run<C, Q, R, M> run = new Run<>(system, plan, seed);
      try {
        return new Tried(run.execute(), null, run.nemesis.injected(), system.loop().executed());
      } catch (Violated e) {
        return new Tried(null, run.violation(), run.nemesis.injected(), system.loop().executed());
      } finally {
        run.end();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("the simulation was interrupted", e);
    }
  }

  /** Ends a run at the first violation, which is in the findings. */
  private static final class Violated extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private Violated() {
      super(null, null, false, false);
    }
  }

  /**
   * A violation.
   *
   * @param check what was violated
   * @param what was seen
   * @param trace of the run up to there
   */
  record Violation(String check, String what, List<String> trace) {}

  /**
   * What came of an attempt: either a result or a violation.
   *
   * @param result null if something was violated
   * @param violation null if nothing was
   * @param faults that were injected
   * @param steps of actors and timers
   */
  record Tried(
      @Nullable RunResult result, @Nullable Violation violation, long faults, long steps) {}

  private Violation violation() {
    return new Violation(Objects.requireNonNull(findings.check()), findings.what(), trace.lines());
  }

  private RunResult execute() {
    trace.add("run", "seed " + seed + ", " + conditions);
    cluster.startAll();
    census.start();
    clients.forEach(Client::start);
    nemesis.start();
    system.loop().runUntil(this::isDisturbed, conditions.loadNanos());
    failIfViolated();
    long injected = nemesis.injected();
    nemesis.heal();
    comeToRest();
    failIfViolated();
    history.checkOccurrences();
    new FinalChecks<>(plan, cluster, history, findings).check();
    failIfViolated();
    return result(injected);
  }

  private void comeToRest() {
    EventLoop loop = system.loop();
    long limit = loop.now() + MAX_HEALING_NANOS;
    if (!loop.runUntil(() -> isDisturbed() || clients.stream().allMatch(Client::isDone), limit)) {
      findings.violated(Checks.LIVENESS, "the clients do not finish although all is healed");
    }
    census.forget();
    if (!loop.runUntil(() -> isDisturbed() || census.hasConverged(), limit)) {
      findings.violated(
          Checks.LIVENESS,
          "the replicas do not come to rest although all is healed; they say" + census);
    }
    if (!loop.runUntil(() -> isDisturbed() || unanswered() == null, limit)) {
      findings.violated(Checks.ONE_ANSWER, "there is no answer to " + unanswered());
    }
  }

  private @Nullable String unanswered() {
    for (Client<C, Q, R, M> client : clients) {
      String request = client.unanswered();
      if (request != null) {
        return request;
      }
    }
    return null;
  }

  private boolean isDisturbed() {
    String intruder = system.loop().intruder();
    if (intruder != null) {
      findings.violated(
          Checks.REPEATABLE, "the thread " + intruder + " took part, which no seed can repeat");
    }
    return findings.isViolated();
  }

  private void failIfViolated() {
    if (findings.isViolated()) {
      throw new Violated();
    }
  }

  private RunResult result(long injected) {
    return new RunResult(
        count(History.Outcome.DONE, true),
        count(History.Outcome.DONE, false),
        count(History.Outcome.REFUSED, true) + count(History.Outcome.REFUSED, false),
        count(History.Outcome.UNKNOWN, true),
        injected,
        census.elections(),
        cluster.restarts(),
        system.disks().written(),
        system.disks().received(),
        cluster.restored(),
        system.loop().executed(),
        system.loop().now(),
        trace);
  }

  private long count(History.Outcome outcome, boolean commands) {
    return history.records().stream()
        .filter(record -> record.outcome() == outcome && record.isCommand() == commands)
        .count();
  }

  /** Leaves no actor behind. What their last words were goes nowhere. */
  private void end() {
    nemesis.stop();
    cluster.endAll();
    system.stop(census.actor());
    system.stop(nemesis.actor());
    clients.forEach(client -> client.actors().forEach(system::stop));
    system.loop().drain();
    system.loop().open();
  }

  /**
   * What happened in a run.
   *
   * @param committed commands with a result
   * @param answered queries with an answer
   * @param refused operations without effect
   * @param unknown commands nobody knows about
   * @param faults injected
   * @param elections terms with a leader
   * @param restarts of replicas
   * @param snapshots that were written whole
   * @param received snapshots that replicas got from others, whole
   * @param restored states that were taken over from a snapshot
   * @param steps of actors and timers
   * @param nanos of virtual time
   * @param trace all of it, as text when it is asked for
   */
  public record RunResult(
      long committed,
      long answered,
      long refused,
      long unknown,
      long faults,
      long elections,
      long restarts,
      long snapshots,
      long received,
      long restored,
      long steps,
      long nanos,
      Trace trace) {}
}
