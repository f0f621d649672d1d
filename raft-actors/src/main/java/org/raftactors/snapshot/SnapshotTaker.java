package org.raftactors.snapshot;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
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
import org.raftactors.PartitionSettings;
import org.raftactors.RaftPartition;
import org.raftactors.SnapshotView;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the snapshots of one replica: gets a permit, has the state machine's host make a view,
 * writes that on a thread that may block, and reports. One at a time; what asks meanwhile gets that
 * one. What fails is tried again after a pause that grows.
 *
 * <p>States: idle; waiting for a permit; waiting for the view; writing; pausing after a failure;
 * off, for a state machine without snapshots. A child of the replica: nothing of it survives a
 * crash, and a write that still runs then is told to end.
 */
public final class SnapshotTaker extends AbstractBehavior<SnapshotTaker.Command> {

  /** What it is told. */
  public sealed interface Command {}

  /** Take one now, unless one is under way; from the host, or whoever needs one. */
  public enum Take implements Command {
    /** The only one. */
    INSTANCE
  }

  /** The same, also if nothing was applied since the last one: that one cannot be used. */
  public enum TakeAnyway implements Command {
    /** The only one. */
    INSTANCE
  }

  /**
   * From the host: the view.
   *
   * @param header the label, exact
   * @param view to be written and closed
   */
  public record Taken(SnapshotHeader header, SnapshotView view) implements Command {}

  /** From the host: nothing was applied since the last one, or ever. */
  public enum NothingNew implements Command {
    /** The only one. */
    INSTANCE
  }

  /**
   * From the host: the state machine has made no view.
   *
   * @param failure what it threw; an {@link UnsupportedOperationException} ends all attempts
   */
  public record NotTaken(RuntimeException failure) implements Command {}

  /**
   * Delete what is beyond the number to be kept; to be told when the log's base is durable.
   *
   * @param appliedIndex what lies above it does not count among those kept, and is not touched: it
   *     was received and is not used yet
   */
  public record Prune(long appliedIndex) implements Command {}

  /** The host of the state machine, as far as the taker knows it. */
  public interface Host {

    /**
     * Asks for a view.
     *
     * @param anyway whether also if nothing was applied since the last one
     * @param replyTo gets {@link Taken}, {@link NothingNew} or {@link NotTaken}, once
     */
    void takeView(boolean anyway, ActorRef<Command> replyTo);

    /**
     * Tells that the view which was taken last is durable.
     *
     * @param sizeBytes of the snapshot
     */
    void saved(long sizeBytes);
  }

  private enum Granted implements Command {
    INSTANCE
  }

  private enum Tick implements Command {
    INSTANCE
  }

  private enum Retry implements Command {
    INSTANCE
  }

  private record Written(
      @Nullable SnapshotInfo info, long oldestRetained, @Nullable Throwable failure)
      implements Command {}

  private enum State {
    IDLE,
    WAITING,
    VIEWING,
    WRITING,
    PAUSING,
    OFF
  }

  private static final Logger logger = LoggerFactory.getLogger(SnapshotTaker.class);

  private final TimerScheduler<Command> timers;
  private final PartitionSettings settings;
  private final Snapshots snapshots;
  private final SnapshotLimits limits;
  private final String label;
  private final Host host;
  private final ActorRef<RaftPartition.Command> shell;
  private State state = State.IDLE;
  private boolean anyway;
  private boolean askedAnyway;
  private Permits.@Nullable Ticket permit;
  private Duration pause;
  private volatile boolean stopped;

  private SnapshotTaker(
      ActorContext<Command> context,
      TimerScheduler<Command> timers,
      PartitionSettings settings,
      Snapshots snapshots,
      SnapshotLimits limits,
      String label,
      Host host,
      ActorRef<RaftPartition.Command> shell) {
    super(context);
    this.timers = timers;
    this.settings = settings;
    this.snapshots = snapshots;
    this.limits = limits;
    this.label = label;
    this.host = host;
    this.shell = shell;
    this.pause = settings.restartBackoffMin();
    timers.startSingleTimer(Tick.INSTANCE, settings.snapshots().afterTime());
  }

