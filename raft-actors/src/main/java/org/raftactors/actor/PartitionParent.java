package org.raftactors.actor;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.ChildFailed;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.Terminated;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.jspecify.annotations.Nullable;
import org.raftactors.Connect;
import org.raftactors.PartitionStatus;
import org.raftactors.RaftPartition;
import org.raftactors.RejectReason;
import org.raftactors.core.membership.ReplicaId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The stable reference of a replica: spawns it, passes everything on to it, and starts it again
 * with a back-off when it crashed. While there is none, it answers clients itself and drops what
 * peers say.
 *
 * <p>States: waiting for its turn to start it; replica running; waiting to start it again; failed
 * for good. Nothing here is durable: an actor system that stops and starts begins with a fresh
 * parent and a fresh replica.
 *
 * @param <C> commands
 * @param <Q> queries
 * @param <R> results
 */
public final class PartitionParent<C, Q, R> extends AbstractBehavior<RaftPartition.Command> {

  private static final Logger logger = LoggerFactory.getLogger(PartitionParent.class);

  private final ReplicaBlueprint<C, Q, R> blueprint;
  private final ReplicaClock clock;
  private final Answers answers;
  private final JournalReader journalReader;
  private final Starts starts;
  private final Map<ReplicaId, ActorRef<RaftPartition.Command>> peers;

  /** The replica that messages are passed on to. */
  private @Nullable ActorRef<RaftPartition.Command> replica;

  private PartitionStatus.State stateWithout = PartitionStatus.State.RESTARTING;
  private String detail = "";
  private Duration backoff;
  private long respawnAt;
  private @Nullable Throwable crash;
  private Starts.@Nullable Start start;
  private @Nullable Long recoveredAt;

  private PartitionParent(
      ActorContext<RaftPartition.Command> context,
      ReplicaBlueprint<C, Q, R> blueprint,
      Map<ReplicaId, ActorRef<RaftPartition.Command>> peers) {
    super(context);
    this.blueprint = blueprint;
    this.clock = blueprint.surroundings().clock();
    this.answers = new Answers(blueprint.settings());
    this.journalReader =
        JournalReader.of(
            context.getSystem(), blueprint.settings(), blueprint.spec().persistenceId());
    this.starts = Starts.get(context.getSystem());
    Tails.get(context.getSystem()); // a wrong setting is found here, not by each incarnation
    this.peers = new HashMap<>(peers);
    this.backoff = blueprint.settings().restartBackoffMin();
    startReplica();
  }

  /**
   * The behavior.
   *
   * @param blueprint of the replica
   * @param peers the parents of the other replicas, as far as known
   * @param <C> commands
   * @param <Q> queries
   * @param <R> results
   * @return a behavior that can be spawned anywhere
   */
  public static <C, Q, R> Behavior<RaftPartition.Command> create(
      ReplicaBlueprint<C, Q, R> blueprint, Map<ReplicaId, ActorRef<RaftPartition.Command>> peers) {
    return Behaviors.setup(context -> new PartitionParent<>(context, blueprint, peers));
  }

  /** At once, or when others that start just now are done. */
  private void startReplica() {
    ActorRef<RaftPartition.Command> self = getContext().getSelf();
    Starts.Start asked = starts.request(turn -> self.tell(new ShellMessage.Turn(turn)));
    start = asked;
    if (asked.isGranted()) {
      spawnReplica(asked);
    } else {
      stateWithout = PartitionStatus.State.RESTORING;
    }
  }

  private void spawnReplica(Starts.Start granted) {
    ActorRef<RaftPartition.Command> child =
        getContext()
            .spawn(
                PartitionShell.create(
                    blueprint, journalReader, granted, getContext().getSelf(), Map.copyOf(peers)),
                "replica",
                DispatcherSelector.sameAsParent());
    getContext().watch(child);
    replica = child;
    recoveredAt = null;
  }

  @Override
  public Receive<RaftPartition.Command> createReceive() {
    return newReceiveBuilder()
        .onMessageEquals(ShellMessage.Running.INSTANCE, this::onRunning)
        .onMessageEquals(ShellMessage.Respawn.INSTANCE, this::onRespawn)
        .onMessage(ShellMessage.Turn.class, this::onTurn)
        .onMessage(ShellMessage.Dying.class, this::onDying)
        .onMessage(Connect.class, this::onConnect)
        .onMessage(RaftPartition.Command.class, this::onCommand)
        .onSignal(Terminated.class, this::onReplicaGone)
        .onSignal(PostStop.class, signal -> onStop())
        .build();
  }

