package org.raftactors.core.script;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.raftactors.core.CoreSettings;
import org.raftactors.core.CoreStatus;
import org.raftactors.core.Effect;
import org.raftactors.core.RaftCore;
import org.raftactors.core.log.LogEntry;
import org.raftactors.core.log.LogPosition;
import org.raftactors.core.log.RaftLog;
import org.raftactors.core.log.SnapshotBase;
import org.raftactors.core.membership.ReplicaId;
import org.raftactors.core.write.PendingWrite;

/**
 * One replica: a real core, driven exactly as the partition actor drives it (one input, its
 * effects, and a separate turn for the write), with a scripted disk and state machine. A crash
 * loses core, machine and write in flight; the disk stays.
 */
final class ScriptReplica {

  private static final int MAX_TURNS = 10_000;

  /** How far back entries in memory are compared with those on disk, after each write. */
  private static final int COMPARED_ENTRIES = 64;

  private final ReplicaId id;
  private final ScriptCluster cluster;
  private final RandomGenerator random;
  private final Deque<Effect.Fetch> fetches = new ArrayDeque<>();
  private ScriptDisk disk;
  private ScriptMachine machine;
  private @Nullable RaftCore core;
  private RaftLog log;
  private boolean automaticDrain = true;
  private boolean automaticFetch = true;
  private boolean paused;
  private @Nullable CoreStatus lastStatus;

  ScriptReplica(ReplicaId id, ScriptCluster cluster, SnapshotBase base, RandomGenerator random) {
    this.id = id;
    this.cluster = cluster;
    this.random = random;
    this.disk = new ScriptDisk(base);
    this.machine = new ScriptMachine(base.position().index());
    this.log = disk.replay(cluster.settings().tailBytes());
  }

  ReplicaId id() {
    return id;
  }

  ScriptDisk disk() {
    return disk;
  }

  ScriptMachine machine() {
    return machine;
  }

  SafetyChecker checker() {
    return cluster.checker();
  }

  RandomGenerator random() {
    return random;
  }

  RaftLog log() {
    return log;
  }

  Deque<Effect.Fetch> fetches() {
    return fetches;
  }

  boolean isRunning() {
    return core != null;
  }

  boolean isPaused() {
    return paused;
  }

  void paused(boolean now) {
    paused = now;
  }

  void automaticDrain(boolean on) {
    automaticDrain = on;
  }

  void automaticFetch(boolean on) {
    automaticFetch = on;
  }

  /** Puts another disk in, before a restart. */
  void insert(ScriptDisk newDisk) {
    disk = newDisk;
  }

  RaftCore core() {
    RaftCore running = core;
    if (running == null) {
      throw new IllegalStateException(id + " does not run");
    }
    return running;
  }

  CoreStatus status() {
    return core().status();
  }

  long staleness() {
    return core().stalenessNanos(cluster.now());
  }

  long termAt(long index) {
    return log.termAt(index);
  }

  boolean hasTermAt(long index, long term) {
    return index <= log.lastIndex() && log.termAt(index) == term;
  }

  /** Starts from what is durable, with the events' entries in memory or only on disk. */
  void start(boolean cold) {
    start(cold, true);
  }

  /** The same, perhaps after all snapshot files were lost. */
  void start(boolean cold, boolean withState) {
    Require.that(core == null, "%s runs already", id);
    CoreSettings settings = cluster.settings();
    log = cold ? disk.cold() : disk.replay(settings.tailBytes());
    boolean automaticMachine = machine.isAutomatic();
    machine = new ScriptMachine(withState ? disk.base().position().index() : 0);
    ScriptDisk.Snapshot snapshot = withState ? disk.usable() : null;
    if (snapshot != null) {
      machine.start(snapshot);
    }
    machine.automatic(automaticMachine);
    fetches.clear();
    checker().restarted(id);
    lastStatus = null;
    core =
        new RaftCore(
            settings, id, disk.state(), log, machine.appliedIndex(), random, cluster.now());
    step(started -> {});
  }

  /** Everything that is not durable is gone. */
  void crash() {
    core = null;
    disk.loseInFlight();
    fetches.clear();
  }

  /** One input of the core, its effects, and whatever follows from them without delay. */
  void step(Consumer<RaftCore> input) {
    step(List.of(input));
  }

  /** Several inputs that were in the mailbox together, before the mailbox was drained. */
  void step(List<Consumer<RaftCore>> inputs) {
    for (Consumer<RaftCore> input : inputs) {
      if (isRunning()) {
        turn(input);
      }
    }
    if (automaticDrain) {
      drain();
    }
    follow();
  }

