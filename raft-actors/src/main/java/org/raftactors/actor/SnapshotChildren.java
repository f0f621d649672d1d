package org.raftactors.actor;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.jspecify.annotations.Nullable;
import org.raftactors.PartitionSettings;
import org.raftactors.RaftPartition;
import org.raftactors.codec.SnapshotMessage;
import org.raftactors.core.log.LogPosition;
import org.raftactors.core.membership.ReplicaId;
import org.raftactors.snapshot.SnapshotEvent;
import org.raftactors.snapshot.SnapshotLimits;
import org.raftactors.snapshot.SnapshotPolicy;
import org.raftactors.snapshot.SnapshotReceiver;
import org.raftactors.snapshot.SnapshotSender;
import org.raftactors.snapshot.SnapshotTaker;
import org.raftactors.snapshot.Snapshots;

/**
 * The children of one incarnation of a replica that have to do with snapshots: the taker, a sender
 * for each follower that needs one, the receiver. They work beside the replica, which is told of
 * their {@link SnapshotEvent}s; a taker or receiver that crashes is started again.
 *
 * <p>Owned by the shell and called on its thread only. Nothing here is durable.
 */
final class SnapshotChildren {

  private final ActorContext<RaftPartition.Command> context;
  private final ReplicaBlueprint<?, ?, ?> blueprint;
  private final Snapshots snapshots;
  private final SnapshotLimits limits;
  private final ActorRef<StateMachineHost.Command> host;
  private final LongSupplier nanos;
  private final ActorRef<SnapshotTaker.Command> taker;
  private final Map<ReplicaId, Sending> senders = new HashMap<>();
  private @Nullable ActorRef<RaftPartition.Command> receiver;
  private long sent;

  /**
   * Starts the taker, which takes the first snapshot when the policy says so.
   *
   * @param context of the replica, which gets the events
   * @param blueprint of the replica
   * @param snapshots of the replica
   * @param host of its state machine
   */
  SnapshotChildren(
      ActorContext<RaftPartition.Command> context,
      ReplicaBlueprint<?, ?, ?> blueprint,
      Snapshots snapshots,
      ActorRef<StateMachineHost.Command> host) {
    this.context = context;
    this.blueprint = blueprint;
    this.snapshots = snapshots;
    this.limits = blueprint.limits(context.getSystem());
    this.host = host;
    this.nanos = blueprint.surroundings().clock()::nanos;
    PartitionSettings settings = blueprint.settings();
    this.taker =
        context.spawn(
            again(
                SnapshotTaker.create(
                    settings,
                    snapshots,
                    limits,
                    blueprint.label(),
                    new Views(host),
                    context.getSelf())),
            "snapshot-taker",
            DispatcherSelector.sameAsParent());
    host.tell(new StateMachineHost.Attach(taker, SnapshotPolicy.of(settings.snapshots())));
  }

  private record Sending(ActorRef<RaftPartition.Command> sender, long term) {}

  private record Views(ActorRef<StateMachineHost.Command> host) implements SnapshotTaker.Host {
    @Override
    public void takeView(boolean anyway, ActorRef<SnapshotTaker.Command> replyTo) {
      host.tell(new StateMachineHost.TakeView(anyway, replyTo));
    }

    @Override
    public void saved(long sizeBytes) {
      host.tell(new StateMachineHost.Saved(sizeBytes));
    }
  }

  private <T> Behavior<T> again(Behavior<T> behavior) {
    Duration min = blueprint.settings().restartBackoffMin();
    Duration max = blueprint.settings().restartBackoffMax();
    return Behaviors.supervise(behavior)
        .onFailure(RuntimeException.class, SupervisorStrategy.restartWithBackoff(min, max, 0));
  }

  /** Takes a snapshot now, unless one is under way: the ones that are here cannot be used. */
  void takeAnyway() {
    taker.tell(SnapshotTaker.TakeAnyway.INSTANCE);
  }

  /**
   * Takes a snapshot of all that the host was given so far, and answers with {@link
   * SnapshotEvent.Requested}.
   *
   * @param number goes with the answer
   */
  void request(long number) {
    taker.tell(new SnapshotTaker.Request(number));
  }

  /**
   * The log's base is durable: what is beyond the number to be kept may go.
   *
   * @param appliedIndex what lies above it does not count
   */
  void prune(long appliedIndex) {
    taker.tell(new SnapshotTaker.Prune(appliedIndex));
  }

  /**
   * Sends a follower the newest snapshot. It ends with {@link SnapshotEvent.Sent}, to be passed to
   * {@link #ended}; until then another one to the same follower is not begun.
   *
   * @param order what to whom
   * @return whether it was begun
   */
  boolean send(SnapshotSender.Order order) {
    if (senders.containsKey(order.to())) {
      return false;
    }
    sent++;
    ActorRef<RaftPartition.Command> sender =
        context.spawn(
            SnapshotSender.create(
                blueprint.spec(),
                blueprint.settings().snapshots(),
                snapshots,
                limits,
                order,
                nanos,
                context.getSelf()),
            "snapshot-sender-" + sent,
            DispatcherSelector.sameAsParent());
    senders.put(order.to(), new Sending(sender, order.term()));
    return true;
  }

  /** A sender has said how it ended, or it was said of one that was not begun. */
  void ended(SnapshotEvent.Sent event) {
    Sending one = senders.get(event.to());
    if (one != null && one.term() == event.term()) {
      senders.remove(event.to());
    }
  }

  /** This replica leads no more: its snapshots are as true as before, but it is no longer asked. */
  void stopSending() {
    senders.values().forEach(one -> context.stop(one.sender()));
  }

  /** An offer that this replica can use: of a snapshot above its commit index. */
  void offered(SnapshotMessage message) {
    ActorRef<RaftPartition.Command> known = receiver;
    if (known == null) {
      known =
          context.spawn(
              again(
                  SnapshotReceiver.create(
                      blueprint.spec(),
                      blueprint.settings().snapshots(),
                      snapshots,
                      limits,
                      nanos,
                      context.getSelf())),
              "snapshot-receiver",
              DispatcherSelector.sameAsParent());
      receiver = known;
    }
    known.tell(message);
  }

  /** Has the state machine take over a snapshot that was received; ends with an event. */
  void install(LogPosition position) {
    host.tell(new StateMachineHost.Install(snapshots, position));
  }
}
