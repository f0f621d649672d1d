package org.raftactors.snapshot;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.jspecify.annotations.Nullable;
import org.raftactors.RaftPartition;
import org.raftactors.ReplicaSpec;
import org.raftactors.SnapshotSettings;
import org.raftactors.codec.PeerMessage;
import org.raftactors.codec.SnapshotMessage;
import org.raftactors.core.log.Payload;
import org.raftactors.core.membership.ReplicaId;

/**
 * Sends one snapshot to one other replica, and ends. Waits for a permit of the node; looks for the
 * newest snapshot that is new enough and checks all of it; offers it until the receiver asks for
 * bytes; sends what it asks for, at the rate of the node. Knows nothing of the receiver's progress
 * but what was asked for last, so a receiver that was started again just asks for something else.
 *
 * <p>States: waiting; preparing; offering and sending, which are one. Nothing is durable: a sender
 * that is started again offers the same file, and the receiver goes on where it was.
 */
public final class SnapshotSender extends AbstractBehavior<RaftPartition.Command> {

  /**
   * What is to be sent, and to whom.
   *
   * @param to the receiver
   * @param by the receiver's stable reference
   * @param atLeastIndex the lowest index that is of use to it
   * @param term of this leader
   */
  public record Order(
      ReplicaId to, ActorRef<RaftPartition.Command> by, long atLeastIndex, long term) {}

  private enum Granted implements RaftPartition.Command {
    INSTANCE
  }

  private enum Tick implements RaftPartition.Command {
    INSTANCE
  }

  private enum SendNow implements RaftPartition.Command {
    INSTANCE
  }

  /** What was found to send; its content is open. */
  private record Prepared(@Nullable SnapshotInfo info, @Nullable Throwable failure)
      implements RaftPartition.Command {}

  private record Loaded(long offset, @Nullable Payload part, @Nullable Throwable failure)
      implements RaftPartition.Command {}

  private final TimerScheduler<RaftPartition.Command> timers;
  private final ReplicaSpec spec;
  private final SnapshotSettings settings;
  private final SourceFile file;
  private final SnapshotLimits limits;
  private final Order order;
  private final LongSupplier nanos;
  private final ActorRef<RaftPartition.Command> shell;
  private final Permits.Ticket permit;
  private @Nullable SnapshotInfo info;
  private @Nullable ActorRef<RaftPartition.Command> receiver;
  private long heardAt;

  private @Nullable Outgoing outgoing;
  private boolean ended;

  private SnapshotSender(
      ActorContext<RaftPartition.Command> context,
      TimerScheduler<RaftPartition.Command> timers,
      ReplicaSpec spec,
      SnapshotSettings settings,
      Snapshots snapshots,
      SnapshotLimits limits,
      Order order,
      LongSupplier nanos,
      ActorRef<RaftPartition.Command> shell) {
    super(context);
    this.timers = timers;
    this.spec = spec;
    this.settings = settings;
    this.limits = limits;
    this.file = new SourceFile(snapshots, limits.blocking());
    this.order = order;
    this.nanos = nanos;
    this.shell = shell;
    ActorRef<RaftPartition.Command> self = context.getSelf();
    this.permit = limits.sends().request(() -> self.tell(Granted.INSTANCE));
  }

