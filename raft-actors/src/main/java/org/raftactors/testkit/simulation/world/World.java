package org.raftactors.testkit.simulation.world;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.raftactors.core.log.SnapshotBase;
import org.raftactors.core.message.RaftMessage;
import org.raftactors.testkit.simulation.check.Property;
import org.raftactors.testkit.simulation.check.Requests;
import org.raftactors.testkit.simulation.check.Safety;
import org.raftactors.testkit.simulation.check.Violation;
import org.raftactors.testkit.simulation.plan.Fault;
import org.raftactors.testkit.simulation.plan.Parameters;
import org.raftactors.testkit.simulation.plan.Plan;
import org.raftactors.testkit.simulation.plan.Seeds;

/**
 * One schedule: a cluster in one thread and in virtual time, all of whose chances come from the
 * seed of its plan. First anything may go wrong, and safety is judged after every step; then it
 * heals, in two stages, and all must come to rest.
 */
public final class World {

  private static final long EVENTS_MAX = 5_000_000;

  private final Plan plan;
  private final Seeds seeds;
  private final @Nullable Trace trace;
  private final EventQueue queue = new EventQueue();
  private final Network network;
  private final List<Node> nodes = new ArrayList<>();
  private final Requests requests = new Requests();
  private final Safety safety;
  private final Clients clients;
  private final Faults faults;
  private long now;
  private long inputs;
  private long taken;
  private long fingerprint;
  private boolean healed;

  /**
   * A world in which nothing has happened.
   *
   * @param plan what is decided
   * @param misbehaviour what the disks may do
   * @param trace gets what happens, or null
   */
  public World(Plan plan, Misbehaviour misbehaviour, @Nullable Trace trace) {
    this.plan = plan;
    this.seeds = new Seeds(plan.seed());
    this.trace = trace;
    Parameters parameters = plan.parameters();
    this.network = new Network(parameters, seeds, queue);
    SnapshotBase base = SnapshotBase.initial(parameters.configuration());
    for (int i = 0; i < parameters.replicas(); i++) {
      nodes.add(new Node(this, i, base, misbehaviour));
    }
    this.safety = new Safety(base.configuration(), nodes, requests);
    this.clients = new Clients(this);
    this.faults = new Faults(this);
  }

  /**
   * Plays the whole schedule.
   *
   * @throws Violation if a property does not hold
   */
  public void play() {
    for (Node node : nodes) {
      restart(node, node.startDone());
    }
    for (int i = 0; i < plan.faults().size(); i++) {
      Fault fault = plan.faults().get(i);
      queue.add(fault.at(), Event.Kind.FAULT, fault.target(), 0, 0, fault);
    }
    clients.begin();
    runUntil(plan.parameters().length());
    new Ending(this).play();
  }

  private void runUntil(long end) {
    while (!queue.isEmpty() && queue.nextTime() <= end) {
      step();
    }
    now = Math.max(now, end);
  }

  /**
   * Goes on until something is the case.
   *
   * @param condition asked every now and then
   * @param every how often
   * @param bound how long at most
   * @return whether it is the case
   */
  boolean await(BooleanSupplier condition, long every, long bound) {
    long end = now + bound;
    while (!condition.getAsBoolean()) {
      if (now >= end) {
        return false;
      }
      runUntil(Math.min(end, now + every));
    }
    return true;
  }

  private void step() {
    if (++taken > EVENTS_MAX) {
      throw new Violation(Property.LIVENESS, "events without end: " + taken);
    }
    Event event = queue.take();
    now = event.time;
    fingerprint =
        (fingerprint ^ now * 31 + event.sequence * 127 + 64L * event.node) * 0x9E3779B97F4A7C15L;
    if (dispatch(event)) {
      queue.recycle(event);
    }
  }

  private boolean dispatch(Event event) {
    if (trace != null) {
      traceEvent(event);
    }
    switch (event.kind) {
      case START -> nodes.get(event.node).start();
      case RESUME -> nodes.get(event.node).resume();
      case CLIENT -> clients.turn(event.node, event.number);
      case ANSWER -> clients.heard(event);
      case FAULT -> faults.begin(event);
      case FAULT_END -> faults.end(event);
      default -> {
        return nodes.get(event.node).take(event);
      }
    }
    return true;
  }

  private void traceEvent(Event event) {
    if (event.kind == Event.Kind.MESSAGE) {
      String state = nodes.get(event.node).isRunning() ? "" : " (nobody there)";
      trace(nodes.get(event.node), "<- " + nodes.get(event.from).id() + " " + name(event) + state);
    } else if (event.kind == Event.Kind.POST && event.payload instanceof SnapshotPost post) {
      trace(nodes.get(event.node), "<- " + nodes.get(event.from).id() + " " + Describe.post(post));
    } else if (event.kind == Event.Kind.WRITE_DONE) {
      trace(nodes.get(event.node), "write " + event.number + " done");
    } else if (event.kind == Event.Kind.TICK) {
      trace(nodes.get(event.node), "tick");
    }
  }

  private static String name(Event event) {
    return event.payload instanceof RaftMessage message ? Describe.message(message) : "";
  }

  /** Starts a replica later. */
  void restart(Node node, long at) {
    queue.add(at, Event.Kind.START, node.index(), 0, 0, null);
  }

  /** Whether requests and answers still get lost. */
  boolean isFaulty() {
    return !healed;
  }

  /** From now on everything works. */
  void healed() {
    healed = true;
  }

  /** A core gets an input. */
  void counted() {
    inputs++;
  }

  boolean isTracing() {
    return trace != null;
  }

  void trace(Node node, String line) {
    if (trace != null) {
      trace.add(now, node.id() + " " + line);
    }
  }

  void trace(String line) {
    if (trace != null) {
      trace.add(now, line);
    }
  }

  /** {@return what was decided before} */
  public Plan plan() {
    return plan;
  }

  /** {@return the present virtual time in nanoseconds} */
  public long now() {
    return now;
  }

  /** {@return how many inputs the cores got} */
  public long inputs() {
    return inputs;
  }

  /** {@return a hash of all that happened} */
  public long fingerprint() {
    return fingerprint;
  }

  /** {@return the highest index that was committed} */
  public long committed() {
    return safety.highestCommitted();
  }

  /** {@return how many operations of clients were completed} */
  public long operations() {
    return clients.history().size();
  }

  /** {@return whether it would take too long to judge what the clients saw} */
  public boolean isUndecided() {
    return clients.history().gaveUp();
  }

  Seeds seeds() {
    return seeds;
  }

  EventQueue queue() {
    return queue;
  }

  Network network() {
    return network;
  }

  Requests requests() {
    return requests;
  }

  Safety safety() {
    return safety;
  }

  Clients clients() {
    return clients;
  }

  Faults faults() {
    return faults;
  }

  List<Node> nodes() {
    return nodes;
  }

  Node node(int index) {
    return nodes.get(index);
  }
}
