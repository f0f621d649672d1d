package org.raftactors.core;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.raftactors.core.invariant.Invariant;
import org.raftactors.core.log.LogEntry;
import org.raftactors.core.log.LogPosition;
import org.raftactors.core.log.RaftLog;
import org.raftactors.core.membership.Quorum;
import org.raftactors.core.membership.ReplicaId;
import org.raftactors.core.message.AppendAccepted;
import org.raftactors.core.message.AppendRejected;
import org.raftactors.core.message.AppendRequest;
import org.raftactors.core.message.Heartbeat;
import org.raftactors.core.replication.Progress;

/**
 * What a leader sends to its followers and what it concludes from their answers (Raft 5.3 and
 * 5.4.2). Lives for one leadership: a new one starts without any knowledge. Nothing here waits for
 * the leader's own disk, which counts like any other replica's.
 */
final class Replication {

  /** The longest wait after a snapshot that did not get through, in heartbeats. */
  private static final int LONGEST_SNAPSHOT_WAIT = 300;

  private final ReplicaState state;
  private final Snapshots snapshots;
  private final Map<ReplicaId, Progress> followers = new LinkedHashMap<>();
  private long round;

  Replication(ReplicaState state, Snapshots snapshots) {
    this.state = state;
    this.snapshots = snapshots;
    for (ReplicaId member : state.configuration().members()) {
      if (!member.equals(state.self)) {
        followers.put(
            member,
            new Progress(
                state.log.lastIndex() + 1,
                state.now(),
                state.settings.maxInflightAppends(),
                state.settings.maxInflightBytes()));
      }
    }
  }

  @Nullable Progress follower(ReplicaId replica) {
    return followers.get(replica);
  }

  long round() {
    return round;
  }

  /**
   * Opens a new round: keeps followers from electing, tells them the commit index, asks them to
   * confirm this leader.
   */
  void heartbeat() {
    round++;
    Heartbeat heartbeat = new Heartbeat(state.term(), state.commitIndex(), round);
    followers.forEach(
        (follower, progress) -> {
          state.outbox.send(follower, heartbeat);
          sendSnapshot(follower, progress); // if one that failed is due again
        });
  }

  void sendAppends() {
    followers.forEach(this::sendAppends);
  }

  private void sendAppends(ReplicaId follower, Progress progress) {
    RaftLog log = state.log;
    while (progress.mayAppend()) {
      long next = progress.nextIndex();
      boolean nothingNew = next > log.lastIndex();
      if (nothingNew && !progress.isProbing()) {
        return;
      }
      if (next <= log.terms().baseIndex() || isSnapshotCheaper(progress)) {
        sendSnapshotInstead(follower, progress);
        return;
      }
      if (!nothingNew && next < log.firstInMemory()) {
        fetch(follower, progress);
        return;
      }
      send(
          follower,
          progress,
          nothingNew
              ? List.of()
              : log.slice(next, log.lastIndex(), state.settings.maxAppendBytes()));
    }
  }

  /**
   * Has entries read back: as much as may leave at once and this replica may hold in memory, and
   * not before that is a good deal. A follower that gets one append per read never catches up with
   * a busy leader.
   */
  private void fetch(ReplicaId follower, Progress progress) {
    long most = state.settings.maxAppendBytes();
    if (!progress.isProbing()) {
      long room = state.settings.maxInflightBytes() - progress.inflightBytes();
      if (room < state.settings.maxInflightBytes() / 2) {
        return; // acknowledgements make more
      }
      most = Math.max(most, Math.min(room, state.tailBytes()));
    }
    progress.fetchStarted();
    long to = Math.min(state.log.lastIndex(), state.log.firstInMemory() - 1);
    state.effect(new Effect.Fetch(follower, progress.nextIndex(), to, (int) most));
  }

  /** Decided once it is known where the follower is, not again while entries are on their way. */
  private boolean isSnapshotCheaper(Progress progress) {
    return progress.isProbing()
        && progress.isLocated()
        && progress.nextIndex() < snapshots.cheaperBelow();
  }

  private void sendSnapshotInstead(ReplicaId follower, Progress progress) {
    progress.snapshotNeeded(Math.max(snapshots.newestIndex(), state.log.terms().baseIndex()));
    sendSnapshot(follower, progress);
  }

  private void sendSnapshot(ReplicaId follower, Progress progress) {
    if (isInContact(progress) && progress.startSnapshot(state.now())) {
      state.effect(new Effect.SendSnapshot(follower, progress.snapshotIndex(), state.term()));
    }
  }

