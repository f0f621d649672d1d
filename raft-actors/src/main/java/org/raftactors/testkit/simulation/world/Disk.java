package org.raftactors.testkit.simulation.world;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.raftactors.core.Effect;
import org.raftactors.core.log.LogEntry;
import org.raftactors.core.log.RaftLog;
import org.raftactors.core.log.SnapshotBase;
import org.raftactors.core.write.DurableState;
import org.raftactors.core.write.PendingWrite;
import org.raftactors.core.write.Written;
import org.raftactors.testkit.simulation.check.DurableImage;
import org.raftactors.testkit.simulation.check.Property;
import org.raftactors.testkit.simulation.check.Violation;
import org.raftactors.testkit.simulation.plan.Parameters;

/**
 * The journal of one replica: the events that are durable, and at most one write in flight, which a
 * crash may lose. It outlives all crashes. What production reads back at a start is here too: the
 * state that the events add up to, saved now and then.
 */
final class Disk {

  private static final int SLOW = 10;

  private final Parameters.Disk shape;
  private final Parameters.Snapshots snapshots;
  private final SplittableRandom random;
  private final SnapshotBase base;
  private final long tailBytes;
  private final Misbehaviour misbehaviour;
  private final DurableImage image = new DurableImage();
  private final List<Written> events = new ArrayList<>();

  /** Which event holds each entry. */
  private final Map<Long, Long> heldBy = new TreeMap<>();

  /** Events up to here are deleted. */
  private long deletedTo;

  private DurableState state;

  /** The saved state, and how many events it covers. */
  private DurableState saved;

  private int savedEvents;
  private long sequenceNumber;

  /** Written, but not durable: only a disk that misbehaves has that. */
  private @Nullable Written cached;

  private @Nullable PendingWrite inFlight;
  private @Nullable DurableState stateInFlight;
  private long slowUntil;
  private boolean hanging;
  private boolean failing;
  private boolean healthy;

  Disk(
      Parameters parameters,
      SplittableRandom random,
      SnapshotBase base,
      Misbehaviour misbehaviour) {
    this.shape = parameters.disk();
    this.snapshots = parameters.snapshots();
    this.random = random;
    this.base = base;
    this.tailBytes = parameters.settings().tailBytes();
    this.misbehaviour = misbehaviour;
    this.state = DurableState.initial(base);
    this.saved = state;
  }

  DurableImage image() {
    return image;
  }

  DurableState state() {
    return state;
  }

  @Nullable PendingWrite inFlight() {
    return inFlight;
  }

  /**
   * Begins a write.
   *
   * @throws org.raftactors.core.invariant.InvariantViolation if it does not follow on the last one
   */
  void start(PendingWrite write) {
    if (inFlight != null) {
      throw new IllegalStateException("a second write while one is in flight");
    }
    stateInFlight = state.after(write.event(), ++sequenceNumber);
    inFlight = write;
  }

  /** How long a write takes that begins now. */
  long latency(long now) {
    if (healthy) {
      return shape.delayMin();
    }
    long delay = Delay.draw(random, shape.delayMin(), shape.delaySpan(), shape.tail());
    return now < slowUntil ? SLOW * delay : delay;
  }

  boolean isHanging() {
    return hanging;
  }

  /** From now on, or no longer, the disk answers no write. */
  void hang(boolean on) {
    hanging = on;
  }

  void slowUntil(long time) {
    slowUntil = Math.max(slowUntil, time);
  }

  void failNext() {
    failing = true;
  }

  /** Whether the write in flight, which is done, has failed. */
  boolean takeFailure() {
    boolean failed = failing;
    failing = false;
    return failed;
  }

  void heal() {
    hanging = false;
    failing = false;
    slowUntil = 0;
    healthy = true;
  }

  /** The write in flight is durable from now on. */
  Written complete() {
    PendingWrite write = inFlight;
    DurableState next = stateInFlight;
    if (write == null || next == null) {
      throw new IllegalStateException("no write is in flight");
    }
    inFlight = null;
    if (misbehaviour == Misbehaviour.ACKNOWLEDGE_BEFORE_DURABLE) {
      if (cached != null) {
        append(cached, next);
      }
      cached = write.event();
    } else {
      append(write.event(), next);
    }
    state = next;
    return write.event();
  }

