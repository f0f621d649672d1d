package org.raftactors.cluster.router;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.pekko.actor.typed.ActorRef;
import org.raftactors.cluster.bootstrap.Greeting;
import org.raftactors.cluster.formation.Sight;
import org.raftactors.cluster.internal.NodeSettings;
import org.raftactors.cluster.internal.RosterNode;
import org.raftactors.cluster.router.NodeCommand.Hello;
import org.slf4j.Logger;

/** Sends hellos, and lets in those that are meant for this node and newer than the last one. */
final class Hellos {

  private record Last(long run, long number) {}

  private final Logger log;
  private final String self;
  private final List<RosterNode> others;
  private final Map<String, ActorRef<NodeCommand>> actors = new HashMap<>();
  private final Map<String, Last> heard = new HashMap<>();
  private final Map<String, String> warned = new HashMap<>();
  private final long run = ThreadLocalRandom.current().nextLong();
  private long number;

  Hellos(Logger log, NodeSettings settings, Addresses addresses) {
    this.log = log;
    this.self = settings.self().value();
    this.others = settings.roster().othersThan(settings.self());
    others.forEach(node -> actors.put(node.id().value(), addresses.actor(node)));
  }

  void sendAll(Greeting greeting, Sight sight) {
    others.forEach(node -> send(node.id().value(), greeting, sight, false));
  }

  void answer(Hello hello, Greeting greeting, Sight sight) {
    send(hello.greeting().from(), greeting, sight, true);
  }

  private void send(String to, Greeting greeting, Sight sight, boolean answer) {
    ActorRef<NodeCommand> actor = actors.get(to);
    if (actor != null) {
      actor.tell(new Hello(NodeCommand.VERSION, to, run, ++number, answer, greeting, sight));
    }
  }

  /** Whether to listen to a hello. */
  boolean accepts(Hello hello) {
    String from = hello.greeting().from();
    if (hello.version() != NodeCommand.VERSION) {
      warn(
          from,
          "node %s speaks version %d of the node protocol, node %s only %d: it is not listened to"
              .formatted(from, hello.version(), self, NodeCommand.VERSION));
      return false;
    }
    if (!hello.to().equals(self)) {
      warn(
          from,
          "node %s takes node %s for node %s: raft-actors.node.initial-nodes there has a wrong address"
              .formatted(from, self, hello.to()));
      return false;
    }
    Last last = heard.get(from);
    if (last != null && last.run() == hello.run() && last.number() >= hello.number()) {
      return false;
    }
    if (knows(from)) {
      heard.put(from, new Last(hello.run(), hello.number()));
    }
    return true;
  }

  /** Whether the sender's run has not been heard before. To be asked before {@link #accepts}. */
  boolean isNewRun(Hello hello) {
    Last last = heard.get(hello.greeting().from());
    return last == null || last.run() != hello.run();
  }

  boolean knows(String node) {
    return actors.containsKey(node);
  }

  /** Says what is wrong with another node: once, until it changes. */
  void warn(String node, String text) {
    if (!text.equals(warned.put(node, text))) {
      log.error("{}", text);
    }
    if (warned.size() > 100) {
      warned.clear(); // strangers with ever new names must not fill the memory
    }
  }
}
