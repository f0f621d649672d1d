package org.raftactors.core.script;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.raftactors.core.CoreSettings;
import org.raftactors.core.Role;
import org.raftactors.core.membership.Configuration;
import org.raftactors.core.membership.ReplicaId;
import org.raftactors.core.script.ScriptNetwork.Letter;

/**
 * One random schedule of a cluster: what it does at each step, and how likely, is drawn from its
 * seed, down to whole classes of faults that may be absent. First anything may happen, and safety
 * is checked after every step; then everything heals, and all must come to rest.
 */
final class RandomSchedule {

  private static final long LIVENESS_TICKS = 10_000;

  private final SplittableRandom random;
  private final ScriptCluster cluster;
  private final List<ScriptReplica> replicas;
  private final Map<Action, Integer> weights;
  private final int steps;

  /** Whose disk answers no write at present. */
  private final Set<ScriptReplica> hanging = new HashSet<>();

  private int proposals;
  private int reads;
  private int transfers;

  RandomSchedule(long seed, int voters, Transcript transcript) {
    SplittableRandom root = new SplittableRandom(seed);
    random = root.split();
    SplittableRandom timeouts = root.split();
    steps = random.nextInt(300, 3_000);
    weights = weights();
    List<ReplicaId> ids = new ArrayList<>();
    for (int i = 1; i <= voters; i++) {
      ids.add(new ReplicaId(i));
    }
    List<ReplicaId> learners =
        random.nextInt(5) == 0 ? List.of(new ReplicaId(voters + 1L)) : List.of();
    cluster =
        new ScriptCluster(
            settings(), new Configuration(ids, learners), transcript, id -> timeouts.split());
    cluster.hungWriteLands(random::nextBoolean);
    replicas = List.copyOf(cluster.replicas());
    cluster.startAll();
    for (ScriptReplica replica : replicas) {
      replica.disk().automatic(random.nextInt(4) == 0);
      replica.machine().automatic(random.nextInt(4) == 0);
      replica.automaticFetch(random.nextBoolean());
      replica.automaticDrain(random.nextInt(4) == 0);
    }
  }

  private CoreSettings settings() {
    return new CoreSettings(
        100 * ScriptCluster.MILLI,
        (150 + random.nextInt(500)) * ScriptCluster.MILLI,
        (5 + random.nextInt(40)) * ScriptCluster.MILLI,
        stallTimeout(),
        1 + random.nextInt(300),
        1 + random.nextInt(2_000),
        1 + random.nextInt(8),
        1 + random.nextInt(300),
        100,
        100 + random.nextInt(10_000),
        1 + random.nextInt(300),
        100 + random.nextInt(10_000),
        random.nextBoolean() ? 1_000_000 : random.nextInt(500),
        1 + random.nextInt(20));
  }

  /** From as short as an election time-out, so that slow writes stall too, to never. */
  private long stallTimeout() {
    long millis =
        switch (random.nextInt(3)) {
          case 0 -> 100 + random.nextInt(100);
          case 1 -> 100 + random.nextInt(2_000);
          default -> 1_000_000;
        };
    return millis * ScriptCluster.MILLI;
  }

  /** How likely each action is; rare and frequent ones, and some that never happen. */
  private Map<Action, Integer> weights() {
    Map<Action, Integer> drawn = new EnumMap<>(Action.class);
    for (Action action : Action.values()) {
      boolean absent = action.optional && random.nextInt(4) == 0;
      drawn.put(action, absent ? 0 : 1 + random.nextInt(action.weight));
    }
    return drawn;
  }

  /** What may happen next. */
  private enum Action {
    DELIVER(400, false),
    DELIVER_ANY(100, true),
    DROP(60, true),
    DUPLICATE(40, true),
    DUPLICATE_OLD(40, true),
    TIME(150, false),
    TICK(10, true),
    TIMEOUT(16, true),
    ISOLATE(4, true),
    PROPOSE(100, false),
    READ(40, true),
    WRITE(150, false),
    APPLY(150, false),
    HANG(6, true),
    UNHANG(16, false),
    FETCH(60, false),
    DRAIN(150, false),
    CRASH(3, true),
    RESTART(40, false),
    PAUSE(6, true),
    RESUME(8, false),
    CUT(4, true),
    HEAL(12, false),
    TRANSFER(4, true);

    final int weight;
    final boolean optional;

    Action(int weight, boolean optional) {
      this.weight = weight;
      this.optional = optional;
    }
  }

