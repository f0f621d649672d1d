package org.raftactors.core.script;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.raftactors.core.CoreStatus;
import org.raftactors.core.Effect;
import org.raftactors.core.log.LogEntry;
import org.raftactors.core.log.LogPosition;
import org.raftactors.core.membership.ReplicaId;
import org.raftactors.core.write.PendingWrite;
import org.raftactors.core.write.Written;

/** State as text, always in the same shape. */
final class Describe {

  private Describe() {}

  static String write(PendingWrite write) {
    Written event = write.event();
    return write.number()
        + ": term="
        + event.hardState().term()
        + " vote="
        + name(event.hardState().votedFor())
        + (event.base().position().index() > 0 ? " base=" + event.base().position() : "")
        + " after "
        + event.previous()
        + " "
        + EntryText.format(event.entries())
        + " commit="
        + event.commitHint();
  }

  static String leadership(ReplicaId id, Effect.LeadershipChanged change) {
    return id
        + " is "
        + change.role()
        + " term="
        + change.term()
        + " leader="
        + name(change.leader())
        + (change.published() ? " published" : "");
  }

  static List<String> state(ScriptReplica replica) {
    if (!replica.isRunning()) {
      return List.of(
          replica.id()
              + " DOWN term="
              + replica.disk().hardState().term()
              + " vote="
              + name(replica.disk().hardState().votedFor())
              + " durable="
              + replica.disk().lastIndex());
    }
    CoreStatus status = replica.status();
    List<String> lines = new ArrayList<>();
    lines.add(
        replica.id()
            + " "
            + status.role()
            + " term="
            + status.hardState().term()
            + " vote="
            + name(status.hardState().votedFor())
            + " leader="
            + name(status.leader())
            + (status.leaderPublished() ? " published" : "")
            + " last="
            + status.last()
            + " durable="
            + status.durableIndex()
            + " commit="
            + status.commitIndex()
            + " applied="
            + status.appliedIndex()
            + (status.base().index() > 0 ? " base=" + status.base() : "")
            + (status.installing() ? " installing" : ""));
    for (CoreStatus.Peer peer : status.peers()) {
      lines.add(
          "  "
              + peer.replica()
              + " "
              + peer.state()
              + " match="
              + peer.matchIndex()
              + " next="
              + peer.nextIndex()
              + " inflight="
              + peer.inflightBytes()
              + "B");
    }
    return lines;
  }

  /** What a stale read would be told, and what readiness goes by. */
  static String staleness(ScriptReplica replica) {
    long nanos = replica.staleness();
    String age = nanos == Long.MAX_VALUE ? "never" : nanos / ScriptCluster.MILLI + " ms ago";
    return replica.id()
        + " had all that was committed "
        + age
        + (replica.status().caughtUp() ? ", caught up" : "");
  }

  /** The log in memory, or on disk where memory does not reach. */
  static String log(ScriptReplica replica) {
    List<LogEntry> entries = new ArrayList<>();
    LogPosition base =
        replica.isRunning() ? replica.status().base() : replica.disk().base().position();
    long last = replica.isRunning() ? replica.log().lastIndex() : replica.disk().lastIndex();
    for (long index = base.index() + 1; index <= last; index++) {
      boolean inMemory = replica.isRunning() && index >= replica.log().firstInMemory();
      LogEntry entry =
          inMemory
              ? replica.log().slice(index, index, Long.MAX_VALUE).get(0)
              : replica.disk().entry(index);
      if (entry != null) {
        entries.add(entry);
      }
    }
    return replica.id()
        + (base.index() > 0 ? " base " + base : "")
        + " "
        + EntryText.format(entries);
  }

  /** What of the log is in memory. */
  static String memory(ScriptReplica replica) {
    long first = replica.log().firstInMemory();
    long last = replica.log().lastIndex();
    return replica.id() + " has in memory " + (first > last ? "nothing" : first + ".." + last);
  }

  /** What a crash would leave. */
  static String durable(ScriptReplica replica) {
    ScriptDisk disk = replica.disk();
    List<LogEntry> entries = new ArrayList<>();
    for (long index = disk.base().position().index() + 1; index <= disk.lastIndex(); index++) {
      LogEntry entry = disk.entry(index);
      if (entry != null) {
        entries.add(entry);
      }
    }
    return replica.id()
        + " durable term="
        + disk.hardState().term()
        + " vote="
        + name(disk.hardState().votedFor())
        + " commit="
        + disk.state().commitHint()
        + (disk.base().position().index() > 0 ? " base=" + disk.base().position() : "")
        + " "
        + EntryText.format(entries);
  }

  static String name(@Nullable ReplicaId replica) {
    return replica == null ? "-" : replica.toString();
  }
}