  private void append(Written event, DurableState next) {
    image.append(event);
    events.add(event);
    for (LogEntry entry : event.entries()) {
      heldBy.put(entry.index(), (long) events.size());
    }
    long step = shape.snapshotEvery() + 1;
    boolean due =
        step == 1
            || next.writtenBytes() / step != state.writtenBytes() / step
            || !next.base().equals(state.base());
    boolean fails = snapshots.every() > 0 && !healthy && random.nextInt(1000) < snapshots.failure();
    if (due && !fails) {
      saved = next;
      savedEvents = events.size();
      delete();
    }
  }

  /** What lies before the base goes, as far as a start and reading back can do without it. */
  private void delete() {
    long base = saved.base().position().index();
    boolean hasEntries = saved.last().index() > base;
    long firstNeeded = hasEntries ? saved.sequence().startFor(base + 1) : savedEvents;
    deletedTo = Math.max(deletedTo, Math.min(firstNeeded, savedEvents) - 1);
  }

  /** A crash: the write in flight, torn perhaps, is not found again. */
  void lose() {
    inFlight = null;
    sequenceNumber = events.size();
    if (misbehaviour != Misbehaviour.NONE) {
      misbehave();
    }
  }

  /** What a start finds: the saved state, and the events after it. */
  DurableState recover() {
    DurableState recovered = saved;
    for (int i = savedEvents; i < events.size() && misbehaviour == Misbehaviour.NONE; i++) {
      recovered = recovered.after(events.get(i), i + 1L);
    }
    state = misbehaviour == Misbehaviour.NONE ? recovered : state;
    return state;
  }

  private void misbehave() {
    cached = null;
    if (misbehaviour == Misbehaviour.LOSE_LAST && !events.isEmpty()) {
      events.remove(events.size() - 1);
    }
    image.clear();
    state = DurableState.initial(base);
    saved = state;
    savedEvents = 0;
    for (int i = 0; i < events.size(); i++) {
      image.append(events.get(i));
      state = state.after(events.get(i), i + 1L);
    }
    sequenceNumber = events.size();
    if (misbehaviour == Misbehaviour.FORGET_VOTE) {
      image.forgetVote();
      state =
          new DurableState(
              image.hardState(),
              state.base(),
              state.terms(),
              state.sequence(),
              state.commitHint(),
              state.lastTimestampMillis(),
              state.writtenBytes());
    }
  }

  /** Draws whether the write in flight is found after a crash. */
  boolean drawLanded() {
    return random.nextInt(1000) < shape.landed();
  }

  /** The log as a start finds it: up to the saved state on disk only, the rest in memory. */
  RaftLog replay() {
    RaftLog log = RaftLog.cold(saved.base(), saved.terms());
    for (int i = savedEvents; i < events.size(); i++) {
      log.replay(events.get(i), tailBytes);
    }
    return log;
  }

  /** Whether entries are read when they are asked for, not when they are delivered. */
  boolean readsAtOnce() {
    return random.nextBoolean();
  }

  /** When entries that are asked for now will be there. */
  long fetchDone(long now) {
    return now + (healthy ? 1 : 1 + random.nextLong(shape.fetchSpan()));
  }

  /**
   * The durable entries of a range: fewer than asked for perhaps, or one too many, or none, or what
   * the journal still has of a time before something else was written in their place.
   */
  List<LogEntry> read(Effect.Fetch fetch) {
    if (!healthy && shape.fetchFailure() > 0 && random.nextInt(1000) < shape.fetchFailure()) {
      return List.of();
    }
    boolean old =
        !healthy && shape.fetchOverwritten() > 0 && random.nextInt(1000) < shape.fetchOverwritten();
    List<LogEntry> found = new ArrayList<>();
    long start = Math.max(state.sequence().startFor(fetch.firstIndex()), deletedTo + 1);
    long bytes = 0;
    for (long index = fetch.firstIndex();
        index <= fetch.lastIndex() && bytes < fetch.maxBytes();
        index++) {
      LogEntry overwritten = old ? image.overwritten(index) : null;
      LogEntry entry = overwritten != null ? overwritten : image.entry(index);
      if (entry == null) {
        break;
      }
      if (overwritten == null && heldBy.getOrDefault(index, 0L) < start) {
        throw new Violation(
            Property.REPLAY,
            "entry " + entry.position() + " is in the log, but its event is deleted or not found");
      }
      found.add(entry);
      bytes += entry.sizeBytes();
    }
    return found;
  }
}
