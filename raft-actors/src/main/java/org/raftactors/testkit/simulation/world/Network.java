package org.raftactors.testkit.simulation.world;

import org.raftactors.core.message.RaftMessage;
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

  /** Sends a message; returns whether it will arrive. */
  boolean send(int from, int to, RaftMessage message, long now) {
    sent++;
    Link link = links[from][to];
    if (link.isCut() || link.loses()) {
      return false;
    }
    queue.add(link.arrival(now), Event.Kind.MESSAGE, to, from, 0, message);
    long again = link.secondArrival(now);
    if (again >= 0) {
      queue.add(again, Event.Kind.MESSAGE, to, from, 1, message);
    }
    return true;
  }

  int size() {
    return links.length;
  }
}
