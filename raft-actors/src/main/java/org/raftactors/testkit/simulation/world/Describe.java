package org.raftactors.testkit.simulation.world;

import java.util.List;
import org.raftactors.core.Effect;
import org.raftactors.core.log.LogEntry;
import org.raftactors.core.message.AppendRequest;
import org.raftactors.core.message.RaftMessage;
import org.raftactors.core.write.Written;
import org.raftactors.testkit.simulation.check.Requests;

/** What happens, in the words of a trace. */
final class Describe {

  private Describe() {}

  static String message(RaftMessage message) {
    if (message instanceof AppendRequest append) {
      return "AppendRequest[term="
          + append.term()
          + ", after "
          + append.previous()
          + " "
          + positions(append.entries())
          + ", leaderCommit="
          + append.leaderCommit()
          + "]";
    }
    return message.toString();
  }

  static String post(SnapshotPost post) {
    if (post instanceof SnapshotPost.Offer offer) {
      return "offers snapshot " + offer.file().base().position() + " of term " + offer.term();
    }
    return post instanceof SnapshotPost.Ended ended
        ? "has " + (ended.delivered() ? "got" : "not got") + " the snapshot"
        : "is getting the snapshot";
  }

  static String event(Written event, Requests requests) {
    StringBuilder text = new StringBuilder();
    text.append(event.hardState()).append(" on ").append(event.base().position());
    text.append(" after ").append(event.previous());
    for (LogEntry entry : event.entries()) {
      text.append(", ").append(entry.position()).append(' ').append(requests.describe(entry));
    }
    return text.toString();
  }

  static String fetch(Effect.Fetch fetch) {
    return "fetches "
        + fetch.firstIndex()
        + " to "
        + fetch.lastIndex()
        + " for "
        + (fetch.receiver() == null ? "its state machine" : fetch.receiver());
  }

  static String leadership(Effect.LeadershipChanged change) {
    return "is "
        + change.role()
        + " in term "
        + change.term()
        + ", leader "
        + (change.leader() == null ? "unknown" : change.leader())
        + (change.published() ? "" : " (not published)");
  }

  private static String positions(List<LogEntry> entries) {
    if (entries.isEmpty()) {
      return "nothing";
    }
    LogEntry first = entries.get(0);
    LogEntry last = entries.get(entries.size() - 1);
    return entries.size() == 1
        ? first.position().toString()
        : first.position() + " to " + last.position();
  }
}