  private boolean isInContact(Progress progress) {
    return state.now() - progress.lastContact() < state.settings.electionTimeoutMin();
  }

  /** Who was silent and is heard again need not wait for what failed because of the silence. */
  private void contacted(Progress progress) {
    if (!isInContact(progress)) {
      progress.snapshotMayBeTriedAgain();
    }
    progress.contacted(state.now());
  }

  /** A follower that lost its state asks for one, wherever its log is. */
  void onSnapshotRequested(ReplicaId from, long atLeastIndex) {
    Progress progress = followers.get(from);
    if (progress == null || atLeastIndex > state.commitIndex()) {
      return;
    }
    contacted(progress);
    if (progress.state() == Progress.State.SNAPSHOT) {
      sendSnapshot(from, progress);
    } else {
      progress.snapshotNeeded(Math.max(atLeastIndex, snapshots.newestIndex()));
      sendSnapshot(from, progress);
    }
  }

  /** No contact: who told so may have left this leader's term long ago. */
  void snapshotSent(ReplicaId follower, long index, boolean delivered) {
    Progress progress = followers.get(follower);
    if (progress == null) {
      return;
    }
    long wait = state.settings.heartbeatInterval();
    progress.snapshotEnded(state.now(), wait, LONGEST_SNAPSHOT_WAIT * wait);
    if (delivered && index <= state.log.lastIndex()) {
      progress.probeBehindSnapshot(index);
      sendAppends(follower, progress);
    } else if (progress.nextIndex() > state.log.terms().baseIndex()) {
      progress.giveUpSnapshot(); // it was only to be cheaper
      sendAppends(follower, progress);
    }
  }

  /** The lowest index that a follower lacks, of those in contact and not served by a snapshot. */
  long neededByFollowers() {
    long needed = state.log.lastIndex() + 1;
    for (Progress progress : followers.values()) {
      if (isInContact(progress)) {
        needed = Math.min(needed, progress.neededFrom());
      }
    }
    return needed;
  }

  /**
   * The highest index that all followers are known to have, but for those that are away and lack
   * what memory no longer has: for them it is read back anyway. No limit if there are none.
   */
  long everyoneHas() {
    long index = Long.MAX_VALUE;
    for (Progress progress : followers.values()) {
      boolean beyondMemory = progress.matchIndex() + 1 < state.log.firstInMemory();
      if (!beyondMemory || isInContact(progress)) {
        index = Math.min(index, progress.matchIndex());
      }
    }
    return index;
  }

  private void send(ReplicaId follower, Progress progress, List<LogEntry> entries) {
    LogPosition previous = state.log.positionAt(progress.nextIndex() - 1);
    AppendRequest append = new AppendRequest(state.term(), previous, entries, state.commitIndex());
    long bytes = 0;
    for (LogEntry entry : entries) {
      bytes += entry.sizeBytes();
    }
    progress.appendSent(append.lastIndex(), bytes);
    state.outbox.send(follower, append);
  }

  /**
   * Entries that were read back for a follower; an empty list is a failure, to be tried again after
   * the next heartbeat.
   */
  void fetched(ReplicaId follower, List<LogEntry> entries) {
    Progress progress = followers.get(follower);
    if (progress == null) {
      return;
    }
    progress.fetchEnded();
    int from = 0;
    while (from < entries.size() && isWanted(entries.get(from), progress)) {
      int to = endOfAppend(entries, from);
      send(follower, progress, entries.subList(from, to));
      from = to;
    }
    if (!entries.isEmpty()) {
      sendAppends(follower, progress);
    }
  }

  private boolean isWanted(LogEntry entry, Progress progress) {
    return progress.nextIndex() > state.log.terms().baseIndex()
        && progress.mayAppend()
        && entry.index() == progress.nextIndex();
  }

  /** The end, exclusive, of what fits into one append: one entry at least. */
  private int endOfAppend(List<LogEntry> entries, int from) {
    long bytes = entries.get(from).sizeBytes();
    int to = from + 1;
    while (to < entries.size()) {
      bytes += entries.get(to).sizeBytes();
      if (bytes > state.settings.maxAppendBytes()) {
        break;
      }
      to++;
    }
    return to;
  }

