package org.raftactors.core.script;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.raftactors.core.CoreSettings;
import org.raftactors.core.Effect;
import org.raftactors.core.Proposal;
import org.raftactors.core.RaftCore;
import org.raftactors.core.log.LogEntry;
import org.raftactors.core.log.LogPosition;
import org.raftactors.core.log.SnapshotBase;
import org.raftactors.core.membership.Configuration;
import org.raftactors.core.membership.ReplicaId;
import org.raftactors.core.message.RaftMessage;
import org.raftactors.core.script.ScriptNetwork.Letter;
import org.raftactors.core.script.ScriptNetwork.Link;
import org.raftactors.core.write.HardState;
import org.raftactors.core.write.PendingWrite;
import org.raftactors.core.write.Written;

/**
 * A cluster in one thread, in which nothing happens by itself: time moves, messages arrive, writes
 * finish and state machines apply when somebody says so. After every step the safety of the whole
 * cluster is checked.
 */
final class ScriptCluster {

  static final long MILLI = 1_000_000;
  private static final long RUN_STEP = 10 * MILLI;
  private static final int MAX_DELIVERIES = 100_000;
  private static final long WALL_CLOCK_START = 1_000_000;

  private final CoreSettings settings;
  private final Configuration configuration;
  private final Transcript transcript;
  private final SafetyChecker checker;
  private final ScriptNetwork network = new ScriptNetwork();
  private final Map<ReplicaId, ScriptReplica> replicas = new TreeMap<>();
  private long now;

  ScriptCluster(
      CoreSettings settings,
      Configuration configuration,
      Transcript transcript,
      Function<ReplicaId, RandomGenerator> random) {
    this.settings = settings;
    this.configuration = configuration;
    this.transcript = transcript;
    this.checker = new SafetyChecker(configuration);
    SnapshotBase base = SnapshotBase.initial(configuration);
    for (ReplicaId id : configuration.members()) {
      replicas.put(id, new ScriptReplica(id, this, base, random.apply(id)));
    }
  }

  CoreSettings settings() {
    return settings;
  }

  Configuration configuration() {
    return configuration;
  }

  Transcript transcript() {
    return transcript;
  }

  SafetyChecker checker() {
    return checker;
  }

  ScriptNetwork network() {
    return network;
  }

  Collection<ScriptReplica> replicas() {
    return replicas.values();
  }

  ScriptReplica replica(ReplicaId id) {
    ScriptReplica replica = replicas.get(id);
    if (replica == null) {
      throw new IllegalArgumentException("there is no replica " + id);
    }
    return replica;
  }

  long now() {
    return now;
  }

  long wallClockMillis() {
    return WALL_CLOCK_START + now / MILLI;
  }

  void startAll() {
    replicas.values().forEach(replica -> replica.start(false));
  }

  /** Starts a replica over with a journal of one event, or of none if nothing is given. */
  void given(
      ScriptReplica replica, LogPosition base, HardState hard, List<LogEntry> log, long commit) {
    if (replica.isRunning()) {
      replica.crash();
    }
    ScriptDisk disk = new ScriptDisk(new SnapshotBase(base, configuration));
    disk.automatic(replica.disk().isAutomatic());
    Written event = new Written(hard, disk.base(), base, log, Math.max(base.index(), commit));
    disk.append(event);
    replica.insert(disk);
    checker.durable(replica.id(), event);
    checker.given(replica, commit);
    replica.start(false);
  }

