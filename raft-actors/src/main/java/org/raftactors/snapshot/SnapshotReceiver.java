package org.raftactors.snapshot;

import java.util.function.LongSupplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.PreRestart;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Receives snapshots for one replica, one at a time. Asks for as much as it has room for, writes
 * what comes in order into a stage, and asks again for what did not come. A newer snapshot takes
 * the place of the one that is coming in; another one only when that has stalled.
 *
 * <p>States: idle; opening the stage; receiving; completing. Durable is only the stage, which is
 * taken up where it was left, by whoever offers the same file; and the whole snapshot, before the
 * replica or the sender hears of it.
 */
public final class SnapshotReceiver extends AbstractBehavior<RaftPartition.Command> {

  private enum Tick implements RaftPartition.Command {
    INSTANCE
  }

  /** What a step on disk came to; of which transfer says its number. */
  private record Stepped(long transfer, Incoming.Step step) implements RaftPartition.Command {}

  private static final Logger logger = LoggerFactory.getLogger(SnapshotReceiver.class);

  private final TimerScheduler<RaftPartition.Command> timers;
  private final ReplicaSpec spec;
  private final SnapshotSettings settings;
  private final SnapshotLimits limits;
  private final LongSupplier nanos;
  private final ActorRef<RaftPartition.Command> shell;
  private final StageFile file;
  private long transfers;
  private @Nullable Incoming current;
  private Permits.@Nullable Ticket permit;

  private SnapshotReceiver(
      ActorContext<RaftPartition.Command> context,
      TimerScheduler<RaftPartition.Command> timers,
      ReplicaSpec spec,
      SnapshotSettings settings,
      Snapshots snapshots,
      SnapshotLimits limits,
      LongSupplier nanos,
      ActorRef<RaftPartition.Command> shell) {
    super(context);
    this.timers = timers;
    this.spec = spec;
    this.settings = settings;
    this.limits = limits;
    this.nanos = nanos;
    this.shell = shell;
    this.file = new StageFile(snapshots, limits.blocking());
  }

