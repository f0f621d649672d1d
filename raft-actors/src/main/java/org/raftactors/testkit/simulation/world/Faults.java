package org.raftactors.testkit.simulation.world;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.raftactors.testkit.simulation.check.Request;
import org.raftactors.testkit.simulation.plan.Fault;

/** Makes things go wrong, and mends them when their time is over. */
final class Faults {

  /** How often a replica that has noticed nothing is asked. */
  private static final int READS_MAX = 8;

  /** How many of the longest election timeouts the others have to elect one of them. */
  private static final int ELECTIONS = 3;

  /** A cut that has to be mended, or a replica whose disk hangs. */
  private static final class Active {
    final Fault fault;
    final List<Link> links = new ArrayList<>();
    final Node node;

    Active(Fault fault, Node node) {
      this.fault = fault;
      this.node = node;
    }
  }

  /** A read that is part of a fault, and does not come if the faults are over before. */
  private record Question(Node node, int key) {}

  private final World world;
  private boolean over;

  Faults(World world) {
    this.world = world;
  }

  /** From now on nothing goes wrong any more, and what did is not mended one by one. */
  void over() {
    over = true;
  }

  void begin(Event event) {
    if (!over && event.payload instanceof Fault fault) {
      begin(fault);
    }
  }

  private void begin(Fault fault) {
    Node node = target(fault);
    Active active = new Active(fault, node);
    SplittableRandom random = new SplittableRandom(fault.seed());
    long until = world.now() + fault.duration();
    if (world.isTracing()) {
      world.trace("fault " + fault.kind() + " " + node.id() + " for " + fault.duration() / 1_000);
    }
    switch (fault.kind()) {
      case CRASH -> {
        node.crash(node.drawLanded());
        world.restart(node, until);
      }
      case STOP -> {
        node.stop(node.drawLanded());
        world.restart(node, until);
      }
      case POWER_LOSS -> powerLoss(until, random);
      case PAUSE -> node.pause(until);
      case JUMP -> node.jump(fault.duration());
      case HANG -> node.disk().hang(true);
      case SLOW_DISK -> node.disk().slowUntil(until);
      case FAILED_SYNC -> node.disk().failNext();
      case SLOW_MACHINE -> node.stickMachine(until);
      case TRANSFER -> transfer(node, random);
      case UNAWARE -> unaware(active, random);
      default -> cut(active, random, until);
    }
    boolean ends =
        (!active.links.isEmpty() && fault.kind() != Fault.Kind.UNAWARE)
            || fault.kind() == Fault.Kind.HANG;
    if (ends) {
      world.queue().add(until, Event.Kind.FAULT_END, node.index(), 0, 0, active);
    }
  }

  private void powerLoss(long until, SplittableRandom random) {
    for (Node node : world.nodes()) {
      node.crash(node.drawLanded());
      world.restart(node, until + random.nextLong(1 + until - world.now()));
    }
  }

  /** The reads are nobody's of the clients; what they see is judged when they are served. */
  private void unaware(Active active, SplittableRandom random) {
    Node node = active.node;
    long elections = ELECTIONS * world.plan().parameters().settings().electionTimeoutMax();
    long until = world.now() + elections + active.fault.duration();
    node.holdTimers(until);
    boolean late = random.nextBoolean();
    for (Node other : world.nodes()) {
      if (other != node) {
        for (Link link :
            List.of(
                world.network().link(node.index(), other.index()),
                world.network().link(other.index(), node.index()))) {
          if (late) {
            link.clogUntil(until);
          } else {
            link.cut();
            active.links.add(link);
          }
        }
      }
    }
    int keys = world.plan().parameters().load().keys();
    for (int i = random.nextInt(READS_MAX); i >= 0; i--) {
      long at = until - random.nextLong(elections);
      Question question = new Question(node, random.nextInt(keys));
      world.queue().add(at, Event.Kind.FAULT_END, node.index(), 0, 0, question);
    }
    if (!late) {
      world.queue().add(until, Event.Kind.FAULT_END, node.index(), 0, 0, active);
    }
  }

  private void transfer(Node node, SplittableRandom random) {
    int to = random.nextInt(world.nodes().size() + 1) - 1;
    Request request = world.requests().create(Request.Kind.TRANSFER, -1, to, 0, 0, 0);
    world.queue().add(world.now(), Event.Kind.REQUEST, node.index(), 0, 0, request);
  }

  private Node target(Fault fault) {
    int size = world.nodes().size();
    if (fault.target() != Fault.LEADER) {
      return world.node(fault.target() % size);
    }
    Node latest = world.node((int) Long.remainderUnsigned(fault.seed(), size));
    long term = -1;
    for (Node node : world.nodes()) {
      if (node.isLeader() && node.core().hardState().term() > term) {
        latest = node;
        term = node.core().hardState().term();
      }
    }
    return latest;
  }

  private void cut(Active active, SplittableRandom random, long until) {
    int hit = active.node.index();
    int size = world.nodes().size();
    long sides = random.nextLong();
    int other = random.nextInt(size);
    for (int from = 0; from < size; from++) {
      for (int to = 0; to < size; to++) {
        if (from == to) {
          continue;
        }
        boolean apart = (sides >>> from & 1) != (sides >>> to & 1);
        boolean cut =
            switch (active.fault.kind()) {
              case ISOLATE, CLOG -> from == hit || to == hit;
              case DEAF -> to == hit;
              case MUTE -> from == hit;
              case CUT -> from == hit && to == other;
              case PARTITION -> apart;
              case BRIDGE -> apart && from != hit && to != hit;
              case RING -> (from + 1) % size != to && (to + 1) % size != from;
              default -> throw new IllegalArgumentException("not a cut: " + active.fault);
            };
        if (cut && active.fault.kind() == Fault.Kind.CLOG) {
          world.network().link(from, to).clogUntil(until);
        } else if (cut) {
          Link link = world.network().link(from, to);
          link.cut();
          active.links.add(link);
        }
      }
    }
  }

  void end(Event event) {
    if (!over && event.payload instanceof Question question) {
      Request request = world.requests().create(Request.Kind.GET, -1, question.key(), 0, 0, 0);
      world.queue().add(world.now(), Event.Kind.REQUEST, question.node().index(), 0, 0, request);
    }
    if (!over && event.payload instanceof Active active) {
      world.trace("fault " + active.fault.kind() + " " + active.node.id() + " is over");
      active.links.forEach(Link::mend);
      if (active.fault.kind() == Fault.Kind.HANG) {
        active.node.unhang();
      }
    }
  }
}
