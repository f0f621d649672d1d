package org.raftactors.testkit.simulation.world;

import org.raftactors.core.message.AppendAccepted;
import org.raftactors.core.message.AppendRejected;
import org.raftactors.core.message.HeartbeatAck;
import org.raftactors.core.message.PreVoteResponse;
import org.raftactors.core.message.RaftMessage;
import org.raftactors.core.message.ReadIndexResponse;
import org.raftactors.core.message.TimeoutNow;
import org.raftactors.core.message.VoteResponse;
import org.raftactors.testkit.simulation.plan.Parameters;
import org.raftactors.testkit.simulation.plan.Seeds;

/** The links between all replicas. What is cut loses what is sent, not what is under way. */
final class Network {

  private final EventQueue queue;
  private final Link[][] links;
  private long sent;

  Network(Parameters parameters, Seeds seeds, EventQueue queue) {
    this.queue = queue;
    int size = parameters.replicas();
    links = new Link[size][size];
    for (int from = 0; from < size; from++) {
      for (int to = 0; to < size; to++) {
        links[from][to] = new Link(parameters.network(), seeds.link(from, to));
      }
    }
  }

  Link link(int from, int to) {
    return links[from][to];
  }

  /** How many messages were sent so far. */
  long sent() {
    return sent;
  }

  /** Sends a message about a snapshot. */
  void post(int from, int to, SnapshotPost post, long now) {
    boolean isAnswer = !(post instanceof SnapshotPost.Offer);
    send(from, to, Event.Kind.POST, post, isAnswer, now);
  }

  /** Sends a message; returns whether it will arrive. */
  boolean send(int from, int to, RaftMessage message, long now) {
    return send(from, to, Event.Kind.MESSAGE, message, isAnswer(message), now);
  }

  private boolean send(
      int from, int to, Event.Kind kind, Object message, boolean isAnswer, long now) {
    sent++;
    Link link = links[from][to];
    if (link.isCut() || link.loses()) {
      return false;
    }
    queue.add(link.arrival(now, isAnswer), kind, to, from, 0, message);
    long again = link.secondArrival(now);
    if (again >= 0) {
      queue.add(again, kind, to, from, 1, message);
    }
    return true;
  }

  /** The word to campaign counts as one: it answers an acknowledgement. */
  private static boolean isAnswer(RaftMessage message) {
    return message instanceof AppendAccepted
        || message instanceof AppendRejected
        || message instanceof HeartbeatAck
        || message instanceof VoteResponse
        || message instanceof PreVoteResponse
        || message instanceof ReadIndexResponse
        || message instanceof TimeoutNow;
  }

  int size() {
    return links.length;
  }
}