  private Behavior<RaftPartition.Command> onRunning() {
    recoveredAt = clock.nanos();
    return this;
  }

  private Behavior<RaftPartition.Command> onRespawn() {
    startReplica();
    return this;
  }

  private Behavior<RaftPartition.Command> onTurn(ShellMessage.Turn turn) {
    if (replica == null && turn.start() == start) { // else it got its turn while it asked
      spawnReplica(turn.start());
    }
    return this;
  }

  private Behavior<RaftPartition.Command> onStop() {
    endStart();
    return this;
  }

  private void endStart() {
    if (start != null) {
      start.end();
      start = null;
    }
  }

  private Behavior<RaftPartition.Command> onConnect(Connect connect) {
    peers.put(connect.replica(), connect.ref());
    return onCommand(connect);
  }

  private Behavior<RaftPartition.Command> onCommand(RaftPartition.Command message) {
    ActorRef<RaftPartition.Command> child = replica;
    if (child != null) {
      child.tell(message);
    } else {
      Answers.whileWithout(
          message,
          stateWithout == PartitionStatus.State.RESTORING
              ? RejectReason.RESTORING
              : RejectReason.UNAVAILABLE,
          retryAfter(),
          this::statusWithout);
    }
    return this;
  }

  private PartitionStatus statusWithout() {
    return Statuses.notRunning(
        blueprint.spec(),
        stateWithout,
        stateWithout == PartitionStatus.State.RESTORING
            ? "waits until others have started"
            : detail);
  }

  private Duration retryAfter() {
    Duration toRespawn = Duration.ofNanos(Math.max(0, respawnAt - clock.nanos()));
    return stateWithout == PartitionStatus.State.RESTARTING
        ? toRespawn.plus(answers.afterElection())
        : answers.afterElection();
  }

  /** Whatever was passed on is before DieNow in the replica's mailbox: it answers that itself. */
  private Behavior<RaftPartition.Command> onDying(ShellMessage.Dying dying) {
    endOfReplica(dying.cause());
    dying.replica().tell(ShellMessage.DieNow.INSTANCE);
    return this;
  }

  private Behavior<RaftPartition.Command> onReplicaGone(Terminated terminated) {
    if (replica != null) { // it could not announce it
      endOfReplica(terminated instanceof ChildFailed failed ? failed.getCause() : null);
    }
    if (stateWithout == PartitionStatus.State.RESTARTING) {
      respawnLater();
    }
    return this;
  }

  private void endOfReplica(@Nullable Throwable cause) {
    replica = null;
    crash = cause;
    endStart();
    blueprint.surroundings().ends().ended(cause);
    String fatal = Fatality.reason(cause, blueprint);
    if (fatal != null) {
      stateWithout = PartitionStatus.State.FAILED;
      detail = fatal;
      logger.error(
          "partition={} replica={} has FAILED and stays stopped, its files are kept: {}",
          blueprint.spec().partition(),
          blueprint.spec().self(),
          fatal,
          cause);
    } else {
      stateWithout = PartitionStatus.State.RESTARTING;
      detail = "crashed: " + (cause == null ? "stopped by itself" : cause.toString());
    }
  }

  private void respawnLater() {
    Duration max = blueprint.settings().restartBackoffMax();
    if (recoveredAt != null && clock.nanos() - recoveredAt > max.toNanos()) {
      backoff = blueprint.settings().restartBackoffMin();
    }
    Duration delay = backoff;
    Duration doubled = backoff.multipliedBy(2);
    backoff = doubled.compareTo(max) < 0 ? doubled : max;
    respawnAt = clock.nanos() + delay.toNanos();
    logger.warn(
        "partition={} replica={} crashed and will be started again in {} ms",
        blueprint.spec().partition(),
        blueprint.spec().self(),
        delay.toMillis(),
        crash);
    getContext().scheduleOnce(delay, getContext().getSelf(), ShellMessage.Respawn.INSTANCE);
  }
}