  /** The turn in which the mailbox was drained and the next write may start. */
  void drain() {
    for (int turns = 0; isRunning() && wantsTurn(); turns++) {
      Require.that(turns < MAX_TURNS, "%s drains without end", id);
      turn(running -> running.drained(cluster.now(), cluster.wallClockMillis()));
      PendingWrite write =
          isRunning() ? core().nextWrite(cluster.now(), cluster.wallClockMillis()) : null;
      takeEffects();
      if (write != null) {
        started(write);
      }
    }
  }

  boolean wantsTurn() {
    return core().wantsDrain() || (core().wantsWrite() && disk.inFlight() == null);
  }

  private void started(PendingWrite write) {
    cluster.transcript().detail(() -> id + " writes " + Describe.write(write));
    disk.start(write);
    checker().entries(write.event().previous(), write.event().entries());
    if (disk.isAutomatic()) {
      completeWrite();
    }
  }

  /** The write in flight is done. */
  void completeWrite() {
    PendingWrite write = Require.notNull(disk.inFlight(), "write in flight");
    disk.complete();
    checker().durable(id, write.event());
    cluster.transcript().detail(() -> id + " wrote " + write.number());
    turn(running -> running.written(write.number(), cluster.now()));
    checkReplay();
  }

  /** The write in flight is done, and what follows from that happens. */
  void finishWrite() {
    completeWrite();
    step(List.of());
  }

  /** What replaying the journal gives must equal the log in memory. */
  private void checkReplay() {
    if (!isRunning() || core().wantsWrite() || core().wantsDrain()) {
      return; // memory is ahead
    }
    Require.that(
        log.last().equals(disk.state().last())
            && Arrays.equals(log.terms().firstIndexes(), disk.state().terms().firstIndexes())
            && Arrays.equals(log.terms().terms(), disk.state().terms().terms())
            && status().hardState().equals(disk.hardState()),
        "%s: the log in memory ends at %s, replayed it ends at %s; hard state %s, replayed %s",
        id,
        log.last(),
        disk.state().last(),
        status().hardState(),
        disk.hardState());
    long from = Math.max(log.firstInMemory(), log.lastIndex() - COMPARED_ENTRIES);
    if (from <= log.lastIndex()) {
      for (LogEntry entry : log.slice(from, log.lastIndex(), Long.MAX_VALUE)) {
        Require.that(
            entry.equals(disk.entry(entry.index())),
            "%s: %s in memory is not what replaying gives",
            id,
            entry.position());
      }
    }
  }

  private void follow() {
    while (isRunning()) {
      if (machine.isAutomatic() && machine.hasWork()) {
        applyNext();
      } else if (automaticFetch && !fetches.isEmpty()) {
        answerFetch(true);
      } else {
        return;
      }
    }
  }

  void applyNext() {
    if (machine.isInstallNext()) {
      long index = machine.install();
      cluster.transcript().outcome(() -> id + " installed " + index);
      turn(running -> running.snapshotInstalled(index, cluster.now()));
      if (automaticDrain) {
        drain();
      }
      return;
    }
    long index = machine.next(this, cluster.transcript());
    if (index >= 0) {
      turn(running -> running.applied(index, cluster.now()));
      if (automaticDrain) {
        drain();
      }
    }
  }

  void answerFetch(boolean found) {
    Effect.Fetch fetch = fetches.remove();
    answer(
        fetch,
        found ? disk.read(fetch.firstIndex(), fetch.lastIndex(), fetch.maxBytes()) : List.of());
  }

  /** As if the journal still held entries of an older term, which were cut off since. */
  void answerFetchWithStale() {
    Effect.Fetch fetch = fetches.remove();
    List<LogEntry> stale = new ArrayList<>();
    for (long index = fetch.firstIndex(); index <= fetch.lastIndex(); index++) {
      stale.add(EntryText.entry(new LogPosition(index, termAt(index) - 1), "stale" + index));
    }
    answer(fetch, stale);
  }

  private void answer(Effect.Fetch fetch, List<LogEntry> entries) {
    turn(running -> running.fetched(fetch, entries, cluster.now()));
    if (automaticDrain) {
      drain();
    }
    if (!automaticFetch) {
      follow();
    }
  }

  private void turn(Consumer<RaftCore> input) {
    input.accept(core());
    takeEffects();
  }

  private void takeEffects() {
    if (!isRunning()) {
      return;
    }
    RaftCore running = core();
    List<Effect> effects = new ArrayList<>();
    running.takeEffects(effects::add);
    for (Effect effect : effects) {
      cluster.execute(this, effect);
    }
    if (effects.stream().anyMatch(effect -> effect instanceof Effect.FailStop)) {
      cluster.failStopped(this);
    }
    if (isRunning()) {
      noteCommit();
      cluster.stepped(this);
    }
  }

  private void noteCommit() {
    CoreStatus status = status();
    CoreStatus before = lastStatus;
    lastStatus = status;
    if (before != null && before.commitIndex() != status.commitIndex()) {
      cluster.transcript().outcome(() -> id + " commit " + status.commitIndex());
    }
  }
}
