package org.raftactors.testkit.simulation.world;

import java.util.ArrayDeque;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.raftactors.core.Effect;
import org.raftactors.core.RaftCore;
import org.raftactors.core.log.LogEntry;
import org.raftactors.core.log.RaftLog;
import org.raftactors.core.log.SnapshotBase;
import org.raftactors.core.membership.ReplicaId;
import org.raftactors.core.write.DurableState;
import org.raftactors.core.write.PendingWrite;
import org.raftactors.testkit.simulation.check.DurableImage;
import org.raftactors.testkit.simulation.check.ReplicaView;
import org.raftactors.testkit.simulation.check.Request;
import org.raftactors.testkit.simulation.plan.Fault;
import org.raftactors.testkit.simulation.plan.Parameters;

/**
 * One replica's process with its disk and its clock, which outlive what runs in it.
 *
 * <p>States: down or running, and meanwhile perhaps paused: then what comes waits in the mailbox. A
 * crash loses everything but the disk and the clock; a stop answers everybody first.
 */
final class Node implements ReplicaView {

  private final World world;
  private final int index;
  private final ReplicaId id;
  private final Parameters parameters;
  private final SplittableRandom coreRandom;
  private final SplittableRandom random;
  private final SplittableRandom snapshotRandom;
  private final Disk disk;
  private final SnapshotFiles files = new SnapshotFiles();
  private final Clock clock;

  /** What waits while the process is paused. */
  private final ArrayDeque<Event> mailbox = new ArrayDeque<>();

  private @Nullable Shell shell;
  private int incarnation;
  private long pausedUntil;
  private long machineStuckUntil;
  private long timersHeldUntil;
  private boolean healthy;

  /** What the state machine made durable last, and up to where that has applied all. */
  private long[] kept;

  private long keptIndex;

  Node(World world, int index, SnapshotBase base, Misbehaviour misbehaviour) {
    this.world = world;
    this.index = index;
    this.id = new ReplicaId(index + 1L);
    this.parameters = world.plan().parameters();
    this.coreRandom = world.seeds().core(index);
    this.random = world.seeds().process(index);
    this.snapshotRandom = world.seeds().files(index);
    this.disk = new Disk(parameters, world.seeds().disk(index), base, misbehaviour);
    this.kept = new long[parameters.load().keys()];
    this.clock = new Clock(parameters.host().skew(), random);
  }

  @Override
  public int index() {
    return index;
  }

  @Override
  public ReplicaId id() {
    return id;
  }

  @Override
  public boolean isRunning() {
    return shell != null;
  }

  Shell shell() {
    Shell running = shell;
    if (running == null) {
      throw new IllegalStateException(id + " does not run");
    }
    return running;
  }

  @Override
  public RaftCore core() {
    return shell().core();
  }

  @Override
  public RaftLog log() {
    return shell().log();
  }

  @Override
  public DurableImage durable() {
    return disk.image();
  }

  Disk disk() {
    return disk;
  }

  SnapshotFiles files() {
    return files;
  }

  SplittableRandom snapshotRandom() {
    return snapshotRandom;
  }

  SplittableRandom coreRandom() {
    return coreRandom;
  }

  boolean isLeader() {
    return shell != null && shell.isLeader();
  }

  private boolean isPaused() {
    return world.now() < pausedUntil;
  }

  long localNow() {
    return clock.local(world.now());
  }

  long wallMillis() {
    return clock.wallMillis(world.now());
  }

  /** Starts from what is durable. */
  void start() {
    if (shell != null) {
      return;
    }
    if (world.isTracing()) {
      world.trace(this, "starts with " + disk.state().hardState() + ", log " + disk.state().last());
    }
    DurableState durable = disk.recover();
    spoilFiles();
    Start start = Start.of(this, durable);
    SnapshotFile file = start.file();
    world.safety().restarted(this, file == null ? start.position().index() : 0);
    if (file != null) {
      world.safety().restored(this, file.base(), file.chain());
    }
    Shell started = new Shell(this, world, start, durable);
    shell = started;
    started.begin();
  }