  void onAccepted(ReplicaId from, AppendAccepted accepted) {
    Progress progress = followers.get(from);
    if (progress == null || accepted.matchIndex() > state.log.lastIndex()) {
      return; // a stranger, or an acknowledgement of what this leader does not have
    }
    contacted(progress);
    progress.accepted(accepted.matchIndex());
    sendAppends(from, progress);
  }

  void onRejected(ReplicaId from, AppendRejected rejected) {
    Progress progress = followers.get(from);
    if (progress == null) {
      return;
    }
    contacted(progress);
    LogPosition hint = rejected.hint();
    long agreeAt =
        hint.index() < state.log.terms().baseIndex()
            ? hint.index()
            : state.log.terms().highestIndexWithTermAtMost(hint.index(), hint.term());
    if (progress.rejected(rejected.previousIndex(), agreeAt)) {
      sendAppends(from, progress);
    }
  }

  void onHeartbeatAck(ReplicaId from, long ackedRound) {
    Progress progress = followers.get(from);
    if (progress == null) {
      return;
    }
    contacted(progress);
    progress.confirmed(state.now());
    boolean stalled = progress.heartbeatAcked(ackedRound);
    if (stalled && progress.nextIndex() <= state.log.terms().baseIndex()) {
      sendSnapshotInstead(from, progress); // what was sent and lost is not in the log any more
    } else if (stalled) {
      // An empty append behind everything that was sent: acknowledged if all arrived, rejected if
      // something is missing.
      LogPosition previous = state.log.positionAt(progress.nextIndex() - 1);
      state.outbox.send(
          from, new AppendRequest(state.term(), previous, List.of(), state.commitIndex()));
    }
    sendAppends(from, progress);
  }

  /**
   * The highest index that a majority has durably, if it is of this term: entries of earlier terms
   * never commit by counting (Raft 5.4.2, figure 8).
   */
  long committable() {
    long index =
        Quorum.highestReached(
            state.configuration(),
            voter -> voter.equals(state.self) ? state.pipeline.durableIndex() : match(voter));
    boolean ownTerm = index > state.commitIndex() && state.log.termAt(index) == state.term();
    return ownTerm ? index : state.commitIndex();
  }

  /** The latest round that a majority has acknowledged, this leader included. */
  long confirmedRound() {
    return Quorum.highestReached(
        state.configuration(),
        voter -> {
          Progress progress = followers.get(voter);
          return progress == null ? round : progress.ackedRound();
        });
  }

  /**
   * Since when, at the latest, a majority has acknowledged a heartbeat, this leader included. Not
   * anything else: a leader that gets acknowledgements of appends but none of heartbeats could not
   * confirm a read either.
   */
  long majorityContact() {
    return Quorum.highestReached(
        state.configuration(),
        voter -> {
          Progress progress = followers.get(voter);
          return progress == null ? state.now() : progress.confirmedAt();
        });
  }

  /** The other voter that has most of the log, among those in contact; null if there is none. */
  @Nullable ReplicaId furthestVoter() {
    ReplicaId best = null;
    long bestMatch = -1;
    for (Map.Entry<ReplicaId, Progress> entry : followers.entrySet()) {
      Progress progress = entry.getValue();
      if (state.configuration().isVoter(entry.getKey())
          && isInContact(progress)
          && progress.matchIndex() > bestMatch) {
        best = entry.getKey();
        bestMatch = progress.matchIndex();
      }
    }
    return best;
  }

  void checkInvariants() {
    for (Map.Entry<ReplicaId, Progress> entry : followers.entrySet()) {
      Progress progress = entry.getValue();
      Invariant.check(
          progress.matchIndex() < progress.nextIndex()
              && progress.matchIndex() <= state.log.lastIndex(),
          () ->
              "progress of "
                  + entry.getKey()
                  + ": match "
                  + progress.matchIndex()
                  + ", next "
                  + progress.nextIndex()
                  + ", last "
                  + state.log.lastIndex());
    }
  }

  List<CoreStatus.Peer> describe() {
    List<CoreStatus.Peer> peers = new ArrayList<>();
    followers.forEach(
        (replica, progress) ->
            peers.add(
                new CoreStatus.Peer(
                    replica,
                    progress.state().name(),
                    progress.matchIndex(),
                    progress.nextIndex(),
                    progress.inflightBytes())));
    return peers;
  }

  private long match(ReplicaId voter) {
    Progress progress = followers.get(voter);
    return progress == null ? 0 : progress.matchIndex();
  }
}
