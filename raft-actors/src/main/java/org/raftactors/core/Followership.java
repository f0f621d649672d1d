package org.raftactors.core;

import java.util.List;
import org.raftactors.core.invariant.Invariant;
import org.raftactors.core.log.LogEntry;
import org.raftactors.core.log.LogPosition;
import org.raftactors.core.log.RaftLog;
import org.raftactors.core.membership.ReplicaId;
import org.raftactors.core.message.AppendRejected;
import org.raftactors.core.message.AppendRequest;
import org.raftactors.core.message.Heartbeat;
import org.raftactors.core.message.HeartbeatAck;

/**
 * What a follower does with what its leader sends (Raft 5.3). Messages of other terms never get
 * here.
 */
final class Followership {

  private final ReplicaState state;
  private final Applying applying;

  Followership(ReplicaState state, Applying applying) {
    this.state = state;
    this.applying = applying;
  }

  void onHeartbeat(ReplicaId from, Heartbeat heartbeat) {
    commitVerified(heartbeat.leaderCommit());
    applying.leaderCommitHeard(heartbeat.leaderCommit(), heartbeat.round());
    state.outbox.sendAfterTerm(from, new HeartbeatAck(state.term(), heartbeat.round()));
    if (state.verifiedIndex() < Math.min(heartbeat.leaderCommit(), state.log.lastIndex())) {
      askForProbe(from);
    }
  }

  /**
   * After a restart within its leader's term a replica has compared nothing with it, or what a late
   * append reached; and an idle leader, to whom it acknowledged everything before, has nothing to
   * send. Refusing the position behind its log brings the append that it needs to follow the commit
   * index (scenario 40).
   */
  private void askForProbe(ReplicaId leader) {
    LogPosition last = state.log.last();
    state.outbox.sendAfterTerm(
        leader, new AppendRejected(state.term(), last.index() + 1, last, last.index()));
  }

  void onAppend(ReplicaId from, AppendRequest append) {
    LogPosition previous = append.previous();
    checkCommittedAgrees(append);
    if (previous.index() > state.commitIndex() && !state.log.contains(previous)) {
      reject(from, previous);
      return;
    }
    appendMissing(append);
    long matched = Math.max(append.lastIndex(), state.commitIndex());
    state.verifiedTo(matched);
    commitVerified(append.leaderCommit());
    applying.leaderCommitHeard(append.leaderCommit(), 0);
    state.outbox.acknowledgeWhenDurable(from, state.term(), matched);
  }

  private void appendMissing(AppendRequest append) {
    RaftLog log = state.log;
    List<LogEntry> entries = append.entries();
    int from = 0;
    while (from < entries.size()) {
      LogEntry entry = entries.get(from);
      boolean present = entry.index() <= state.commitIndex() || log.contains(entry.position());
      if (!present) {
        break;
      }
      from++;
    }
    if (from == entries.size()) {
      return; // nothing new: above all, nothing to cut off behind an old, shorter append
    }
    long keep = entries.get(from).index() - 1;
    if (keep < log.lastIndex()) {
      truncateAfter(keep);
    }
    List<LogEntry> missing = entries.subList(from, entries.size());
    log.append(missing);
    state.sawTimestamp(missing.get(missing.size() - 1).timestampMillis());
  }

  private void truncateAfter(long keep) {
    Invariant.check(
        keep >= state.commitIndex(),
        () ->
            "committed entries would be cut: keep " + keep + ", committed " + state.commitIndex());
    state.log.truncateAfter(keep);
    state.pipeline.truncated(keep);
  }

  /**
   * The commit index follows the leader's, but never beyond what was compared with this leader's
   * log (scenario 31).
   */
  private void commitVerified(long leaderCommit) {
    long index = Math.min(leaderCommit, state.verifiedIndex());
    if (index > state.commitIndex()) {
      state.commitTo(index);
      applying.advance();
    }
  }

  private void reject(ReplicaId from, LogPosition previous) {
    RaftLog log = state.log;
    long guess =
        log.terms()
            .highestIndexWithTermAtMost(
                Math.min(previous.index() - 1, log.lastIndex()), previous.term());
    long hint = Math.max(guess, state.commitIndex());
    state.outbox.sendAfterTerm(
        from,
        new AppendRejected(state.term(), previous.index(), log.positionAt(hint), log.lastIndex()));
  }

  /**
   * A committed entry is the same in every later leader's log; anything else is a fatal bug
   * somewhere (rule 7).
   */
  private void checkCommittedAgrees(AppendRequest append) {
    long committed = state.commitIndex();
    if (append.previous().index() > committed) {
      return;
    }
    checkAgrees(append.previous(), committed);
    for (LogEntry entry : append.entries()) {
      if (entry.index() > committed) {
        return;
      }
      checkAgrees(entry.position(), committed);
    }
  }

  private void checkAgrees(LogPosition position, long committed) {
    RaftLog log = state.log;
    Invariant.check(
        position.index() < log.terms().baseIndex() || log.contains(position),
        () ->
            "the leader has "
                + position
                + " where term "
                + log.termAt(position.index())
                + " is committed (up to "
                + committed
                + ")");
  }
}
