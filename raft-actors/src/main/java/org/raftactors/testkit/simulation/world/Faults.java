package org.raftactors.testkit.simulation.world;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.raftactors.testkit.simulation.plan.Fault;

/** Makes things go wrong, and mends them when their time is over. */
final class Faults {

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

  private final World world;
  private final Compounds compounds;
  private boolean over;

  Faults(World world) {
    this.world = world;
    this.compounds = new Compounds(world, this);
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

  /** Begins a fault. */
  void begin(Fault fault) {
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
      case TRANSFER -> compounds.transfer(node, random);
      case UNAWARE -> compounds.unaware(node, fault.duration(), random);
      case DEPOSE -> compounds.depose(node, fault.duration(), random);
      case LATE_ELECTION -> compounds.lateElection(node, fault.duration(), random);
      case REELECTION -> compounds.reelection(node, fault.duration(), random);
      case BROKEN_TRANSFER -> compounds.brokenTransfer(node, fault.duration(), random);
      default -> cut(active, random, until);
    }
    boolean ends = !active.links.isEmpty() || fault.kind() == Fault.Kind.HANG;
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

  private Node target(Fault fault) {
    int size = world.nodes().size();
    return fault.target() == Fault.LEADER
        ? latestLeader((int) Long.remainderUnsigned(fault.seed(), size))
        : world.node(fault.target() % size);
  }

  /** Who leads in the latest term, or somebody if nobody does. */
  Node latestLeader(int otherwise) {
    Node latest = world.node(otherwise);
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
    if (!over && event.payload instanceof Compounds.Question question) {
      compounds.ask(question);
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