  /**
   * The behavior.
   *
   * @param spec this replica
   * @param settings of the partition's snapshots
   * @param snapshots of this replica
   * @param limits of all replicas together
   * @param nanos monotonic time
   * @param shell gets {@link SnapshotEvent.Receiving}, {@link SnapshotEvent.Received} and {@link
   *     SnapshotEvent.ReceiveFailed}
   * @return to be spawned as a child of the replica, when the first offer comes or before; gets the
   *     offers of snapshots that the replica can use
   */
  public static Behavior<RaftPartition.Command> create(
      ReplicaSpec spec,
      SnapshotSettings settings,
      Snapshots snapshots,
      SnapshotLimits limits,
      LongSupplier nanos,
      ActorRef<RaftPartition.Command> shell) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers ->
                    new SnapshotReceiver(
                        context, timers, spec, settings, snapshots, limits, nanos, shell)));
  }

  @Override
  public Receive<RaftPartition.Command> createReceive() {
    return newReceiveBuilder()
        .onMessage(SnapshotMessage.class, this::onMessage)
        .onMessage(Stepped.class, this::onStepped)
        .onMessageEquals(Tick.INSTANCE, this::onTick)
        .onSignal(PostStop.class, signal -> onStop())
        .onSignal(PreRestart.class, signal -> onStop())
        .build();
  }

  private Behavior<RaftPartition.Command> onMessage(SnapshotMessage message) {
    if (message.group() != PeerMessage.group(spec)
        || !message.to().equals(spec.self())
        || message.from().equals(spec.self())) {
      return this;
    }
    if (message.body() instanceof SnapshotMessage.Offer offer) {
      onOffer(message.from(), offer);
    } else if (message.body() instanceof SnapshotMessage.Chunk chunk && current != null) {
      onChunk(current, chunk);
    }
    return this;
  }

  private void onOffer(ReplicaId from, SnapshotMessage.Offer offer) {
    Incoming now = current;
    if (now != null && now.offer().hash().equals(offer.hash())) {
      now.offeredBy(from, offer); // by a sender that was started again, or by another
      if (now.isReceiving()) {
        pull(now, now.again());
      }
      return;
    }
    if (now != null && now.offer().position().index() >= offer.position().index()) {
      answer(from, offer, SnapshotMessage.Outcome.NOT_WANTED);
      return;
    }
    if (now != null) {
      answer(now.from(), now.offer(), SnapshotMessage.Outcome.NOT_WANTED);
      logger.info("{} is offered a newer snapshot at {}", spec.persistenceId(), offer.position());
      file.close();
    } else {
      permit = limits.receives().tryNow();
      if (permit == null) {
        answer(from, offer, SnapshotMessage.Outcome.BUSY);
        return;
      }
      timers.startTimerWithFixedDelay(Tick.INSTANCE, settings.resendAfter());
    }
    begin(new Incoming(++transfers, from, offer, settings.windowBytes(), nanos.getAsLong()));
  }

  private void begin(Incoming incoming) {
    current = incoming;
    run(incoming, () -> file.open(incoming.offer()));
  }

  /** Runs a step on a thread that may block, behind those before it. */
  private void run(Incoming incoming, StageFile.Action action) {
    long transfer = incoming.number();
    getContext()
        .pipeToSelf(
            file.next(action),
            (step, failure) ->
                new Stepped(transfer, step != null ? step : Incoming.Step.failed(failure)));
  }

  private void onChunk(Incoming incoming, SnapshotMessage.Chunk chunk) {
    Payload data = chunk.data();
    switch (incoming.accept(chunk, nanos.getAsLong())) {
      case NEXT -> run(incoming, () -> file.append(data.bytes(), data.offset(), data.length()));
      case GAP -> pull(incoming, incoming.again());
      case USELESS -> {}
      default -> throw new IllegalStateException("no such case");
    }
  }

  private Behavior<RaftPartition.Command> onStepped(Stepped stepped) {
    Incoming incoming = current;
    if (incoming == null || incoming.number() != stepped.transfer()) {
      return this; // of one that was given up
    }
    Incoming.Step step = stepped.step();
    if (step.whole() != null) {
      logger.info(
          "{} received snapshot {} of {} bytes from {}",
          spec.persistenceId(),
          step.whole().name(),
          step.whole().sizeBytes(),
          incoming.from());
      // In this order: what the sender does next finds a replica that knows of it.
      shell.tell(new SnapshotEvent.Received(step.whole(), incoming.offer().term()));
      end(incoming, SnapshotMessage.Outcome.DELIVERED);
    } else if (step.failure() instanceof UnusableSnapshotException damage) {
      onDamage(incoming, damage);
    } else if (step.failure() != null) {
      fail(incoming, SnapshotMessage.Outcome.FAILED, step.failure());
    } else {
      incoming.written(step.written(), nanos.getAsLong());
      if (incoming.isWritten()) {
        incoming.completing();
        run(incoming, file::complete);
      } else {
        pull(incoming, incoming.more());
      }
    }
    return this;
  }

  private void onDamage(Incoming incoming, UnusableSnapshotException damage) {
    logger.warn("{} received what cannot be: {}", spec.persistenceId(), damage.getMessage());
    if (incoming.damagedBefore()) {
      fail(incoming, SnapshotMessage.Outcome.DAMAGED, damage);
    } else {
      begin(incoming.fromTheStart(++transfers));
    }
  }

  private void fail(Incoming incoming, SnapshotMessage.Outcome outcome, Throwable failure) {
    file.close();
    end(incoming, outcome);
    shell.tell(new SnapshotEvent.ReceiveFailed(incoming.from(), failure.toString()));
  }

  private void end(Incoming incoming, SnapshotMessage.Outcome outcome) {
    answer(incoming.from(), incoming.offer(), outcome);
    idle();
  }

  private void idle() {
    current = null;
    timers.cancel(Tick.INSTANCE);
    if (permit != null) {
      permit.release();
      permit = null;
    }
  }

  private Behavior<RaftPartition.Command> onTick() {
    Incoming incoming = current;
    if (incoming == null) {
      return this;
    }
    shell.tell(
        new SnapshotEvent.Receiving(
            incoming.from(), incoming.writtenBytes(), incoming.offer().sizeBytes()));
    long silence = nanos.getAsLong() - incoming.progressAt();
    if (incoming.isBusyHere()) {
      pull(incoming, Incoming.Range.NOTHING); // the disk is slow; the sender shall not give up
    } else if (silence >= settings.timeout().toNanos()) {
      String reason = "nothing came for " + settings.timeout();
      file.close();
      idle();
      shell.tell(new SnapshotEvent.ReceiveFailed(incoming.from(), reason));
    } else if (silence >= settings.resendAfter().toNanos()) {
      pull(incoming, incoming.again());
    }
    return this;
  }

  private void pull(Incoming incoming, Incoming.@Nullable Range range) {
    if (range != null) {
      SnapshotMessage.Offer offer = incoming.offer();
      tell(
          incoming.from(),
          offer.sender(),
          new SnapshotMessage.Pull(
              offer.file(), range.offset(), range.bytes(), getContext().getSelf()));
    }
  }

  private void answer(
      ReplicaId from, SnapshotMessage.Offer offer, SnapshotMessage.Outcome outcome) {
    tell(from, offer.sender(), new SnapshotMessage.Ended(offer.file(), outcome));
  }

  private void tell(ReplicaId to, ActorRef<RaftPartition.Command> ref, SnapshotMessage.Body body) {
    ref.tell(new SnapshotMessage(PeerMessage.group(spec), spec.self(), to, body));
  }

  private Behavior<RaftPartition.Command> onStop() {
    file.close();
    idle();
    return this;
  }
}
