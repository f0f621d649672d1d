package org.raftactors.actor;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.function.LongConsumer;
import java.util.function.Predicate;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.jspecify.annotations.Nullable;
import org.raftactors.RaftPartition;
import org.raftactors.StateMachine;
import org.raftactors.core.log.LogPosition;
import org.raftactors.core.write.DurableState;
import org.raftactors.snapshot.AppliedDigest;
import org.raftactors.snapshot.RestoreFailedException;
import org.raftactors.snapshot.RestoreOutcome;
import org.raftactors.snapshot.Restoring;
import org.raftactors.snapshot.SnapshotInfo;
import org.raftactors.snapshot.Snapshots;
import org.raftactors.snapshot.UnusableSnapshotException;

/**
 * A state machine that is about to get its host.
 *
 * @param blueprint of the replica
 * @param stateMachine fresh, restored from a snapshot, or with storage of its own
 * @param position what it has applied already
 * @param origin what is known about that
 */
record HostStart<C, Q, R>(
    ReplicaBlueprint<C, Q, R> blueprint,
    StateMachine<C, Q, R> stateMachine,
    LogPosition position,
    SnapshotSource.Origin origin) {

  /**
   * What a start from snapshot and log came to.
   *
   * @param start the state machine; at position zero below the log's base if there is no snapshot
   *     that can be used and the log does not reach back to the beginning: then the replica needs
   *     one from its leader
   * @param snapshot what it was restored from, null if from nothing or storage of its own
   * @param oldestKept the index of the oldest snapshot that is kept beside it
   * @param timestampMillis of the last entry in the newest snapshot within the log, 0 without one:
   *     after a restored backup, no entry of the log has it
   * @param damaged snapshots that cannot be used, to be reported by name
   */
  record Outcome<C, Q, R>(
      HostStart<C, Q, R> start,
      @Nullable SnapshotInfo snapshot,
      long oldestKept,
      long timestampMillis,
      List<UnusableSnapshotException> damaged) {}

  /**
   * Makes the state machine, on the replica's thread, and checks what it claims to have applied.
   *
   * @throws StateMachineFailure if it claims more than the log holds, or cannot be made
   */
  static <C, Q, R> HostStart<C, Q, R> of(
      ReplicaBlueprint<C, Q, R> blueprint, DurableState durable) {
    StateMachine<C, Q, R> stateMachine = make(blueprint);
    long claimed = claimOf(blueprint, stateMachine, durable);
    return at(blueprint, stateMachine, claimed, durable);
  }

  /**
   * Makes the state machine and gives it the newest good snapshot that lies within the log, unless
   * its own storage is as far as the log's base. Blocks.
   *
   * @param durable what the log holds
   * @param snapshots of the replica
   * @param restored told of the bytes that were read of a snapshot, again and again
   * @throws StateMachineFailure if it claims more than the log holds, or cannot be made or restored
   * @throws UncheckedIOException if the store fails; a fresh start may do better
   */
  static <C, Q, R> Outcome<C, Q, R> of(
      ReplicaBlueprint<C, Q, R> blueprint,
      DurableState durable,
      Snapshots snapshots,
      LongConsumer restored) {
    StateMachine<C, Q, R> stateMachine = make(blueprint);
    long claimed = claimOf(blueprint, stateMachine, durable);
    long base = durable.base().position().index();
    if (claimed > 0 && claimed >= base) {
      HostStart<C, Q, R> own = at(blueprint, stateMachine, claimed, durable);
      long timestamp = newestTimestamp(blueprint, durable, snapshots);
      return new Outcome<>(own, null, 0, timestamp, List.of());
    }
    RestoreOutcome<StateMachine<C, Q, R>> outcome =
        restore(blueprint, snapshots, info -> isWithin(durable, info.position()), restored);
    if (outcome instanceof RestoreOutcome.Restored<StateMachine<C, Q, R>> usable) {
      SnapshotInfo snapshot = usable.snapshot();
      return new Outcome<>(
          new HostStart<>(
              blueprint, usable.machine(), snapshot.position(), SnapshotSource.Origin.of(snapshot)),
          snapshot,
          oldestKept(blueprint, snapshots, snapshot),
          snapshot.header().timestampMillis(),
          outcome.damaged());
    }
    HostStart<C, Q, R> without =
        base == 0
            ? at(blueprint, stateMachine, claimed, durable)
            : withoutState(blueprint, stateMachine, durable);
    return new Outcome<>(without, null, 0, 0, outcome.damaged());
  }

  private static long newestTimestamp(
      ReplicaBlueprint<?, ?, ?> blueprint, DurableState durable, Snapshots snapshots) {
    try {
      return snapshots.list().usable().stream()
          .filter(info -> isWithin(durable, info.position()))
          .mapToLong(info -> info.header().timestampMillis())
          .max()
          .orElse(0);
    } catch (IOException e) {
      throw new UncheckedIOException(blueprint.label() + " cannot read its snapshots", e);
    }
  }

  private static long oldestKept(
      ReplicaBlueprint<?, ?, ?> blueprint, Snapshots snapshots, SnapshotInfo newest) {
    try {
      int kept = blueprint.settings().snapshots().kept();
      return snapshots.oldestKept(kept, newest.position().index());
    } catch (IOException e) {
      throw new UncheckedIOException(blueprint.label() + " cannot read its snapshots", e);
    }
  }

  /** It waits for a snapshot of the leader, and is given nothing before. */
  private static <C, Q, R> HostStart<C, Q, R> withoutState(
      ReplicaBlueprint<C, Q, R> blueprint,
      StateMachine<C, Q, R> stateMachine,
      DurableState durable) {
    return new HostStart<>(
        blueprint,
        stateMachine,
        LogPosition.ZERO,
        new SnapshotSource.Origin(durable.base().configuration(), 0, AppliedDigest.unknown(), 0));
  }

  /** A snapshot ahead of the log was received for an installation that did not come about. */
  private static boolean isWithin(DurableState durable, LogPosition position) {
    return position.index() >= durable.base().position().index()
        && position.index() <= durable.last().index()
        && position.term() == durable.terms().termAt(position.index());
  }

  /** Restores the snapshot at a position into a fresh state machine. Blocks. */
  static <C, Q, R> RestoreOutcome<StateMachine<C, Q, R>> restore(
      ReplicaBlueprint<C, Q, R> blueprint, Snapshots snapshots, LogPosition position) {
    return restore(blueprint, snapshots, info -> info.position().equals(position), bytes -> {});
  }

  private static <C, Q, R> RestoreOutcome<StateMachine<C, Q, R>> restore(
      ReplicaBlueprint<C, Q, R> blueprint,
      Snapshots snapshots,
      Predicate<SnapshotInfo> wanted,
      LongConsumer restored) {
    try {
      return Restoring.restore(snapshots, wanted, () -> make(blueprint), restored);
    } catch (RestoreFailedException e) {
      throw new StateMachineFailure(blueprint.label() + ": " + e.getMessage(), e);
    } catch (IOException e) {
      throw new UncheckedIOException(blueprint.label() + " cannot read its snapshots", e);
    }
  }

  /** What a future failed with, as what this replica should die of. */
  static RuntimeException failureOf(String label, @Nullable Throwable failure) {
    Throwable cause = failure == null ? new IllegalStateException("no outcome") : failure;
    if (cause instanceof CompletionException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause instanceof RuntimeException known
        ? known
        : new StateMachineFailure(label + " cannot restore its state machine: " + cause, cause);
  }

  private static <C, Q, R> StateMachine<C, Q, R> make(ReplicaBlueprint<C, Q, R> blueprint) {
    try {
      return blueprint.factory().create(blueprint.spec().partition());
    } catch (RuntimeException | AssertionError | LinkageError e) {
      throw new StateMachineFailure(blueprint.label() + " cannot make its state machine: " + e, e);
    }
  }

  private static <C, Q, R> long claimOf(
      ReplicaBlueprint<C, Q, R> blueprint,
      StateMachine<C, Q, R> stateMachine,
      DurableState durable) {
    long claimed;
    try {
      claimed = stateMachine.durableIndex();
    } catch (RuntimeException | AssertionError | LinkageError e) {
      throw new StateMachineFailure(blueprint.label() + " cannot make its state machine: " + e, e);
    }
    if (claimed < 0 || claimed > durable.last().index()) {
      throw new StateMachineFailure(
          blueprint.label()
              + ": the state machine claims to have applied index "
              + claimed
              + ", but the log ends at "
              + durable.last());
    }
    return claimed;
  }

  /** One that starts from its own storage, or from nothing. */
  private static <C, Q, R> HostStart<C, Q, R> at(
      ReplicaBlueprint<C, Q, R> blueprint,
      StateMachine<C, Q, R> stateMachine,
      long claimed,
      DurableState durable) {
    long applied = Math.max(durable.base().position().index(), claimed);
    LogPosition position = new LogPosition(applied, durable.terms().termAt(applied));
    AppliedDigest digest = applied == 0 ? AppliedDigest.empty() : AppliedDigest.unknown();
    return new HostStart<>(
        blueprint,
        stateMachine,
        position,
        new SnapshotSource.Origin(durable.base().configuration(), 0, digest, 0));
  }

  /** Starts the host as a watched child. */
  ActorRef<StateMachineHost.Command> spawn(
      ActorContext<RaftPartition.Command> context, HandedOver.Progress progress) {
    String dispatcher = blueprint.settings().stateMachineDispatcher();
    ActorRef<StateMachineHost.Command> host =
        context.spawn(
            StateMachineHost.create(this, progress, context.getSelf()),
            "state-machine",
            dispatcher.isEmpty()
                ? DispatcherSelector.sameAsParent()
                : DispatcherSelector.fromConfig(dispatcher));
    context.watch(host);
    return host;
  }
}
