package org.raftactors.actor;

import java.time.Duration;
import java.util.Map;
import org.apache.pekko.actor.Cancellable;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.BehaviorInterceptor;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.Signal;
import org.apache.pekko.actor.typed.Terminated;
import org.apache.pekko.actor.typed.TypedActorContext;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.jspecify.annotations.Nullable;
import org.raftactors.Connect;
import org.raftactors.Describe;
import org.raftactors.PartitionStatus;
import org.raftactors.Propose;
import org.raftactors.ProposeBatch;
import org.raftactors.RaftPartition;
import org.raftactors.Read;
import org.raftactors.ReadLevel;
import org.raftactors.ReadLog;
import org.raftactors.RejectReason;
import org.raftactors.TakeSnapshot;
import org.raftactors.TransferLeadership;
import org.raftactors.codec.PeerMessage;
import org.raftactors.codec.SnapshotMessage;
import org.raftactors.core.RaftCore;
import org.raftactors.core.Refusal;
import org.raftactors.core.log.RaftLog;
import org.raftactors.core.membership.ReplicaId;
import org.raftactors.core.message.RaftMessage;
import org.raftactors.core.message.StateDigest;
import org.raftactors.core.write.DurableState;
import org.raftactors.core.write.PendingWrite;
import org.raftactors.snapshot.SnapshotEvent;
import org.raftactors.snapshot.SnapshotInfo;
import org.raftactors.snapshot.Snapshots;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One incarnation of a replica: takes every message of ours before the event-sourced inside sees
 * it, also while that writes or recovers, makes it one input of the core, and lets {@link Effects}
 * do what the core wants done.
 *
 * <p>States: restoring, until the inside has recovered; running; dying, after anything has failed:
 * then clients in the mailbox are refused until the parent, which passes nothing more on, has said
 * {@link ShellMessage.DieNow}; stopped, in {@code PostStop}, where every request that nobody has
 * answered gets its answer. What is durable is the inside's matter; of this object nothing outlives
 * the incarnation.
 *
 * <p>How a write is driven: whatever gathers is written when {@link ShellMessage.WriteNext} is
 * handled, of which at most one is in the mailbox, and which is the only message that is passed
 * inward. The target it is passed to belongs to that one call: kept, it would write under a used
 * sequence number.
 */