  /**
   * The behavior.
   *
   * @param spec this replica
   * @param settings of the partition's snapshots
   * @param snapshots of this replica
   * @param limits of all replicas together
   * @param order what to send to whom
   * @param nanos monotonic time
   * @param shell gets exactly one {@link SnapshotEvent.Sent}, however this ends, and before it
   *     {@link SnapshotEvent.NoneToSend} if that is why
   * @return to be spawned as a child of the replica; {@code SnapshotMessage}s that come in answer
   *     go to it directly
   */
  public static Behavior<RaftPartition.Command> create(
      ReplicaSpec spec,
      SnapshotSettings settings,
      Snapshots snapshots,
      SnapshotLimits limits,
      Order order,
      LongSupplier nanos,
      ActorRef<RaftPartition.Command> shell) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers ->
                    new SnapshotSender(
                        context, timers, spec, settings, snapshots, limits, order, nanos, shell)));
  }

  @Override
  public Receive<RaftPartition.Command> createReceive() {
    return newReceiveBuilder()
        .onMessageEquals(Granted.INSTANCE, this::onGranted)
        .onMessage(Prepared.class, this::onPrepared)
        .onMessage(SnapshotMessage.class, this::onMessage)
        .onMessageEquals(SendNow.INSTANCE, this::onSendNow)
        .onMessage(Loaded.class, this::onLoaded)
        .onMessageEquals(Tick.INSTANCE, this::onTick)
        .onSignal(PostStop.class, signal -> onStop())
        .build();
  }

  private Behavior<RaftPartition.Command> onGranted() {
    getContext()
        .pipeToSelf(
            file.find(order.atLeastIndex()),
            (found, failure) -> new Prepared(found == null ? null : found.info(), failure));
    return this;
  }

  private Behavior<RaftPartition.Command> onPrepared(Prepared prepared) {
    if (prepared.info() == null) {
      Throwable failure = prepared.failure();
      if (failure == null) {
        shell.tell(new SnapshotEvent.NoneToSend(order.to(), order.term()));
      }
      return end(false, failure == null ? "there is no snapshot to send" : failure.toString());
    }
    info = prepared.info();
    outgoing = new Outgoing(prepared.info().sizeBytes());
    heardAt = nanos.getAsLong();
    timers.startTimerWithFixedDelay(Tick.INSTANCE, settings.resendAfter());
    offer(prepared.info());
    return this;
  }

  private void offer(SnapshotInfo offered) {
    order
        .by()
        .tell(
            message(
                new SnapshotMessage.Offer(
                    SnapshotMessage.Offer.fileOf(offered.hash()),
                    order.term(),
                    offered.position(),
                    offered.sizeBytes(),
                    offered.hash(),
                    getContext().getSelf())));
  }

  private SnapshotMessage message(SnapshotMessage.Body body) {
    return new SnapshotMessage(PeerMessage.group(spec), spec.self(), order.to(), body);
  }

  private boolean isOurs(SnapshotMessage message, SnapshotInfo sent) {
    return message.group() == PeerMessage.group(spec)
        && message.to().equals(spec.self())
        && message.from().equals(order.to())
        && message.body().file() == SnapshotMessage.Offer.fileOf(sent.hash());
  }

  private Behavior<RaftPartition.Command> onMessage(SnapshotMessage message) {
    SnapshotInfo sent = info;
    Outgoing sending = outgoing;
    if (sent == null || sending == null || !isOurs(message, sent)) {
      return this;
    }
    if (message.body() instanceof SnapshotMessage.Pull pull) {
      heardAt = nanos.getAsLong();
      receiver = pull.receiver();
      onPull(pull, sending);
    } else if (message.body() instanceof SnapshotMessage.Ended finished) {
      return end(
          finished.outcome() == SnapshotMessage.Outcome.DELIVERED,
          "the receiver says " + finished.outcome());
    }
    return this;
  }

  private void onPull(SnapshotMessage.Pull pull, Outgoing sending) {
    if (pull.bytes() == 0) {
      return; // it is still there, that is all
    }
    sending.pulled(pull.offset(), pull.bytes());
    sendNext(sending);
  }

  private void sendNext(Outgoing sending) {
    if (sending.begin(settings.chunkBytes())) {
      long wait = limits.rate().reserve(sending.length(), nanos.getAsLong());
      if (wait > 0) {
        timers.startSingleTimer(SendNow.INSTANCE, Duration.ofNanos(wait));
      } else {
        onSendNow();
      }
    }
  }

  private Behavior<RaftPartition.Command> onSendNow() {
    Outgoing sending = outgoing;
    if (sending != null) {
      long offset = sending.offset();
      getContext()
          .pipeToSelf(
              file.load(offset, sending.length()),
              (part, failure) -> new Loaded(offset, part, failure));
    }
    return this;
  }

  private Behavior<RaftPartition.Command> onLoaded(Loaded loaded) {
    SnapshotInfo sent = info;
    Outgoing sending = outgoing;
    ActorRef<RaftPartition.Command> to = receiver;
    Payload part = loaded.part();
    if (part == null || sent == null || sending == null || to == null) {
      return end(false, String.valueOf(loaded.failure()));
    }
    long number = SnapshotMessage.Offer.fileOf(sent.hash());
    to.tell(message(new SnapshotMessage.Chunk(number, loaded.offset(), part)));
    sending.done();
    sendNext(sending);
    return this;
  }

  private Behavior<RaftPartition.Command> onTick() {
    long silence = nanos.getAsLong() - heardAt;
    if (silence >= settings.timeout().toNanos()) {
      return end(false, "the receiver was silent for " + settings.timeout());
    }
    if (info != null && silence >= settings.resendAfter().toNanos()) {
      offer(info);
    }
    return this;
  }

  private Behavior<RaftPartition.Command> end(boolean delivered, String detail) {
    if (!ended) {
      ended = true;
      long index = info == null ? 0 : info.position().index();
      shell.tell(new SnapshotEvent.Sent(order.to(), order.term(), index, delivered, detail));
    }
    return Behaviors.stopped();
  }

  private Behavior<RaftPartition.Command> onStop() {
    end(false, "it was stopped");
    permit.release();
    file.close();
    return this;
  }
}
