package org.raftactors.testkit.simulation.world;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.raftactors.core.CoreSettings;
import org.raftactors.core.Effect;
import org.raftactors.core.Proposal;
import org.raftactors.core.RaftCore;
import org.raftactors.core.Role;
import org.raftactors.core.invariant.InvariantViolation;
import org.raftactors.core.log.LogEntry;
import org.raftactors.core.log.RaftLog;
import org.raftactors.core.log.SnapshotBase;
import org.raftactors.core.membership.ReplicaId;
import org.raftactors.core.message.AppendAccepted;
import org.raftactors.core.message.Heartbeat;
import org.raftactors.core.message.RaftMessage;
import org.raftactors.core.write.DurableState;
import org.raftactors.core.write.PendingWrite;
import org.raftactors.core.write.Written;
import org.raftactors.testkit.simulation.check.Property;
import org.raftactors.testkit.simulation.check.RegisterCommand;
import org.raftactors.testkit.simulation.check.Request;
import org.raftactors.testkit.simulation.check.Violation;

/**
 * One incarnation of a replica: a production core, driven exactly as the partition actor drives it.
 * Each message of its mailbox is one input; its effects are executed at once; what gathered is
 * written in a turn of its own, of which at most one is in the mailbox; messages are handled while
 * a write is in flight. Nothing of this object outlives the incarnation.
 */
final class Shell {

  /** Entries that are read back; null if that is done only when they are delivered. */
  record Fetched(Effect.Fetch fetch, @Nullable List<LogEntry> found) {}

  private static final long NEVER = Long.MAX_VALUE;

  private final Node node;
  private final World world;
  private final CoreSettings settings;
  private final RaftLog log;
  private final RaftCore core;
  private final Machine machine;
  private final Effects effects;
  private final Conduct conduct;
  private final SnapshotTraffic snapshots;
  private final Start start;
  private SnapshotBase durableBase;
  private int openRequests;
  private boolean writeNextQueued;

  /** What is being written, or was last. */
  private @Nullable Written written;

  private long timerAt = NEVER;
  private long timer;

  /** Starts from what is durable. */
  Shell(Node node, World world, Start start, DurableState durable) {
    this.node = node;
    this.world = world;
    this.start = start;
    this.settings = world.plan().parameters().settings();
    this.log = node.disk().replay();
    this.durableBase = durable.base();
    this.machine = new Machine(this, world, start);
    this.snapshots = new SnapshotTraffic(this, world);
    this.effects = new Effects(this, world);
    this.core =
        new RaftCore(
            settings,
            node.id(),
            start.file() == null
                ? durable
                : durable.withTimestampAtLeast(start.file().timestampMillis()),
            log,
            machine.applied(),
            node.coreRandom(),
            node.localNow());
    this.conduct = new Conduct(this, world, settings);
  }

  Node node() {
    return node;
  }

  RaftCore core() {
    return core;
  }

  RaftLog log() {
    return log;
  }

  Machine machine() {
    return machine;
  }

  Conduct conduct() {
    return conduct;
  }

  SnapshotTraffic snapshots() {
    return snapshots;
  }

  /** The first step: what a crash cut short is done again. */
  void begin() {
    SnapshotFile file = start.file();
    if (file != null) {
      int kept = world.plan().parameters().snapshots().kept();
      snapshots.saved(file, node.files().oldestKept(kept, file.index()));
    }
    settle();
  }

  boolean isLeader() {
    return core.role() == Role.LEADER;
  }

  /** How many clients this incarnation owes an answer. */
  int openRequests() {
    return openRequests;
  }

  /** A request is in the mailbox. */
  void arrived(Request request) {
    openRequests++;
    request.arrived(world.safety().highestCommitted());
  }

  /** Whether an event is the timer that was set last. */
  boolean isDue(Event event) {
    return event.number == timer;
  }

  /** Takes one message out of the mailbox. */
  void handle(Event event) {
    world.counted();
    try {
      input(event);
      if (node.runs(this)) {
        conduct.stepped();
      }
    } catch (InvariantViolation e) {
      throw new Violation(Property.CORE_INVARIANT, node.id() + ": " + e.getMessage(), e);
    } catch (Violation e) {
      throw e;
    } catch (RuntimeException e) {
      throw new Violation(Property.CORE_FAILURE, node.id() + " at " + event.kind + ": " + e, e);
    }
  }

  private void input(Event event) {
    switch (event.kind) {
      case MESSAGE -> receive(event);
      case REQUEST -> request(event);
      case WRITE_NEXT -> writeNext();
      case WRITE_DONE -> written(event);
      case MACHINE -> machineTurn();
      case APPLIED -> {
        core.applied(event.number, node.localNow());
        settle();
      }
      case FETCHED -> fetched(event);
      case POST -> {
        if (event.payload instanceof SnapshotPost post) {
          snapshots.heard(post);
        }
      }
      case STEP -> {
        if (event.payload instanceof Runnable step) {
          step.run();
        }
      }
      case TICK -> {
        timerAt = NEVER;
        core.tick(node.localNow());
        settle();
        if (node.runs(this)) {
          conduct.ticked();
        }
      }
      default -> throw new IllegalArgumentException("not for a replica: " + event.kind);
    }
  }