final class PartitionShell<C, Q, R> extends BehaviorInterceptor<Object, DurableLog.Persist>
    implements DurableLog.Listener {

  private static final Logger logger = LoggerFactory.getLogger(PartitionShell.class);
  private static final long NEVER = Long.MAX_VALUE;

  private final ActorContext<RaftPartition.Command> context;
  private final ReplicaBlueprint<C, Q, R> blueprint;
  private final ActorRef<RaftPartition.Command> parent;
  private final ReplicaClock clock;
  private final Answers answers;
  private final Peers peers;
  private final HandedOver handedOver = new HandedOver();
  private final JournalReader journalReader;
  private final LogDeletion logDeletion;
  private final Starts.Start start;
  private final Room room;
  private final Tails tails;
  private final Runnable endDamageWatch;
  private final LogReaders logReaders;

  private @Nullable Preparation<C, Q, R> preparation;
  private @Nullable Running running;
  private @Nullable Throwable insideFailure;
  private @Nullable Throwable crash;

  /** What exists from recovery on. */
  private static final class Running {
    private final RaftCore core;
    private final Effects effects;
    private final SnapshotTraffic snapshots;
    private final Digests digests;
    private boolean writeNextQueued;
    private @Nullable Cancellable timer;
    private long timerAt = NEVER;

    private Running(RaftCore core, Effects effects, SnapshotTraffic snapshots, Digests digests) {
      this.core = core;
      this.effects = effects;
      this.snapshots = snapshots;
      this.digests = digests;
    }
  }

  private PartitionShell(
      ActorContext<RaftPartition.Command> context,
      ReplicaBlueprint<C, Q, R> blueprint,
      JournalReader journalReader,
      Starts.Start start,
      ActorRef<RaftPartition.Command> parent,
      Map<ReplicaId, ActorRef<RaftPartition.Command>> stablePeers) {
    super(Object.class); // the journal's replies too: it is with them that writes fail
    this.context = context;
    this.blueprint = blueprint;
    this.journalReader = journalReader;
    this.start = start;
    this.parent = parent;
    this.clock = blueprint.surroundings().clock();
    this.answers = new Answers(blueprint.settings());
    this.logDeletion = new LogDeletion(context, blueprint);
    this.room = new Room(context.getSystem(), blueprint, answers);
    this.tails = Tails.get(context.getSystem());
    ActorRef<RaftPartition.Command> self = context.getSelf();
    this.endDamageWatch =
        blueprint
            .logStore()
            .watchDamage(
                context.getSystem(),
                blueprint.spec().persistenceId(),
                found -> self.tell(new ShellMessage.Damaged(found)));
    this.logReaders = new LogReaders(context, blueprint, journalReader);
    long directFor = blueprint.settings().core().electionTimeoutMin();
    this.peers =
        new Peers(
            blueprint.spec(),
            context.getSelf(),
            stablePeers,
            directFor,
            blueprint.surroundings().links().apply(context.getSystem()));
    tails.join(); // last: an incarnation that cannot even begin does not leave, either
  }

  /**
   * The behavior of one incarnation. Everything is made anew in it: an object that outlived a crash
   * would remember what was never written.
   *
   * @param blueprint of the replica
   * @param journalReader of its journal
   * @param start told how far it is
   * @param parent told when the replica has recovered
   * @param peers the parents of the other replicas
   */
  static <C, Q, R> Behavior<RaftPartition.Command> create(
      ReplicaBlueprint<C, Q, R> blueprint,
      JournalReader journalReader,
      Starts.Start start,
      ActorRef<RaftPartition.Command> parent,
      Map<ReplicaId, ActorRef<RaftPartition.Command>> peers) {
    return Behaviors.setup(
        context -> {
          PartitionShell<C, Q, R> shell =
              new PartitionShell<>(context, blueprint, journalReader, start, parent, peers);
          Behavior<DurableLog.Persist> inside = DurableLog.create(context, blueprint, start, shell);
          return Behaviors.intercept(() -> shell, inside).narrow();
        });
  }

  @Override
  public Behavior<DurableLog.Persist> aroundReceive(
      TypedActorContext<Object> ctx, Object message, ReceiveTarget<DurableLog.Persist> target) {
    if (crash != null) {
      return whileDying(message);
    }
    try {
      Behavior<DurableLog.Persist> next =
          message instanceof RaftPartition.Command command
              ? receive(ctx, command, target)
              : pass(ctx, message, target);
      return Behavior.isAlive(next) ? next : die(reasonOfInside());
    } catch (RuntimeException | AssertionError e) {
      return die(e);
    }
  }

  private Behavior<DurableLog.Persist> receive(
      TypedActorContext<Object> ctx,
      RaftPartition.Command message,
      ReceiveTarget<DurableLog.Persist> target) {
    if (message instanceof ShellMessage.Damaged damaged) {
      throw new LogDamaged(damaged.what());
    }
    Running now = running;
    if (now == null) {
      if (message instanceof Preparation.Done<?, ?, ?> done) {
        prepared(done);
      } else {
        whileRestoring(message);
      }
      return Behaviors.same();
    }
    if (message instanceof ShellMessage.WriteNext) {
      PendingWrite write = nextWrite(now);
      return write == null ? Behaviors.same() : target.apply(ctx, persist(now, write));
    }
    step(now, message, clock.nanos());
    return Behaviors.same();
  }

  /** What Pekko sends to its own behavior, whose type says nothing of that. */
  @SuppressWarnings({"unchecked", "rawtypes"})
  private static Behavior<DurableLog.Persist> pass(
      TypedActorContext<Object> ctx, Object message, ReceiveTarget<DurableLog.Persist> target) {
    return ((ReceiveTarget) target).apply(ctx, message);
  }

  @Override
  public void failing(Throwable cause) {
    insideFailure = cause;
  }

  @Override
  public void stateSaved(long sequenceNumber, DurableState durable) {
    logDeletion.stateSaved(sequenceNumber, durable);
  }

  @Override
  public void stateNotSaved(Throwable cause) {
    logger.warn("{}: the state of the log could not be saved", blueprint.label(), cause);
  }

  private Throwable reasonOfInside() {
    return insideFailure != null ? insideFailure : new IllegalStateException("its log stopped");
  }

  /** From now on nothing is done but answering, until the parent has stopped passing on. */
  private Behavior<DurableLog.Persist> die(Throwable cause) {
    crash = cause;
    parent.tell(new ShellMessage.Dying(context.getSelf(), cause)); // first: the core may be broken
    stopCore();
    return Behaviors.same();
  }

  private Behavior<DurableLog.Persist> whileDying(Object message) {
    if (message instanceof ShellMessage.DieNow) {
      return Behaviors.stopped();
    } else if (message instanceof RaftPartition.Command command) {
      Answers.whileWithout(
          command,
          RejectReason.UNAVAILABLE,
          answers.afterElection(),
          () ->
              Statuses.notRunning(
                  blueprint.spec(), PartitionStatus.State.RESTARTING, "crashed: " + crash));
    }
    return Behaviors.same();
  }

  private void step(Running replica, RaftPartition.Command message, long now) {
    RaftCore core = replica.core;
    if (message instanceof PeerMessage peerMessage) {
      if (peers.accepts(peerMessage, now)) {
        receive(replica, peerMessage.from(), peerMessage.message(), now);
      }
    } else if (message instanceof Propose propose) {
      room.propose(core, propose, now);
    } else if (message instanceof ProposeBatch batch) {
      room.propose(core, batch, now);
    } else if (message instanceof ShellMessage.Applied applied) {
      handedOver.applied(applied.index());
      start.applied(applied.index(), applied.bytes());
      core.applied(applied.index(), now);
    } else if (message instanceof Read read) {
      read(replica, read, now);
    } else if (message instanceof ShellMessage.Tick) {
      replica.timerAt = NEVER;
      core.tick(now);
    } else if (message instanceof ShellMessage.Fetched fetched) {
      replica.effects.check(fetched);
      core.fetched(fetched.fetch(), fetched.entries(), now);
    } else if (message instanceof Describe describe) {
      describe
          .replyTo()
          .tell(Statuses.running(blueprint.spec(), core.status(), replica.snapshots.progress()));
    } else if (message instanceof TransferLeadership transfer) {
      core.transferLeadership(transfer, transfer.target().orElse(null), now);
    } else if (message instanceof TakeSnapshot request) {
      replica.snapshots.asked(request, now);
    } else if (message instanceof Connect connect) {
      peers.connect(connect.replica(), connect.ref());
    } else if (message instanceof SnapshotMessage snapshotMessage) {
      replica.snapshots.offered(snapshotMessage);
    } else if (message instanceof SnapshotEvent event) {
      replica.snapshots.happened(event, replica.effects.durable(), now);
    } else if (message instanceof ShellMessage.Digested own) {
      replica.digests.applied(own, core.status(), now);
    } else if (message instanceof ReadLog readLog) {
      logReaders.read(readLog, core, replica.effects.durable(), now);
    } else if (message instanceof ShellMessage.LogRead read) {
      logReaders.found(read, core);
    } else if (message instanceof ShellMessage.Deleted deleted) {
      logDeletion.done(deleted);
    } else {
      throw new IllegalArgumentException("not a message of a replica: " + message.getClass());
    }
    settle(replica, now);
  }

  private void receive(Running replica, ReplicaId from, RaftMessage message, long now) {
    if (message instanceof StateDigest digest) {
      replica.digests.heard(from, digest, replica.core.status());
    } else if (room.isFor(message)) {
      replica.core.receive(from, message, now);
    }
  }

  private void read(Running replica, Read read, long now) {
    if (handedOver.openReads() >= blueprint.settings().core().maxPendingReads()) {
      answers.reject(read, Refusal.OVERLOADED, replica.core.status().leader());
    } else if (read.level() instanceof ReadLevel.Stale stale) {
      if (replica.core.stalenessNanos(now) <= saturatedNanos(stale.maxLag())) {
        replica.effects.serve(read);
      } else {
        ReplicaId leader = replica.core.status().leader();
        Answers.reject(read, RejectReason.UNAVAILABLE, leader, answers.afterElection());
      }
    } else {
      replica.core.read(read, now);
    }
  }

  private static long saturatedNanos(Duration duration) {
    // The core's "never" must not pass for a very long time.
    return duration.compareTo(Duration.ofNanos(NEVER - 1)) >= 0 ? NEVER - 1 : duration.toNanos();
  }

  private void whileRestoring(RaftPartition.Command message) {
    if (message instanceof Connect connect) {
      peers.connect(connect.replica(), connect.ref());
    } else {
      Answers.whileWithout(
          message,
          RejectReason.RESTORING,
          answers.afterElection(),
          () ->
              Statuses.notRunning(
                  blueprint.spec(),
                  PartitionStatus.State.RESTORING,
                  "reading its log from the journal"));
    }
  }

  private @Nullable PendingWrite nextWrite(Running replica) {
    replica.writeNextQueued = false;
    long now = clock.nanos();
    long wallClock = clock.wallClockMillis();
    replica.core.drained(now, wallClock);
    replica.effects.execute(now);
    PendingWrite write = replica.core.nextWrite(now, wallClock);
    settle(replica, now);
    return write;
  }

  private DurableLog.Persist persist(Running replica, PendingWrite write) {
    return new DurableLog.Persist(
        write.event(),
        durable -> {
          long now = clock.nanos();
          replica.effects.advance(durable);
          replica.core.written(write.number(), now);
          settle(replica, now);
        });
  }

  /** After each input: does what the core wants, asks for the next write, sets the timer. */
  private void settle(Running replica, long now) {
    replica.effects.execute(now);
    replica.core.limitTail(tails.share());
    if (!replica.writeNextQueued && (replica.core.wantsDrain() || replica.core.wantsWrite())) {
      replica.writeNextQueued = true;
      context.getSelf().tell(ShellMessage.WriteNext.INSTANCE);
    }
    // A deadline that moved away is left to a tick for nothing: cheaper than a timer per message.
    long deadline = replica.core.nextDeadline();
    if (deadline < replica.timerAt) {
      if (replica.timer != null) {
        replica.timer.cancel();
      }
      replica.timerAt = deadline;
      Duration delay = Duration.ofNanos(Math.max(0, deadline - now));
      replica.timer = context.scheduleOnce(delay, context.getSelf(), ShellMessage.Tick.INSTANCE);
    }
  }

  @Override
  public void recovered(DurableState durable, RaftLog log) {
    preparation = Preparation.begin(context, blueprint, start, durable, log);
  }

  /**
   * The state machine is as far as its snapshots take it: the rest comes from the log.
   *
   * @throws RuntimeException if it is not, and this incarnation has to end
   */
  @SuppressWarnings("unchecked") // there is no other replica's
  private void prepared(Preparation.Done<?, ?, ?> message) {
    Preparation.Done<C, Q, R> done = (Preparation.Done<C, Q, R>) message;
    Snapshots snapshots = done.snapshots();
    HostStart.Outcome<C, Q, R> outcome = done.outcome();
    if (snapshots == null || outcome == null) {
      throw HostStart.failureOf(blueprint.label(), done.failure());
    }
    outcome.damaged().forEach(one -> logger.error("{}: {}", blueprint.label(), one.getMessage()));
    long now = clock.nanos();
    SnapshotInfo snapshot = outcome.snapshot();
    DurableState durable = done.durable().withTimestampAtLeast(outcome.timestampMillis());
    HostStart<C, Q, R> host = outcome.start();
    RaftCore core =
        new RaftCore(
            blueprint.settings().core(),
            blueprint.spec().self(),
            durable,
            done.log(),
            host.position().index(),
            blueprint.surroundings().electionRandom().get(),
            now);
    ActorRef<StateMachineHost.Command> hostRef = host.spawn(context, handedOver.progress());
    SnapshotTraffic traffic =
        new SnapshotTraffic(context, blueprint, snapshots, core, peers, hostRef, logReaders);
    Effects effects =
        new Effects(
            context,
            blueprint,
            core,
            peers,
            hostRef,
            handedOver,
            journalReader,
            traffic,
            answers,
            durable);
    preparation = null;
    Running replica =
        new Running(
            core,
            effects,
            traffic,
            new Digests(blueprint, peers, AlarmCounters.get(context.getSystem())));
    running = replica;
    parent.tell(ShellMessage.Running.INSTANCE);
    if (snapshot != null) {
      traffic.saved(snapshot, outcome.oldestKept(), durable, now); // what a crash cut short
    }
    settle(replica, now);
  }

  @Override
  public Behavior<DurableLog.Persist> aroundSignal(
      TypedActorContext<Object> ctx, Signal signal, SignalTarget<DurableLog.Persist> target) {
    if (signal instanceof Terminated terminated) {
      // Only the host is watched. Passed on, this signal would end the actor without a reason.
      return crash == null ? die(StateMachineFailure.reasonOf(terminated)) : Behaviors.same();
    }
    if (signal instanceof PostStop) {
      // The children are gone by now: what the host has not answered, it never will.
      peers.close();
      tails.leave();
      endDamageWatch.run();
      handedOver.abandon(answers.afterElection());
      stopCore();
      Running last = running;
      if (last != null) {
        last.snapshots.close();
        running = null;
      }
    }
    return target.apply(ctx, signal);
  }

  /** The core hands back who waits in it. A second time does nothing. */
  private void stopCore() {
    logReaders.stop();
    Running replica = running;
    if (replica != null) {
      if (replica.timer != null) {
        replica.timer.cancel();
      }
      replica.core.stop(clock.nanos());
      replica.effects.answerOnly(Refusal.STOPPED);
    }
    Preparation<C, Q, R> preparing = preparation;
    if (preparing != null) {
      preparing.abandon();
      preparation = null;
    }
  }
}