  /** Plays both phases. */
  void play() {
    for (int i = 0; i < steps; i++) {
      act(draw());
    }
    comeToRest();
  }

  int committed() {
    return (int) cluster.checker().highestCommitted();
  }

  /** How often a replica stopped because of its disk. */
  int failStops() {
    return cluster.failStops();
  }

  private Action draw() {
    int total = 0;
    for (int weight : weights.values()) {
      total += weight;
    }
    int at = random.nextInt(total);
    for (Map.Entry<Action, Integer> weight : weights.entrySet()) {
      at -= weight.getValue();
      if (at < 0) {
        return weight.getKey();
      }
    }
    throw new IllegalStateException("weights do not add up");
  }

  private void act(Action action) {
    ScriptReplica one = pick(action);
    switch (action) {
      case DELIVER -> {
        for (int i = random.nextInt(4 * replicas.size()); i >= 0; i--) {
          withLetter(0, cluster::deliver);
        }
      }
      case DELIVER_ANY -> withLetter(Integer.MAX_VALUE, cluster::deliver);
      case DROP -> withLetter(Integer.MAX_VALUE, cluster.network()::remove);
      case DUPLICATE -> withLetter(Integer.MAX_VALUE, cluster.network()::duplicate);
      case DUPLICATE_OLD -> duplicateOld();
      case TIME -> cluster.advance(random.nextLong(70 * ScriptCluster.MILLI) / replicas.size());
      case CUT -> cluster.cut(one.id(), replicas.get(random.nextInt(replicas.size())).id());
      case ISOLATE -> cluster.isolate(one.id());
      case HEAL -> cluster.network().heal();
      case RESTART -> {
        if (!one.isRunning()) {
          one.start(random.nextBoolean());
        }
      }
      case HANG -> {
        hanging.add(one);
        one.disk().automatic(false);
      }
      case UNHANG -> hanging.remove(one);
      case RESUME -> resume(one);
      case PAUSE -> one.paused(true);
      default -> {
        if (one.isRunning() && !one.isPaused()) {
          actOnRunning(action, one);
        }
      }
    }
  }

  /** Anybody, but mostly a leader for what only a leader does. */
  private ScriptReplica pick(Action action) {
    List<ScriptReplica> apt =
        switch (action) {
          case PROPOSE, READ, ISOLATE, PAUSE, HANG ->
              random.nextInt(6) == 0
                  ? replicas
                  : matching(r -> r.isRunning() && r.status().role() == Role.LEADER);
          case RESTART -> matching(r -> !r.isRunning());
          case RESUME -> matching(ScriptReplica::isPaused);
          case WRITE -> matching(this::canWrite);
          case UNHANG -> matching(hanging::contains);
          case APPLY -> matching(r -> r.machine().hasWork());
          case FETCH -> matching(r -> !r.fetches().isEmpty());
          default -> replicas;
        };
    List<ScriptReplica> from = apt.isEmpty() ? replicas : apt;
    return from.get(random.nextInt(from.size()));
  }

  private boolean canWrite(ScriptReplica replica) {
    return replica.disk().inFlight() != null && !hanging.contains(replica);
  }

  private List<ScriptReplica> matching(Predicate<ScriptReplica> test) {
    return replicas.stream().filter(test).toList();
  }

  /** After a long pause the first thing may be a read, before any timer could fire. */
  private void resume(ScriptReplica one) {
    if (one.isPaused()) {
      one.paused(false);
      if (one.isRunning() && random.nextBoolean()) {
        cluster.read(one, List.of("read" + ++reads));
        one.drain();
      }
    }
  }

  private void actOnRunning(Action action, ScriptReplica one) {
    switch (action) {
      case TICK -> one.step(core -> core.tick(cluster.now()));
      case TIMEOUT -> cluster.tick(one); // the others' clocks go on, but nobody wakes them
      case PROPOSE -> cluster.propose(one, payloads());
      case READ -> cluster.read(one, List.of("read" + ++reads));
      case WRITE -> {
        if (canWrite(one)) {
          one.finishWrite();
        }
      }
      case APPLY -> {
        if (one.machine().hasWork()) {
          one.applyNext();
        }
      }
      case FETCH -> {
        if (!one.fetches().isEmpty()) {
          one.answerFetch(random.nextInt(4) > 0);
        }
      }
      case DRAIN -> one.drain();
      case CRASH -> {
        if (random.nextBoolean()) {
          cluster.crash(one, random.nextBoolean());
        } else {
          cluster.stop(one, random.nextBoolean());
        }
      }
      case TRANSFER -> {
        ReplicaId target = replicas.get(random.nextInt(replicas.size())).id();
        cluster.transfer(one, random.nextBoolean() ? target : null, "transfer" + ++transfers);
      }
      default -> throw new IllegalStateException("nobody does " + action);
    }
  }

