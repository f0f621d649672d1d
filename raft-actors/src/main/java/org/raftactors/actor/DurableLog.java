package org.raftactors.actor;

import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Signal;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.japi.JavaPartialFunction;
import org.apache.pekko.persistence.typed.JournalPersistFailed;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.RecoveryCompleted;
import org.apache.pekko.persistence.typed.RecoveryFailed;
import org.apache.pekko.persistence.typed.SnapshotCompleted;
import org.apache.pekko.persistence.typed.SnapshotFailed;
import org.apache.pekko.persistence.typed.scaladsl.Effect;
import org.apache.pekko.persistence.typed.scaladsl.EventSourcedBehavior;
import org.jspecify.annotations.Nullable;
import org.raftactors.LogStore;
import org.raftactors.PartitionSettings;
import org.raftactors.RaftPartition;
import org.raftactors.ReplicaSpec;
import org.raftactors.core.log.EntryKind;
import org.raftactors.core.log.LogEntry;
import org.raftactors.core.log.RaftLog;
import org.raftactors.core.log.SnapshotBase;
import org.raftactors.core.membership.Configuration;
import org.raftactors.core.write.DurableState;
import org.raftactors.core.write.Written;
import scala.Tuple2;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.BoxedUnit;

/**
 * The event-sourced inside of a replica: persists {@link Written} events one at a time, and in
 * recovery adds them up to the {@link DurableState} and the tail of the log. Belongs to one
 * incarnation.
 *
 * <p>Durable is an event when {@link Persist#onDurable} runs; a crash before leaves it written or
 * not. The Pekko snapshot saves the state without the entries, which then are on disk only.
 */
final class DurableLog {

  /**
   * The only command: persist an event.
   *
   * @param event what to write; at most one is in flight
   * @param onDurable gets the state after it, in the actor, once it is durable
   */
  record Persist(Written event, Consumer<DurableState> onDurable) {}

  /** Told how it goes. */
  interface Listener {
    /**
     * The journal was read to its end.
     *
     * @param durable what it adds up to
     * @param log the same with a tail of entries
     */
    void recovered(DurableState durable, RaftLog log);

    /**
     * A start will not read events from before this one any more.
     *
     * @param sequenceNumber of the last event that is in the saved state
     * @param durable what is durable now
     */
    void stateSaved(long sequenceNumber, DurableState durable);

    /**
     * The state could not be saved: nothing is lost, but nothing can be deleted either.
     *
     * @param cause what the snapshot store said
     */
    void stateNotSaved(Throwable cause);

    /**
     * The journal or the snapshot store failed; this inside is about to end.
     *
     * @param cause what it said
     */
    void failing(Throwable cause);
  }

  private static final scala.collection.immutable.Set<String> NO_TAGS =
      scala.collection.immutable.Set$.MODULE$.empty();

  private final LogStore logStore;
  private final PartitionSettings settings;
  private final org.apache.pekko.actor.typed.scaladsl.ActorContext<?> context;
  private final DurableState initial;
  private final Starts.Start start;
  private final Tails tails;
  private final Listener listener;
  private @Nullable RaftLog replayed;
  private boolean recovering = true;
  private @Nullable DurableState before;

  private DurableLog(
      ActorContext<RaftPartition.Command> context,
      ReplicaBlueprint<?, ?, ?> blueprint,
      Starts.Start start,
      Listener listener) {
    ReplicaSpec spec = blueprint.spec();
    this.context = context.asScala();
    this.tails = Tails.get(context.getSystem());
    this.logStore = blueprint.logStore();
    this.settings = blueprint.settings();
    this.initial =
        DurableState.initial(
            new SnapshotBase(spec.beginning(), Configuration.ofVoters(spec.initialVoters())));
    this.start = start;
    this.listener = listener;
  }