  /** Some snapshots are not there any more, or not what they were. */
  private void spoilFiles() {
    for (long file : files.indexes()) {
      SnapshotFile before = files.read(file);
      if (before != null && snapshotRandom.nextInt(1000) < parameters.snapshots().lost()) {
        files.spoil(file, snapshotRandom.nextBoolean());
        if (Start.isMissing(this) && !mayLoseState()) {
          files.save(before);
        } else if (world.isTracing()) {
          world.trace(this, "has lost snapshot " + file);
        }
      }
    }
  }

  /** What a majority has lost nobody can give back; then nobody could lead any more. */
  private boolean mayLoseState() {
    int lacking = 1;
    for (Node other : world.nodes().subList(0, parameters.voters())) {
      lacking += other != this && Start.isMissing(other) ? 1 : 0;
    }
    return index >= parameters.voters()
        || lacking <= parameters.voters() - (parameters.voters() / 2 + 1);
  }

  /** Whether something fails at present that fails with a chance. */
  boolean failsNow(int chance) {
    return !healthy && chance > 0 && snapshotRandom.nextInt(1000) < chance;
  }

  /** How long something takes now that may take so long. */
  long span(long most) {
    return healthy ? 1 : 1 + snapshotRandom.nextLong(most);
  }

  /** Perhaps this is the moment of a crash: before anything else is done. */
  void perhapsCrash() {
    if (failsNow(parameters.snapshots().crashes())) {
      Fault fault =
          new Fault(world.now(), Fault.Kind.CRASH, index, span(parameters.host().restartSpan()), 0);
      world.queue().add(world.now(), Event.Kind.FAULT, index, 0, 0, fault);
    }
  }

  /** This incarnation goes on with something later. */
  void laterSelf(long wait, Runnable step) {
    tellSelf(Event.Kind.STEP, world.now() + wait, 0, step);
  }

  /** The disk goes on with something later, unless this incarnation has ended. */
  void onDisk(long wait, Runnable step) {
    tellSelf(Event.Kind.FILE, world.now() + wait, 0, step);
  }

  /** Killed: everything that is not durable is gone. */
  void crash(boolean landed) {
    if (shell != null) {
      world.trace(this, landed ? "crashes, its write has landed" : "crashes");
      end(landed);
    }
  }

  /** Ends in order: whoever waits is answered, only the write in flight is not awaited. */
  void stop(boolean landed) {
    Shell running = shell;
    if (running != null) {
      world.trace(this, landed ? "stops, its write lands" : "stops");
      running.stop(mailbox);
      end(landed);
    }
  }

  /** Its storage does not answer: it stops, and is started again. */
  void failStop() {
    stop(disk.drawLanded());
    world.restart(this, startDone());
  }

  private void end(boolean landed) {
    if (disk.inFlight() != null && landed) {
      completeWrite();
    }
    disk.lose();
    shell = null;
    incarnation++;
    while (!mailbox.isEmpty()) {
      world.queue().recycle(mailbox.remove());
    }
  }

  /** The process does not run until then, but whatever comes waits for it. */
  void pause(long until) {
    if (until > pausedUntil) {
      pausedUntil = until;
      world.queue().add(until, Event.Kind.RESUME, index, 0, 0, null);
    }
  }

  void resume() {
    if (isPaused()) {
      return;
    }
    int waiting = mailbox.size();
    for (int i = 0; i < waiting && !mailbox.isEmpty(); i++) {
      Event event = mailbox.remove();
      handle(event);
      world.queue().recycle(event);
    }
  }

  void jump(long nanos) {
    clock.jump(nanos);
  }

  void stickMachine(long until) {
    machineStuckUntil = Math.max(machineStuckUntil, until);
  }

  /** Timers that are due until then come only then. */
  void holdTimers(long until) {
    timersHeldUntil = Math.max(timersHeldUntil, until);
  }

  /** Whether this is the incarnation that runs. */
  boolean runs(Shell incarnationShell) {
    return shell == incarnationShell;
  }

  /** No fault is left, and nothing is slow. */
  void heal() {
    healthy = true;
    boolean timersHeld = world.now() < timersHeldUntil;
    timersHeldUntil = 0;
    machineStuckUntil = 0;
    pausedUntil = 0;
    disk.heal();
    unhang();
    resume();
    if (timersHeld && shell != null) {
      shell.timerIsOnTime();
    }
  }

  boolean drawLanded() {
    return disk.drawLanded();
  }