  private List<String> payloads() {
    List<String> payloads = new ArrayList<>();
    int count = 1 + random.nextInt(3);
    for (int i = 0; i < count; i++) {
      payloads.add("p" + ++proposals + (random.nextInt(10) == 0 ? "*120" : ""));
    }
    return payloads;
  }

  private interface LetterAction {
    void on(Letter letter);
  }

  private void withLetter(int reach, LetterAction action) {
    List<Letter> held = cluster.network().held();
    if (held.isEmpty()) {
      return;
    }
    Letter letter = held.get(random.nextInt((int) Math.min(held.size(), reach + 1L)));
    if (!cluster.replica(letter.to()).isPaused()) {
      action.on(letter);
    }
  }

  /** From any time, also from an earlier life or leadership of its sender. */
  private void duplicateOld() {
    List<Letter> past = cluster.network().past();
    if (!past.isEmpty()) {
      cluster.network().duplicate(past.get(random.nextInt(past.size())));
    }
  }

  /** No more faults: a leader, progress, the same everywhere, and everybody answered. */
  private void comeToRest() {
    cluster.network().heal();
    hanging.clear();
    for (ScriptReplica replica : replicas) {
      replica.paused(false);
      if (!replica.isRunning()) {
        replica.start(false);
      }
      replica.disk().automatic(true);
      replica.machine().automatic(true);
      replica.automaticFetch(true);
      replica.automaticDrain(true);
      if (replica.disk().inFlight() != null) {
        replica.finishWrite();
      }
      replica.step(List.of());
    }
    reachRest(() -> isQuiet());
    // Without any traffic, also a replica that forgot everything learns how far the others are.
    ScriptReplica forgetful = replicas.get(random.nextInt(replicas.size()));
    cluster.crash(forgetful, true);
    forgetful.start(random.nextBoolean());
    reachRest(() -> isQuiet());
    reachRest(
        () -> {
          proposeLast("last");
          return isCommitted("last") && isQuiet();
        });
  }

  private void reachRest(BooleanSupplier rest) {
    for (int i = 0; !rest.getAsBoolean(); i++) {
      Require.that(i < LIVENESS_TICKS, "no rest: %s", describe());
      cluster.stabilize(any -> true);
      cluster.advance(2 * ScriptCluster.MILLI);
    }
  }

  private void proposeLast(String last) {
    boolean pending =
        cluster.checker().waiters().stream()
            .anyMatch(w -> w.name().startsWith(last) && isPendingOrCommitted(w));
    if (!pending) {
      for (ScriptReplica replica : replicas) {
        if (replica.status().role() == Role.LEADER) {
          cluster.propose(replica, List.of(last + ++proposals));
          return;
        }
      }
    }
  }

  private static boolean isPendingOrCommitted(Waiter waiter) {
    String outcome = waiter.outcome();
    return outcome == null || outcome.startsWith("committed");
  }

  private boolean isCommitted(String name) {
    return cluster.checker().waiters().stream()
        .anyMatch(w -> w.name().startsWith(name) && w.isAnswered() && isPendingOrCommitted(w));
  }

  /** Somebody leads, everybody has applied all that is committed, and nobody waits. */
  private boolean isQuiet() {
    long highest = cluster.checker().highestCommitted();
    return replicas.stream().anyMatch(r -> r.status().role() == Role.LEADER)
        && replicas.stream().allMatch(r -> r.machine().appliedIndex() == highest)
        && replicas.stream().allMatch(r -> r.status().last().index() == highest)
        && cluster.checker().waiters().stream().allMatch(w -> w.isAnswered() || w.isLost());
  }

  private String describe() {
    List<String> lines = new ArrayList<>();
    replicas.forEach(replica -> lines.addAll(Describe.state(replica)));
    cluster.checker().waiters().stream()
        .filter(w -> !w.isAnswered() && !w.isLost())
        .forEach(w -> lines.add(w + " waits"));
    return String.join("\n", lines);
  }
}
