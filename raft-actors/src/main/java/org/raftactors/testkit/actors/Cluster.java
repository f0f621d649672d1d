package org.raftactors.testkit.actors;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;
import org.raftactors.PartitionSettings;
import org.raftactors.StateMachine;
import org.raftactors.core.membership.ReplicaId;
import org.raftactors.testkit.Fault;

/** The nodes of a run, and what they share. */
final class Cluster<C, Q, R, M extends StateMachine<C, Q, R>> {

  private static final long CONNECT_NANOS = 20_000_000;
  private static final double MAX_DRIFT = 0.05;

  private final SimulatedSystem system;
  private final Plan<C, Q, R, M> plan;
  private final Network network;
  private final Trace trace;
  private final Findings findings;
  private final Config config;
  private final AppliedLog log;
  private final States<C, Q, R, M> states;
  private final Staleness staleness;
  private final List<Node<C, Q, R, M>> nodes = new ArrayList<>();
  private final RandomGenerator random;
  private long starts;
  private long restored;

  Cluster(
      SimulatedSystem system,
      Plan<C, Q, R, M> plan,
      Randoms randoms,
      Conditions conditions,
      Load<C, Q> load,
      Trace trace,
      Findings findings) {
    this.system = system;
    this.plan = plan;
    this.trace = trace;
    this.findings = findings;
    this.random = randoms.of("cluster");
    this.network = new Network(system, randoms.of("network"), conditions, trace);
    this.config =
        ConfigFactory.parseString(conditions.settings(load.largestCommand()))
            .withFallback(system.classic().settings().config());
    PartitionSettings settings = PartitionSettings.of(config);
    this.staleness =
        new Staleness(findings, settings.core().electionTimeoutMax(), conditions.maxDelayNanos());
    this.log =
        new AppliedLog(
            findings,
            plan.deterministicApply(),
            index -> staleness.applied(index, system.loop().now()));
    this.states = new States<>(plan, load.questions(), log, findings);
    List<ReplicaId> ids =
        LongStream.rangeClosed(1, plan.replicas()).mapToObj(ReplicaId::new).toList();
    for (ReplicaId id : ids) {
      double drift = (random.nextDouble() * 2 - 1) * MAX_DRIFT;
      NodeClock clock = new NodeClock(system.loop(), conditions.has(Fault.CLOCKS) ? 1 + drift : 1);
      nodes.add(
          new Node<>(
              id.value(), this, ids, settings, clock, randoms.of("elections " + id.value())));
    }
  }

  SimulatedSystem system() {
    return system;
  }

  Plan<C, Q, R, M> plan() {
    return plan;
  }

  Network network() {
    return network;
  }

  Trace trace() {
    return trace;
  }

  Findings findings() {
    return findings;
  }

  AppliedLog log() {
    return log;
  }

  /** What the processes are configured by. */
  Config config() {
    return config;
  }

  States<C, Q, R, M> states() {
    return states;
  }

  Staleness staleness() {
    return staleness;
  }

  List<Node<C, Q, R, M>> nodes() {
    return nodes;
  }

  /** An incarnation of a replica has begun. */
  void started() {
    starts++;
  }

  /** A replica has taken over a state from a snapshot. */
  void restored(String who, M machine, long index) {
    restored++;
    states.restored(who, machine, index);
  }

  /** How often one has. */
  long restored() {
    return restored;
  }

  /** How often a replica has begun after its first time. */
  long restarts() {
    return Math.max(0, starts - nodes.size());
  }

  void startAll() {
    nodes.forEach(this::start);
  }

  /** Starts a node; the others hear of it a bit later, each at its time. */
  void start(Node<C, Q, R, M> node) {
    node.start();
    for (Node<C, Q, R, M> other : nodes) {
      if (other != node) {
        system.loop().after(Randoms.between(random, 0, CONNECT_NANOS), () -> other.connect(node));
      }
    }
  }

  /** Ends everything. */
  void endAll() {
    nodes.forEach(node -> node.end(true));
    network.actors().forEach(system::stop);
  }
}