  /** Executes what a core wants done. */
  void execute(ScriptReplica replica, Effect effect) {
    if (effect instanceof Effect.Send send) {
      send(replica, send.to(), send.message());
    } else if (effect instanceof Effect.Apply apply) {
      replica.machine().enqueue(apply.batch());
    } else if (effect instanceof Effect.ServeRead serve) {
      replica.machine().enqueue((Waiter) serve.waiter(), serve.readIndex());
    } else if (effect instanceof Effect.Fetch fetch) {
      replica.fetches().add(fetch);
      transcript.detail(
          () ->
              replica.id()
                  + " fetches "
                  + fetch.firstIndex()
                  + ".."
                  + fetch.lastIndex()
                  + " for "
                  + (fetch.receiver() == null ? "apply" : fetch.receiver()));
    } else if (effect instanceof Effect.SendSnapshot snapshot) {
      transcript.outcome(
          () ->
              replica.id()
                  + "->"
                  + snapshot.to()
                  + " snapshot, at least "
                  + snapshot.atLeastIndex());
    } else if (effect instanceof Effect.InstallSnapshot install) {
      long index = install.base().position().index();
      Require.that(
          replica.disk().base().equals(install.base()),
          "%s installs %s, but its durable log stands on %s",
          replica.id(),
          install.base(),
          replica.disk().base());
      transcript.outcome(() -> replica.id() + " installs " + install.base().position());
      replica.machine().enqueue(Require.notNull(replica.disk().snapshot(index), "snapshot file"));
    } else if (effect instanceof Effect.LeadershipChanged change) {
      transcript.outcome(() -> Describe.leadership(replica.id(), change));
    } else if (effect instanceof Effect.FailStop) {
      transcript.outcome(() -> replica.id() + " fail-stop");
    } else {
      answer(effect);
    }
  }

  private void answer(Effect effect) {
    if (effect instanceof Effect.RejectProposal reject) {
      checker.rejected((Waiter) reject.waiter());
      reject((Waiter) reject.waiter(), reject.refusal().name(), reject.leader());
    } else if (effect instanceof Effect.RejectRead reject) {
      reject((Waiter) reject.waiter(), reject.refusal().name(), reject.leader());
    } else if (effect instanceof Effect.ProposalUnknown unknown) {
      end((Waiter) unknown.waiter(), "unknown " + unknown.uncertainty());
    } else if (effect instanceof Effect.TransferEnded ended) {
      end((Waiter) ended.waiter(), "transfer " + ended.outcome());
    } else {
      throw new IllegalStateException("nobody executes " + effect);
    }
  }

  private void reject(Waiter waiter, String refusal, @Nullable ReplicaId leader) {
    String outcome = "rejected " + refusal + " leader=" + Describe.name(leader);
    waiter.reject(outcome);
    transcript.outcome(() -> waiter + " " + outcome);
  }

  private void end(Waiter waiter, String outcome) {
    waiter.answer(outcome);
    transcript.outcome(() -> waiter + " " + outcome);
  }

  private void send(ScriptReplica from, ReplicaId to, RaftMessage message) {
    PromiseChecker.leaves(from, to, message);
    Letter letter = new Letter(from.id(), to, message);
    boolean taken = network.send(letter);
    transcript.detail(() -> letter + (taken ? "" : " (cut)"));
  }

  void stepped(ScriptReplica replica) {
    checker.stepped(replica, replicas.values());
  }

  /** Delivers one letter that the network holds. */
  void deliver(Letter letter) {
    network.remove(letter);
    ScriptReplica receiver = replicas.get(letter.to());
    if (receiver == null || !receiver.isRunning()) {
      transcript.detail(() -> letter + " (nobody there)");
      return;
    }
    receiver.step(core -> core.receive(letter.from(), letter.message(), now));
  }

  /** Delivers everything between these replicas until nothing moves any more. */
  void stabilize(Predicate<ReplicaId> among) {
    for (int deliveries = 0; ; deliveries++) {
      Letter next = null;
      for (Letter letter : network.held()) {
        if (among.test(letter.from()) && among.test(letter.to()) && isAwake(letter.to())) {
          next = letter;
          break;
        }
      }
      if (next == null) {
        return;
      }
      if (deliveries > MAX_DELIVERIES) {
        throw new IllegalStateException("messages without end, now " + next);
      }
      deliver(next);
    }
  }

  private boolean isAwake(ReplicaId id) {
    ScriptReplica replica = replicas.get(id);
    return replica == null || !replica.isPaused();
  }

  /** Ticks one replica when it is due, at once if it is overdue. */
  void tick(ScriptReplica replica) {
    now = Math.max(now, replica.core().nextDeadline());
    replica.step(core -> core.tick(now));
  }