  /** The behavior: Pekko's Scala API, since only it can switch the publishing of events off. */
  @SuppressWarnings("unchecked") // a Scala trait that extends a class is a mere interface to Java
  static Behavior<Persist> create(
      ActorContext<RaftPartition.Command> context,
      ReplicaBlueprint<?, ?, ?> blueprint,
      Starts.Start start,
      Listener listener) {
    PartitionSettings settings = blueprint.settings();
    DurableLog log = new DurableLog(context, blueprint, start, listener);
    Object behavior =
        EventSourcedBehavior.<Persist, Written, DurableState>apply(
                PersistenceId.ofUniqueId(blueprint.spec().persistenceId()),
                log.initial,
                (state, command) -> persist(command),
                log::onEvent)
            .withTagger(log::tagsOf)
            .withEventPublishing(false)
            .withJournalPluginId(settings.journalPluginId())
            .withSnapshotPluginId(settings.snapshotPluginId())
            .snapshotWhen((state, event, sequenceNumber) -> log.isSnapshotDue(state))
            .receiveSignal(log.signalHandler());
    return (Behavior<Persist>) behavior;
  }

  /** Called after {@link #onEvent}. */
  private scala.collection.immutable.Set<String> tagsOf(Written event) {
    DurableState previous = before;
    boolean changesVote = previous == null || !event.hardState().equals(previous.hardState());
    Set<String> tags = logStore.tags(changesVote, hasCommands(event.entries()));
    return tags.isEmpty() ? NO_TAGS : CollectionConverters.asScala(tags).<String>toSet();
  }

  /** Whether they are more than what leaders begin with, which is small. */
  static boolean hasCommands(List<LogEntry> entries) {
    for (LogEntry entry : entries) {
      if (entry.kind() == EntryKind.COMMAND) {
        return true;
      }
    }
    return false;
  }

  private static Effect<Written, DurableState> persist(Persist command) {
    return Effect.<Written, DurableState>persist(command.event())
        .thenRun(
            state -> {
              command.onDurable().accept(state);
              return BoxedUnit.UNIT;
            });
  }

  /** Runs before the write when live: the log in memory is the core's then, and stays untouched. */
  private DurableState onEvent(DurableState state, Written event) {
    if (recovering) {
      logInto(state).replay(event, Math.min(settings.core().tailBytes(), tails.share()));
    }
    before = state;
    DurableState next = state.after(event, EventSourcedBehavior.lastSequenceNumber(context));
    if (recovering) {
      start.read(event.entries().size(), next.writtenBytes() - state.writtenBytes());
    }
    return next;
  }

  /**
   * The log before the first event that is replayed: empty, or what a snapshot speaks of, whose
   * entries are on disk only.
   */
  private RaftLog logInto(DurableState state) {
    RaftLog log = replayed;
    if (log == null) {
      log = RaftLog.cold(state.base(), state.terms());
      replayed = log;
    }
    return log;
  }

  /**
   * Whether the last event crossed a multiple of the interval, or moved the base: what lies before
   * it can only be deleted once a start needs no earlier state than this one.
   */
  private boolean isSnapshotDue(DurableState state) {
    DurableState previous = before;
    long interval = settings.snapshotEveryBytes();
    return previous != null
        && (state.writtenBytes() / interval != previous.writtenBytes() / interval
            || !state.base().equals(previous.base()));
  }

  private JavaPartialFunction<Tuple2<DurableState, Signal>, BoxedUnit> signalHandler() {
    return new JavaPartialFunction<>() {
      @Override
      public BoxedUnit apply(Tuple2<DurableState, Signal> pair, boolean isCheck) {
        Signal signal = pair._2();
        if (signal instanceof RecoveryCompleted) {
          if (!isCheck) {
            onRecoveryCompleted(pair._1());
          }
        } else if (signal instanceof SnapshotCompleted completed) {
          if (!isCheck) {
            listener.stateSaved(completed.getSnapshotMetadata().sequenceNr(), pair._1());
          }
        } else if (signal instanceof SnapshotFailed failed) {
          if (!isCheck) {
            listener.stateNotSaved(failed.getFailure());
          }
        } else if (signal instanceof RecoveryFailed failed) {
          listener.failing(failed.getFailure());
        } else if (signal instanceof JournalPersistFailed failed) {
          listener.failing(failed.failure());
        } else {
          throw noMatch(); // Pekko then does what it does by default
        }
        return BoxedUnit.UNIT;
      }
    };
  }

  private void onRecoveryCompleted(DurableState state) {
    recovering = false;
    RaftLog log = logInto(state);
    replayed = null; // the core owns it now
    listener.recovered(state, log);
  }
}