  private void receive(Event event) {
    if (event.payload instanceof RaftMessage message) {
      Node from = world.node(event.from);
      conduct.receives(from.id(), message);
      world.safety().arrives(node, from, message);
      core.receive(from.id(), message, node.localNow());
      settle();
      if (!node.runs(this)) {
        return;
      }
      conduct.received(from.id(), message);
      if (message instanceof AppendAccepted && isLeader()) {
        world.safety().matched(node, from);
      } else if (message instanceof Heartbeat heartbeat) {
        world.safety().confirmations().taken(node, from.id(), heartbeat);
      }
    }
  }

  private void request(Event event) {
    if (event.payload instanceof Request request) {
      boolean refused = conduct.asks(request);
      ask(request, node.localNow());
      settle();
      if (refused && node.runs(this)) {
        conduct.checkRefused(request);
      }
    }
  }

  private void ask(Request request, long now) {
    switch (request.kind()) {
      case PUT, CAS -> core.propose(new Proposal(RegisterCommand.encode(request), request), now);
      case GET -> {
        if (machine.queuedReads() >= settings.maxPendingReads()) {
          reject(request, core.leader());
        } else {
          core.read(request, now);
        }
      }
      case STALE_GET -> {
        if (machine.queuedReads() < settings.maxPendingReads()
            && core.stalenessNanos(now) <= request.expected()) {
          conduct.stale(request, now);
          request.arrived(0); // it need not see anything
          machine.add(request, 0);
        } else {
          reject(request, core.leader());
        }
      }
      case TRANSFER -> {
        ReplicaId target = request.key() < 0 ? null : world.node(request.key()).id();
        core.transferLeadership(request, target, now);
      }
      default -> throw new IllegalArgumentException("not a request: " + request);
    }
  }

  private void writeNext() {
    writeNextQueued = false;
    long now = node.localNow();
    long wall = node.wallMillis();
    core.drained(now, wall);
    if (effects.execute(core)) {
      node.failStop();
      return;
    }
    PendingWrite write = core.nextWrite(now, wall);
    settle();
    if (write != null && node.runs(this)) {
      world.safety().writing(write.event());
      if (world.isTracing()) {
        world.trace(node, "writes " + Describe.event(write.event(), world.requests()));
      }
      conduct.writes();
      written = write.event();
      node.write(write);
    }
  }

  private void written(Event event) {
    conduct.written();
    SnapshotBase base = node.disk().state().base();
    if (!base.equals(durableBase)) {
      durableBase = base;
      node.perhapsCrash();
      snapshots.baseMoved();
    }
    core.written(event.number, node.localNow());
    settle();
    // What replaying the journal gives must be what is in memory.
    Written last = written;
    if (last != null && node.disk().inFlight() == null && !core.wantsWrite()) {
      world.safety().replayed(node, node.disk().state().terms(), last);
    }
  }

  private void fetched(Event event) {
    if (event.payload instanceof Fetched fetched) {
      List<LogEntry> found = fetched.found();
      core.fetched(
          fetched.fetch(),
          found == null ? node.disk().read(fetched.fetch()) : found,
          node.localNow());
      settle();
    }
  }

  /** After each input: does what the core wants, asks for the next write, sets the timer. */
  void settle() {
    boolean failStop = effects.execute(core);
    world.safety().stepped(node);
    snapshots.stepped();
    if (failStop) {
      node.failStop();
      return;
    }
    callMachine();
    if (!writeNextQueued && (core.wantsDrain() || core.wantsWrite())) {
      writeNextQueued = true;
      node.tellSelf(Event.Kind.WRITE_NEXT, world.now() + node.mailboxWait());
    }
    // A deadline that moved away is left to a tick for nothing, as in production.
    long deadline = core.nextDeadline();
    if (deadline < timerAt) {
      timerAt = deadline;
      node.setTimer(deadline, ++timer);
    }
  }

  /** The timer does not wait any longer for what held it. */
  void timerIsOnTime() {
    timerAt = NEVER;
    settle();
  }

  private void machineTurn() {
    long applied = machine.next();
    if (applied >= 0) {
      node.tellSelf(Event.Kind.APPLIED, world.now(), applied, null);
    }
    callMachine();
  }

  void callMachine() {
    if (machine.wantsTurn()) {
      machine.called();
      node.tellSelf(Event.Kind.MACHINE, node.machineTurnAt());
    }
  }

  /** Everybody who waits is answered: here, or in what the machine or the mailbox holds. */
  void stop(Iterable<Event> mailbox) {
    core.stop(node.localNow());
    effects.answersOnly(core);
    machine.abandon();
    for (Event event : mailbox) {
      if (event.payload instanceof Request request && event.kind == Event.Kind.REQUEST) {
        reject(request, null);
      }
    }
    if (openRequests != 0) {
      throw new Violation(
          Property.ONE_ANSWER,
          node.id() + " stopped and left " + openRequests + " requests unanswered");
    }
  }

  void serve(Request request, long readIndex, long value) {
    world.safety().served(node, request, readIndex);
    world.requests().done(request, value);
    answered(request);
  }

  void committed(Request request, LogEntry entry, long result) {
    world.requests().committed(request, entry, result);
    answered(request);
  }

  void unknown(Request request) {
    world.requests().unknown(request);
    answered(request);
  }

  void reject(Request request, @Nullable ReplicaId leader) {
    world.requests().rejected(request, leader == null ? -1 : (int) leader.value() - 1);
    answered(request);
  }

  void transferEnded(Request request) {
    world.requests().done(request, 0);
    answered(request);
  }

  private void answered(Request request) {
    openRequests--;
    conduct.answers(request);
    world.clients().answered(request);
  }
}