  /** Moves the clock, and ticks every running replica that becomes due on the way. */
  void advance(long nanos) {
    long target = now + nanos;
    for (int ticks = 0; ; ticks++) {
      ScriptReplica due = null;
      long earliest = Long.MAX_VALUE;
      for (ScriptReplica replica : replicas.values()) {
        if (replica.isRunning() && !replica.isPaused()) {
          long deadline = replica.core().nextDeadline();
          if (deadline <= target && deadline < earliest) {
            due = replica;
            earliest = deadline;
          }
        }
      }
      if (due == null) {
        now = target;
        return;
      }
      if (ticks > MAX_DELIVERIES) {
        throw new IllegalStateException("ticks without end, now " + due.id());
      }
      tick(due);
    }
  }

  /** Moves the clock in small steps, on a network that delivers at once. */
  void run(long nanos) {
    for (long passed = 0; passed < nanos; passed += RUN_STEP) {
      stabilize(any -> true);
      advance(Math.min(RUN_STEP, nanos - passed));
    }
    stabilize(any -> true);
  }

  /** Moves the clock and nothing else. */
  void leap(long nanos) {
    now += nanos;
  }

  /** Several proposals in one drain of the mailbox. */
  void propose(ScriptReplica replica, List<String> texts) {
    List<Consumer<RaftCore>> inputs = new ArrayList<>();
    for (String text : texts) {
      Proposal proposal = proposal(replica, text);
      inputs.add(core -> core.propose(proposal, now));
    }
    replica.step(inputs);
  }

  /** Several proposals that came in one message. */
  void proposeTogether(ScriptReplica replica, List<String> texts) {
    List<Proposal> proposals = texts.stream().map(text -> proposal(replica, text)).toList();
    replica.step(List.of(core -> core.proposeAll(proposals, now)));
  }

  private Proposal proposal(ScriptReplica replica, String text) {
    String name = EntryText.name(EntryText.payload(text));
    return new Proposal(EntryText.payload(text), waiter(name, Waiter.Kind.PROPOSAL, replica));
  }

  void read(ScriptReplica replica, List<String> names) {
    List<Consumer<RaftCore>> inputs = new ArrayList<>();
    for (String name : names) {
      Waiter reader = waiter(name, Waiter.Kind.READ, replica);
      inputs.add(core -> core.read(reader, now));
    }
    replica.step(inputs);
  }

  void transfer(ScriptReplica replica, @Nullable ReplicaId target, String name) {
    Waiter waiter = waiter(name, Waiter.Kind.TRANSFER, replica);
    replica.step(core -> core.transferLeadership(waiter, target, now));
  }

  private Waiter waiter(String name, Waiter.Kind kind, ScriptReplica replica) {
    Waiter waiter = new Waiter(name, kind, replica.id(), checker.highestCommitted());
    checker.waits(waiter);
    return waiter;
  }

  /** Kills a replica; the write in flight may have reached the disk without anybody knowing. */
  void crash(ScriptReplica replica, boolean keepWrite) {
    PendingWrite write = replica.disk().inFlight();
    if (keepWrite && write != null) {
      replica.disk().complete();
      checker.durable(replica.id(), write.event());
    }
    replica.crash();
    checker.waiters().stream()
        .filter(waiter -> waiter.askedAt().equals(replica.id()) && !waiter.isAnswered())
        .forEach(Waiter::lose);
  }

  /** The effects of a step were executed, one of which said that the replica must stop. */
  void failStopped(ScriptReplica replica) {
    stop(replica, false);
  }

  /** Stops a replica, which answers everybody who waits first, and does not wait for its write. */
  void stop(ScriptReplica replica, boolean keepWrite) {
    List<Effect> effects = new ArrayList<>();
    replica.core().stop(now);
    replica.core().takeEffects(effects::add);
    effects.forEach(effect -> execute(replica, effect));
    for (Waiter waiter : checker.waiters()) {
      Require.that(
          waiter.isAnswered()
              || waiter.isLost()
              || !waiter.askedAt().equals(replica.id())
              || replica.machine().holds(waiter),
          "%s stopped and did not answer %s",
          replica.id(),
          waiter);
    }
    crash(replica, keepWrite);
  }

  void cut(ReplicaId from, ReplicaId to) {
    network.cut(new Link(from, to));
  }

  void isolate(ReplicaId id) {
    for (ReplicaId other : configuration.members()) {
      if (!other.equals(id)) {
        cut(id, other);
        cut(other, id);
      }
    }
  }
}
