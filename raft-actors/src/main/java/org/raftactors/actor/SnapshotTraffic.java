package org.raftactors.actor;

import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.jspecify.annotations.Nullable;
import org.raftactors.RaftPartition;
import org.raftactors.SnapshotResult;
import org.raftactors.TakeSnapshot;
import org.raftactors.codec.PeerMessage;
import org.raftactors.codec.SnapshotMessage;
import org.raftactors.core.Effect;
import org.raftactors.core.RaftCore;
import org.raftactors.core.Role;
import org.raftactors.core.SavedSnapshot;
import org.raftactors.core.write.DurableState;
import org.raftactors.snapshot.SnapshotEvent;
import org.raftactors.snapshot.SnapshotInfo;
import org.raftactors.snapshot.SnapshotSender;
import org.raftactors.snapshot.Snapshots;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The snapshots of one incarnation: has those do what the core wants who can (children that take,
 * send and receive, the host that installs), and tells the core what came of it. Runs in the
 * replica's actor; decides nothing about the log.
 *
 * <p>Nothing here is durable: files are before the core hears of them, and what a crash cuts short
 * is begun again by the next incarnation, or by the leader. Who asked for a snapshot is answered
 * when this ends, if not before.
 */
final class SnapshotTraffic {

  private static final Logger logger = LoggerFactory.getLogger(SnapshotTraffic.class);

  /** Requests for snapshots that may wait at once: they are rare, and share what they get. */
  private static final int MAX_ASKED = 1_000;

  private final ActorContext<RaftPartition.Command> context;
  private final ReplicaBlueprint<?, ?, ?> blueprint;
  private final Snapshots snapshots;
  private final RaftCore core;
  private final Peers peers;
  private final LogReaders readers;
  private final SnapshotChildren children;
  private final Map<Long, TakeSnapshot> asked = new LinkedHashMap<>();
  private SnapshotEvent.@Nullable Receiving progress;
  private long lastAsked;

  SnapshotTraffic(
      ActorContext<RaftPartition.Command> context,
      ReplicaBlueprint<?, ?, ?> blueprint,
      Snapshots snapshots,
      RaftCore core,
      Peers peers,
      ActorRef<StateMachineHost.Command> host,
      LogReaders readers) {
    this.context = context;
    this.blueprint = blueprint;
    this.snapshots = snapshots;
    this.core = core;
    this.peers = peers;
    this.readers = readers;
    this.children = new SnapshotChildren(context, blueprint, snapshots, host);
  }

  /** How far receiving has got, null if nothing is being received. */
  SnapshotEvent.@Nullable Receiving progress() {
    return progress;
  }

  void send(Effect.SendSnapshot effect) {
    ActorRef<RaftPartition.Command> way = peers.stable(effect.to());
    if (way == null) {
      notSent(effect, "its place is unknown");
    } else if (!children.send(
        new SnapshotSender.Order(effect.to(), way, effect.atLeastIndex(), effect.term()))) {
      notSent(effect, "that of an earlier term has not ended yet");
    }
  }

  private void notSent(Effect.SendSnapshot effect, String why) {
    context.getSelf().tell(new SnapshotEvent.Sent(effect.to(), effect.term(), 0, false, why));
  }

  /**
   * Somebody wants a snapshot, of what is applied here or, confirmed by the leader first, of what
   * is committed.
   */
  void asked(TakeSnapshot request, long now) {
    if (request.upToDate()) {
      core.read(request, now); // and then take()
    } else {
      take(request);
    }
  }

  /** All that the snapshot must include was handed over to the host. */
  void take(TakeSnapshot request) {
    if (asked.size() >= MAX_ASKED) {
      Answers.notTaken(
          request, SnapshotResult.Reason.OVERLOADED, asked.size() + " have asked for a snapshot");
    } else {
      asked.put(++lastAsked, request);
      children.request(lastAsked);
    }
  }

  /** What was sent in the name of a leadership that is over is of no use. */
  void leads(boolean leads) {
    if (!leads) {
      children.stopSending();
    }
  }

  void install(Effect.InstallSnapshot effect) {
    children.install(effect.base().position());
  }

