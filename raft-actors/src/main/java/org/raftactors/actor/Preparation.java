package org.raftactors.actor;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.jspecify.annotations.Nullable;
import org.raftactors.RaftPartition;
import org.raftactors.core.log.RaftLog;
import org.raftactors.core.write.DurableState;
import org.raftactors.snapshot.SnapshotLimits;
import org.raftactors.snapshot.Snapshots;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a replica does between the end of its journal and its first step: opens its snapshots, and
 * feeds the state machine with the newest good one, on a thread that may block.
 *
 * <p>Belongs to one incarnation. The replica that ends meanwhile {@linkplain #abandon gives up}:
 * then nothing is told any more, and what was opened is closed.
 */
final class Preparation<C, Q, R> {

  /**
   * Told to the replica when it is done.
   *
   * @param durable what the journal holds
   * @param log the same
   * @param snapshots of the replica, null after a failure
   * @param outcome the state machine, null after a failure
   * @param failure why there is none
   */
  record Done<C, Q, R>(
      DurableState durable,
      RaftLog log,
      @Nullable Snapshots snapshots,
      HostStart.@Nullable Outcome<C, Q, R> outcome,
      @Nullable Throwable failure)
      implements RaftPartition.Command {}

  private record Prepared<C, Q, R>(Snapshots snapshots, HostStart.Outcome<C, Q, R> outcome) {}

  private static final Logger logger = LoggerFactory.getLogger(Preparation.class);

  private final ReplicaBlueprint<C, Q, R> blueprint;
  private final Starts.Start start;
  private boolean abandoned;
  private @Nullable Snapshots opened;

  private Preparation(
      ActorContext<RaftPartition.Command> context,
      ReplicaBlueprint<C, Q, R> blueprint,
      Starts.Start start,
      DurableState durable,
      RaftLog log) {
    this.blueprint = blueprint;
    this.start = start;
    CompletionStage<Prepared<C, Q, R>> prepared =
        CompletableFuture.supplyAsync(
            () -> prepare(context, durable), SnapshotLimits.get(context.getSystem()).blocking());
    context.pipeToSelf(
        prepared,
        (done, failure) ->
            done == null
                ? new Done<C, Q, R>(durable, log, null, null, failure)
                : new Done<>(durable, log, done.snapshots(), done.outcome(), null));
  }

  static <C, Q, R> Preparation<C, Q, R> begin(
      ActorContext<RaftPartition.Command> context,
      ReplicaBlueprint<C, Q, R> blueprint,
      Starts.Start start,
      DurableState durable,
      RaftLog log) {
    return new Preparation<>(context, blueprint, start, durable, log);
  }

  /** On a thread that may block. */
  private Prepared<C, Q, R> prepare(
      ActorContext<RaftPartition.Command> context, DurableState durable) {
    Snapshots snapshots;
    try {
      snapshots = Snapshots.open(context.getSystem(), blueprint.settings(), blueprint.spec());
    } catch (IOException e) {
      throw new UncheckedIOException(blueprint.label() + " cannot open its snapshots", e);
    }
    boolean goOn = keep(snapshots);
    try {
      if (!goOn) {
        throw new IllegalStateException(blueprint.label() + " has ended");
      }
      HostStart.Outcome<C, Q, R> outcome =
          HostStart.of(blueprint, durable, snapshots, start::restored);
      long applied = outcome.start().position().index();
      // One that needs its leader's help has done what it can by itself.
      boolean stateIsHere = applied >= durable.base().position().index();
      start.prepared(applied, stateIsHere ? durable.commitHint() : applied);
      return new Prepared<>(snapshots, outcome);
    } catch (RuntimeException | Error e) {
      close(snapshots, blueprint.label());
      throw e;
    }
  }

  private synchronized boolean keep(Snapshots snapshots) {
    opened = snapshots;
    return !abandoned;
  }

  /** The replica has ended before it was told. */
  void abandon() {
    Snapshots snapshots;
    synchronized (this) {
      abandoned = true;
      snapshots = opened;
    }
    if (snapshots != null) {
      close(snapshots, blueprint.label());
    }
  }

  static void close(Snapshots snapshots, String label) {
    try {
      snapshots.close();
    } catch (IOException e) {
      logger.warn("{} could not close its snapshots", label, e);
    }
  }
}
