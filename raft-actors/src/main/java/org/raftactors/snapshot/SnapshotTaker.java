package org.raftactors.snapshot;

import java.time.Duration;
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
import org.raftactors.SnapshotResult;
import org.raftactors.SnapshotView;
import org.raftactors.core.log.LogPosition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the snapshots of one replica: gets a permit, has the state machine's host make a view,
 * writes that on a thread that may block, and reports. One at a time; what becomes due meanwhile
 * gets that one. What fails is tried again after a pause that grows. Somebody who asks for one gets
 * an answer in any case, and a view that is made after the asking.
 *
 * <p>States: idle; waiting for a permit; waiting for the view; writing; looking for the newest one,
 * if nothing is new and somebody asked; pausing after a failure; off, for a state machine without
 * snapshots. A child of the replica: nothing of it survives a crash, and a write that still runs
 * then is told to end.
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
   * Somebody asks: take one whose view is made from now on. Answered by one {@link
   * SnapshotEvent.Requested}.
   *
   * @param number goes with the answer
   */
  public record Request(long number) implements Command {}

  /**
   * From the host: the view.
   *
   * @param header the label, exact
   * @param view to be taken, written and closed
   */
  public record Taken(SnapshotHeader header, OfferedView view) implements Command {}

  /**
   * From the host: nothing was applied since the last one.
   *
   * @param position the last one that is applied; zero if nothing is, or while there is no state
   */
  public record NothingNew(LogPosition position) implements Command {}

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

  private enum Watch implements Command {
    INSTANCE
  }

  private record Written(SnapshotWork.@Nullable Written done, @Nullable Throwable failure)
      implements Command {}

  private record Looked(SnapshotWork.@Nullable Found found, @Nullable Throwable failure)
      implements Command {}

  private enum State {
    IDLE,
    WAITING,
    VIEWING,
    WRITING,
    LOOKING,
    PAUSING,
    OFF
  }

  private static final Logger logger = LoggerFactory.getLogger(SnapshotTaker.class);

  private static final SnapshotResult UNSUPPORTED =
      notTaken(SnapshotResult.Reason.UNSUPPORTED, "the state machine has no snapshots");
  private static final SnapshotResult NO_STATE =
      notTaken(
          SnapshotResult.Reason.NOTHING_APPLIED,
          "nothing is applied yet, or another state is being taken over");

  private final TimerScheduler<Command> timers;
  private final PartitionSettings settings;
  private final SnapshotWork work;
  private final SnapshotLimits limits;
  private final String label;
  private final Host host;
  private final ActorRef<RaftPartition.Command> shell;
  private final SnapshotRequests requests;
  private State state = State.IDLE;
  private boolean anyway;
  private boolean askedAnyway;
  private Permits.@Nullable Ticket permit;
  private Duration pause;

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
    this.work = new SnapshotWork(snapshots, limits.blocking(), label, settings.snapshots().kept());
    this.limits = limits;
    this.label = label;
    this.host = host;
    this.shell = shell;
    this.requests = new SnapshotRequests(shell);
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
   * @param shell gets {@link SnapshotEvent.Saved}, {@link SnapshotEvent.SaveFailed} and, for each
   *     {@link Request}, {@link SnapshotEvent.Requested}
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
        .onMessage(Request.class, this::onRequest)
        .onMessageEquals(Granted.INSTANCE, this::onGranted)
        .onMessage(Taken.class, this::onTaken)
        .onMessage(NothingNew.class, this::onNothingNew)
        .onMessage(Looked.class, this::onLooked)
        .onMessage(NotTaken.class, message -> onFailure(message.failure()))
        .onMessage(Written.class, this::onWritten)
        .onMessageEquals(Watch.INSTANCE, this::onWatch)
        .onMessageEquals(Retry.INSTANCE, this::onRetry)
        .onMessage(Prune.class, this::onPrune)
        .onSignal(PostStop.class, signal -> onStop())
        .onSignal(PreRestart.class, signal -> onRestart())
        .build();
  }

  private Behavior<Command> onTake() {
    if (state == State.IDLE) {
      begin();
    }
    return this;
  }

  private void begin() {
    state = State.WAITING;
    ActorRef<Command> self = getContext().getSelf();
    permit = limits.writes().request(() -> self.tell(Granted.INSTANCE));
  }

  private Behavior<Command> onTakeAnyway() {
    anyway = true;
    return onTake();
  }

  private Behavior<Command> onRequest(Request request) {
    if (state == State.OFF) {
      requests.tell(request.number(), UNSUPPORTED);
      return this;
    }
    requests.add(request.number());
    if (state == State.PAUSING) { // who asks by hand does not want to wait for that
      timers.cancel(Retry.INSTANCE);
      state = State.IDLE;
    }
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
    requests.viewBegins();
    view(anyway); // only now: a view that waits would hold on to memory
    return this;
  }

  private void view(boolean evenIfNothingIsNew) {
    state = State.VIEWING;
    askedAnyway = evenIfNothingIsNew;
    anyway = false;
    host.takeView(evenIfNothingIsNew, getContext().getSelf());
  }

  private Behavior<Command> onTaken(Taken taken) {
    SnapshotView view = taken.view().take();
    if (view == null) {
      return onFailure(new IllegalStateException("the state machine has stopped"));
    }
    state = State.WRITING;
    getContext().pipeToSelf(work.write(taken.header(), view), Written::new);
    var unused = work.standsStill(); // begins to look
    timers.startTimerWithFixedDelay(Watch.INSTANCE, settings.snapshots().timeout());
    return this;
  }

  /** It cannot be interrupted: it is the application's code or the disk that hangs. */
  private Behavior<Command> onWatch() {
    if (work.standsStill()) {
      logger.warn(
          "{} is taking a snapshot and has written nothing of it for {}: its view or the disk"
              + " hangs, and it holds one of raft-actors.snapshots.max-concurrent-writes",
          label,
          settings.snapshots().timeout());
    }
    return this;
  }

  private Behavior<Command> onNothingNew(NothingNew nothing) {
    if (!requests.isServing()) {
      idle();
    } else if (nothing.position().index() == 0) {
      requests.answer(NO_STATE);
      idle();
    } else {
      state = State.LOOKING;
      getContext().pipeToSelf(work.look(nothing.position()), Looked::new);
    }
    return this;
  }

  private Behavior<Command> onLooked(Looked looked) {
    SnapshotWork.Found found = looked.found();
    if (found == null) {
      return onFailure(causeOf(looked.failure()));
    }
    SnapshotInfo info = found.info();
    if (info == null) { // of a state machine with storage of its own, or damaged
      view(true);
    } else {
      requests.answer(new SnapshotResult.NothingNew(stored(info)));
      idle();
    }
    return this;
  }

  private static SnapshotResult.Stored stored(SnapshotInfo info) {
    LogPosition position = info.position();
    return new SnapshotResult.Stored(
        info.name(), position.index(), position.term(), info.sizeBytes(), info.hash());
  }

  private static @Nullable Throwable causeOf(@Nullable Throwable failure) {
    return failure instanceof CompletionException wrapped && wrapped.getCause() != null
        ? wrapped.getCause()
        : failure;
  }

  private Behavior<Command> onWritten(Written written) {
    timers.cancel(Watch.INSTANCE);
    SnapshotWork.Written done = written.done();
    if (done == null) {
      return onFailure(causeOf(written.failure()));
    }
    SnapshotInfo info = done.info();
    logger.info("{} saved snapshot {} of {} bytes", label, info.name(), info.sizeBytes());
    anyway = false; // whoever needs one meanwhile gets this one
    pause = settings.restartBackoffMin();
    host.saved(info.sizeBytes());
    shell.tell(new SnapshotEvent.Saved(info, done.oldestKept()));
    requests.answer(new SnapshotResult.Taken(stored(info)));
    idle();
    return this;
  }

  private void idle() {
    releasePermit();
    state = State.IDLE;
    timers.startSingleTimer(Tick.INSTANCE, settings.snapshots().afterTime());
    if (anyway || requests.areWaiting()) {
      begin();
    }
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
      requests.answerAll(UNSUPPORTED);
      return this;
    }
    state = State.PAUSING;
    anyway |= askedAnyway;
    logger.error("{} could not take a snapshot; it is tried again in {}", label, pause, failure);
    shell.tell(new SnapshotEvent.SaveFailed(String.valueOf(failure), false));
    requests.answerAll(notTaken(SnapshotResult.Reason.FAILED, String.valueOf(failure)));
    timers.startSingleTimer(Retry.INSTANCE, pause);
    Duration doubled = pause.multipliedBy(2);
    Duration max = settings.restartBackoffMax();
    pause = doubled.compareTo(max) < 0 ? doubled : max;
    return this;
  }

  private Behavior<Command> onPrune(Prune prune) {
    work.prune(prune.appliedIndex());
    return this;
  }

  private void releasePermit() {
    if (permit != null) {
      permit.release();
      permit = null;
    }
  }

  private static SnapshotResult notTaken(SnapshotResult.Reason reason, String detail) {
    return new SnapshotResult.NotTaken(reason, detail);
  }

  private Behavior<Command> onRestart() {
    requests.answerAll(notTaken(SnapshotResult.Reason.FAILED, "it was cut short, see the log"));
    return onStop();
  }

  private Behavior<Command> onStop() {
    work.stop();
    releasePermit();
    return this;
  }
}