  /** An offer goes to the receiver, unless this replica has all that the snapshot holds. */
  void offered(SnapshotMessage message) {
    if (message.body() instanceof SnapshotMessage.Offer offer
        && message.to().equals(blueprint.spec().self())
        && message.group() == PeerMessage.group(blueprint.spec())) {
      boolean stateIsHere = core.appliedIndex() >= core.base().position().index();
      if (stateIsHere && core.commitIndex() >= offer.position().index()) {
        SnapshotMessage.Body all =
            new SnapshotMessage.Ended(offer.file(), SnapshotMessage.Outcome.DELIVERED);
        offer
            .sender()
            .tell(new SnapshotMessage(message.group(), message.to(), message.from(), all));
      } else {
        children.offered(message);
      }
    }
  }

  /**
   * Tells the core what happened.
   *
   * @param event what
   * @param durable what is durable in the journal
   * @param now monotonic nanoseconds
   * @throws IllegalStateException if the replica cannot go on without a fresh start
   */
  void happened(SnapshotEvent event, DurableState durable, long now) {
    if (event instanceof SnapshotEvent.Saved saved) {
      saved(saved.snapshot(), saved.oldestRetainedIndex(), durable, now);
    } else if (event instanceof SnapshotEvent.Requested requested) {
      TakeSnapshot request = asked.remove(requested.number());
      if (request != null) {
        request.replyTo().tell(requested.result());
      }
    } else if (event instanceof SnapshotEvent.NoneToSend none) {
      if (leadsIn(none.term())) {
        children.takeAnyway(); // the core will want it again
      }
    } else if (event instanceof SnapshotEvent.Sent sent) {
      sent(sent, now);
    } else if (event instanceof SnapshotEvent.Receiving receiving) {
      progress = receiving;
    } else if (event instanceof SnapshotEvent.Received received) {
      progress = null;
      SnapshotInfo info = received.snapshot();
      core.snapshotReceived(
          received.term(), info.header().base(), info.header().timestampMillis(), now);
    } else if (event instanceof SnapshotEvent.ReceiveFailed failed) {
      progress = null;
      logger.warn(
          "{} has not received a snapshot from {}: {}",
          blueprint.label(),
          failed.from(),
          failed.reason());
    } else if (event instanceof SnapshotEvent.Installed installed) {
      core.snapshotInstalled(installed.snapshot().position().index(), now);
      saved(installed.snapshot(), installed.snapshot().position().index(), durable, now);
    } else if (event instanceof SnapshotEvent.InstallFailed failed) {
      // The next incarnation takes an older one, or asks the leader for another.
      throw new IllegalStateException(
          blueprint.label()
              + " cannot install the snapshot at "
              + failed.index()
              + ": "
              + failed.reason());
    }
  }

  private boolean leadsIn(long term) {
    return core.role() == Role.LEADER && core.hardState().term() == term;
  }

  private void sent(SnapshotEvent.Sent sent, long now) {
    children.ended(sent);
    logger.info(
        "{}: sending snapshot {} to {} has ended: {}",
        blueprint.label(),
        sent.index(),
        sent.to(),
        sent.detail());
    core.snapshotSent(sent.to(), sent.term(), sent.index(), sent.delivered(), now);
  }

  /**
   * A snapshot is in the store and in use.
   *
   * @param info which one
   * @param oldestRetained the index of the oldest that is kept beside it
   * @param durable what is durable in the journal
   * @param now monotonic nanoseconds
   */
  void saved(SnapshotInfo info, long oldestRetained, DurableState durable, long now) {
    SavedSnapshot.Retention retention = blueprint.settings().logRetention();
    long heldFrom = Math.max(readers.heldFrom(now), retention.readersFrom(durable));
    core.snapshotSaved(
        retention
            .afterSaving(info.header().base(), info.sizeBytes(), oldestRetained, durable)
            .keepingFrom(heldFrom),
        now);
    // Also while the base stays: it never passes the oldest of those that are kept.
    children.prune(core.appliedIndex());
  }

  /** The log stands durably on a later base: older snapshots may go. */
  void baseMoved() {
    children.prune(core.appliedIndex());
  }

  /** The replica has stopped, and so have the children. */
  void close() {
    asked
        .values()
        .forEach(
            request ->
                Answers.notTaken(
                    request, SnapshotResult.Reason.UNAVAILABLE, "the replica has stopped"));
    asked.clear();
    Preparation.close(snapshots, blueprint.label());
  }
}