  /**
   * The behavior.
   *
   * @param settings of the partition
   * @param snapshots of the replica
   * @param limits of all replicas together
   * @param label how logs call the replica
   * @param host of the state machine
   * @param shell gets {@link SnapshotEvent.Saved} and {@link SnapshotEvent.SaveFailed}
   * @return to be spawned as a child of the replica
   */
  public static Behavior<Command> create(
      PartitionSettings settings,
      Snapshots snapshots,
      SnapshotLimits limits,
      String label,
      Host host,
      ActorRef<RaftPartition.Command> shell) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers ->
                    new SnapshotTaker(
                        context, timers, settings, snapshots, limits, label, host, shell)));
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder()
        .onMessageEquals(Take.INSTANCE, this::onTake)
        .onMessageEquals(TakeAnyway.INSTANCE, this::onTakeAnyway)
        .onMessageEquals(Tick.INSTANCE, this::onTake)
        .onMessageEquals(Granted.INSTANCE, this::onGranted)
        .onMessage(Taken.class, this::onTaken)
        .onMessageEquals(NothingNew.INSTANCE, this::onNothingNew)
        .onMessage(NotTaken.class, message -> onFailure(message.failure()))
        .onMessage(Written.class, this::onWritten)
        .onMessageEquals(Retry.INSTANCE, this::onRetry)
        .onMessage(Prune.class, this::onPrune)
        .onSignal(PostStop.class, signal -> onStop())
        .onSignal(PreRestart.class, signal -> onStop())
        .build();
  }

  private Behavior<Command> onTake() {
    if (state == State.IDLE) {
      state = State.WAITING;
      ActorRef<Command> self = getContext().getSelf();
      permit = limits.writes().request(() -> self.tell(Granted.INSTANCE));
    }
    return this;
  }

  private Behavior<Command> onTakeAnyway() {
    anyway = true;
    return onTake();
  }

  private Behavior<Command> onRetry() {
    if (state == State.PAUSING) {
      state = State.IDLE;
      onTake();
    }
    return this;
  }

  private Behavior<Command> onGranted() {
    // Only now: a view that waits would hold on to memory.
    state = State.VIEWING;
    host.takeView(anyway, getContext().getSelf());
    askedAnyway = anyway;
    anyway = false;
    return this;
  }

  private Behavior<Command> onTaken(Taken taken) {
    state = State.WRITING;
    anyway = false; // whoever needs one gets this one
    int keep = settings.snapshots().kept();
    getContext()
        .pipeToSelf(
            CompletableFuture.supplyAsync(() -> write(taken, keep), limits.blocking()),
            (written, failure) -> written != null ? written : new Written(null, 0, failure));
    return this;
  }

  /** On a thread that may block. */
  private Written write(Taken taken, int keep) {
    try {
      SnapshotInfo info = snapshots.write(taken.header(), taken.view(), () -> stopped);
      return new Written(info, snapshots.oldestKept(keep, info.position().index()), null);
    } catch (IOException e) {
      throw new CompletionException(e);
    }
  }

  private Behavior<Command> onNothingNew() {
    idle();
    if (anyway) {
      onTake(); // that was asked for while the host looked for news only
    }
    return this;
  }

  private Behavior<Command> onWritten(Written written) {
    SnapshotInfo info = written.info();
    if (info == null) {
      Throwable failure = written.failure();
      return onFailure(
          failure instanceof CompletionException wrapped && wrapped.getCause() != null
              ? wrapped.getCause()
              : failure);
    }
    logger.info("{} saved snapshot {} of {} bytes", label, info.name(), info.sizeBytes());
    pause = settings.restartBackoffMin();
    host.saved(info.sizeBytes());
    shell.tell(new SnapshotEvent.Saved(info, written.oldestRetained()));
    idle();
    return this;
  }

  private void idle() {
    releasePermit();
    state = State.IDLE;
    timers.startSingleTimer(Tick.INSTANCE, settings.snapshots().afterTime());
  }

  private Behavior<Command> onFailure(@Nullable Throwable failure) {
    releasePermit();
    if (failure instanceof UnsupportedOperationException) {
      state = State.OFF;
      logger.warn(
          "{} has a state machine without snapshots: its log grows for ever ({})",
          label,
          failure.toString());
      shell.tell(new SnapshotEvent.SaveFailed(String.valueOf(failure), true));
      return this;
    }
    state = State.PAUSING;
    anyway |= askedAnyway;
    logger.error("{} could not take a snapshot; it is tried again in {}", label, pause, failure);
    shell.tell(new SnapshotEvent.SaveFailed(String.valueOf(failure), false));
    timers.startSingleTimer(Retry.INSTANCE, pause);
    Duration doubled = pause.multipliedBy(2);
    Duration max = settings.restartBackoffMax();
    pause = doubled.compareTo(max) < 0 ? doubled : max;
    return this;
  }

  private Behavior<Command> onPrune(Prune prune) {
    int keep = settings.snapshots().kept();
    limits
        .blocking()
        .execute(
            () -> {
              try {
                for (String name : snapshots.prune(keep, prune.appliedIndex())) {
                  logger.info("{} deleted snapshot {}", label, name);
                }
              } catch (IOException | RuntimeException e) {
                // They are deleted the next time.
                logger.warn("{} could not delete old snapshots", label, e);
              }
            });
    return this;
  }

  private void releasePermit() {
    if (permit != null) {
      permit.release();
      permit = null;
    }
  }

  private Behavior<Command> onStop() {
    stopped = true; // a write that is under way ends soon, and closes its view
    releasePermit();
    return this;
  }
}