  /** When a start that begins now will be complete. */
  long startDone() {
    return world.now() + (healthy ? 1 : 1 + random.nextLong(parameters.host().restartSpan()));
  }

  /** How long a message to itself waits. */
  long mailboxWait() {
    long span = parameters.host().mailboxSpan();
    return healthy || span == 0 ? 0 : random.nextLong(span);
  }

  /** When the state machine is done with what it is given now. */
  long machineTurnAt() {
    long span = parameters.host().applySpan();
    long wait = healthy || span == 0 ? 0 : random.nextLong(span);
    return Math.max(world.now() + wait, machineStuckUntil);
  }

  /** Takes one event of its own; returns whether it may be used again at once. */
  boolean take(Event event) {
    Shell running = shell;
    if (running == null) {
      if (event.payload instanceof Request request) {
        world.clients().refused(request);
      }
      return true;
    }
    switch (event.kind) {
      case MESSAGE, POST -> {}
      case FILE -> {
        if (event.from == incarnation && event.payload instanceof Runnable step) {
          step.run();
        }
        return true;
      }
      case REQUEST -> {
        if (event.payload instanceof Request request) {
          running.arrived(request);
        }
      }
      case TICK -> {
        if (event.from != incarnation || !running.isDue(event)) {
          return true; // cancelled
        }
        if (world.now() < timersHeldUntil) {
          world
              .queue()
              .add(timersHeldUntil, Event.Kind.TICK, index, incarnation, event.number, null);
          return true;
        }
      }
      case WRITE_DONE -> {
        if (!writeDone(event)) {
          return true;
        }
      }
      default -> {
        if (event.from != incarnation) {
          return true; // meant for a former life
        }
      }
    }
    if (isPaused()) {
      mailbox.add(event);
      return false;
    }
    handle(event);
    return true;
  }

  private void handle(Event event) {
    if (shell != null) {
      shell.handle(event);
    }
  }

  /** Begins a write. */
  void write(PendingWrite write) {
    disk.start(write);
    if (!disk.isHanging()) {
      scheduleWriteDone(write);
    }
  }

  private void scheduleWriteDone(PendingWrite write) {
    long at = world.now() + disk.latency(world.now());
    world.queue().add(at, Event.Kind.WRITE_DONE, index, incarnation, write.number(), null);
  }

  /** The disk answers again: what hung is done soon. */
  void unhang() {
    disk.hang(false);
    PendingWrite write = disk.inFlight();
    if (shell != null && write != null) {
      scheduleWriteDone(write);
    }
  }

  /** The disk is done, also if the process is paused; returns whether the replica is to be told. */
  private boolean writeDone(Event event) {
    PendingWrite write = disk.inFlight();
    if (event.from != incarnation || write == null || write.number() != event.number) {
      return false;
    }
    if (disk.isHanging()) {
      return false; // scheduled again when that ends
    }
    if (disk.takeFailure()) {
      world.trace(this, "cannot write");
      failStop();
      return false;
    }
    completeWrite();
    return true;
  }

  private void completeWrite() {
    world.safety().durable(this, disk.complete());
  }

  /** When the entries are there, the replica is told; they are read now or only then. */
  void fetch(Effect.Fetch fetch) {
    List<LogEntry> found = disk.readsAtOnce() ? disk.read(fetch) : null;
    tellSelf(Event.Kind.FETCHED, disk.fetchDone(world.now()), 0, new Shell.Fetched(fetch, found));
  }

  /** The state machine makes its state durable. */
  void keep(long[] registers, long index) {
    kept = registers.clone();
    keptIndex = index;
  }

  /** What the state machine made durable last. */
  long[] kept() {
    return kept.clone();
  }

  /** Up to where that has applied all. */
  long keptIndex() {
    return keptIndex;
  }

  void tellSelf(Event.Kind kind, long at) {
    tellSelf(kind, at, 0, null);
  }

  void tellSelf(Event.Kind kind, long at, long number, @Nullable Object payload) {
    world.queue().add(at, kind, index, incarnation, number, payload);
  }

  void setTimer(long deadline, long number) {
    long span = parameters.host().timerSpan();
    long late = healthy || span == 0 ? 0 : random.nextLong(span);
    long at = Math.max(world.now(), clock.world(deadline)) + late;
    world.queue().add(at, Event.Kind.TICK, index, incarnation, number, null);
  }
}
