package org.raftactors.testkit.simulation.world;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.raftactors.testkit.simulation.check.Property;
import org.raftactors.testkit.simulation.check.Request;
import org.raftactors.testkit.simulation.check.Violation;
import org.raftactors.testkit.simulation.plan.Operation;
import org.raftactors.testkit.simulation.plan.Parameters;
import org.raftactors.testkit.simulation.plan.Seeds;

/**
 * The end of a schedule: a majority heals and must work whatever the others do; then all heal and
 * must come to rest, without any traffic too.
 */
final class Ending {

  private static final int QUIET_HEARTBEATS = 20;

  /** How many heartbeats a snapshot that failed again and again may wait for the next attempt. */
  private static final long SNAPSHOT_WAIT = 1_000;

  /** Of an order of the clients' operations; what takes longer stays undecided. */
  private static final int CONFIGURATIONS_MAX = 200_000;

  private final World world;
  private final Parameters parameters;
  private final SplittableRandom random;
  private final long step;
  private @Nullable Request handOver;

  Ending(World world) {
    this.world = world;
    this.parameters = world.plan().parameters();
    this.random = world.seeds().generator(Seeds.ENDING);
    this.step = parameters.settings().heartbeatInterval();
  }

  void play() {
    world.trace("the faults are over");
    world.faults().over();
    world.clients().forget();
    // Not if a part of it may have lost its state: the others may be needed then.
    boolean enough = parameters.snapshots().lost() == 0;
    if (parameters.voters() > 2 && random.nextInt(3) == 0 && enough) {
      majority();
    }
    List<Node> all = world.nodes();
    healAll();
    require(() -> isAtRest(all), "come to rest", all);
    Node forgetful = all.get(random.nextInt(all.size()));
    forgetful.crash(true);
    world.restart(forgetful, world.now());
    require(() -> isAtRest(all), "come to rest without traffic", all);
    for (Node node : all) {
      require(() -> tries(Request.Kind.PUT, node), "write", all);
      require(() -> tries(Request.Kind.GET, node), "read", all);
    }
    require(() -> isAtRest(all), "come to rest again", all);
    if (parameters.voters() > 1) {
      Node successor = all.get(random.nextInt(parameters.voters()));
      require(() -> handsOverTo(successor), "hand leadership over", all);
      require(() -> isAtRest(all), "come to rest with another leader", all);
    }
    checkQuiet();
    checkAnswered();
    world.clients().history().check(CONFIGURATIONS_MAX);
  }

  private void require(BooleanSupplier condition, String what, List<Node> members) {
    if (!world.await(condition, step, patience())) {
      throw new Violation(
          Property.LIVENESS,
          "within "
              + patience() / 1_000_000
              + " ms these did not "
              + what
              + ":"
              + describe(members));
    }
  }

  /** Generous: an election may need some attempts, and a log may be sent entry by entry. */
  private long patience() {
    long entries = 0;
    for (Node node : world.nodes()) {
      entries = Math.max(entries, node.durable().lastIndex());
    }
    long snapshots = parameters.snapshots().every() > 0 ? SNAPSHOT_WAIT * step : 0;
    return (100 + entries) * parameters.settings().electionTimeoutMax() + snapshots;
  }

  /**
   * Heals a majority and the links within it. The others stay as they are: perhaps one of them
   * leads, whom some do not hear. Or they are cut off, and then the majority becomes equal, too.
   */
  private void majority() {
    List<Node> members = new ArrayList<>(world.nodes().subList(0, parameters.voters()));
    while (members.size() > parameters.voters() / 2 + 1) {
      members.remove(random.nextInt(members.size()));
    }
    boolean alone = random.nextBoolean();
    world.trace("a majority heals: " + members.stream().map(Node::id).toList());
    for (Node one : members) {
      heal(one);
      for (Node other : world.nodes()) {
        if (members.contains(other)) {
          world.network().link(one.index(), other.index()).heal();
        } else if (alone) {
          world.network().link(one.index(), other.index()).cut();
          world.network().link(other.index(), one.index()).cut();
        }
      }
    }
    require(() -> tries(Request.Kind.PUT, anyLeader()), "write", members);
    if (alone) {
      require(() -> areEqual(members), "become equal", members);
    }
    require(() -> tries(Request.Kind.GET, anyLeader()), "read", members);
  }

  private void healAll() {
    world.trace("all heals");
    world.healed();
    for (Node one : world.nodes()) {
      for (Node other : world.nodes()) {
        world.network().link(one.index(), other.index()).heal();
      }
    }
    world.nodes().forEach(this::heal);
  }

  private void heal(Node node) {
    node.heal();
    if (!node.isRunning()) {
      world.restart(node, world.now());
    }
  }

  /** Has the inspector ask until it was done once. */
  private boolean tries(Request.Kind kind, Node node) {
    Client inspector = world.clients().inspector();
    if (!inspector.isIdle()) {
      return false;
    }
    if (inspector.succeeded()) {
      inspector.reset();
      return true;
    }
    inspector.add(
        new Operation(world.now(), world.clients().inspectorNumber(), kind, 0, node.index(), 0));
    return false;
  }

  /** Asks the leader to hand over, until that was done. */
  private boolean handsOverTo(Node successor) {
    Request open = handOver;
    if (successor.isLeader()) {
      return true;
    }
    if (open == null || open.isAnswered()) {
      Node leader = anyLeader();
      handOver = world.requests().create(Request.Kind.TRANSFER, -1, successor.index(), 0, 0, 0);
      world.queue().add(world.now(), Event.Kind.REQUEST, leader.index(), 0, 0, handOver);
    }
    return false;
  }

  /** Whoever leads in the latest term, or anybody if nobody does. */
  private Node anyLeader() {
    Node latest = null;
    for (Node node : world.nodes()) {
      boolean later =
          node.isLeader()
              && (latest == null
                  || node.core().hardState().term() > latest.core().hardState().term());
      if (later) {
        latest = node;
      }
    }
    return latest != null ? latest : world.node(random.nextInt(world.nodes().size()));
  }

  /** Somebody leads, all have applied all that is committed, and nobody waits. */
  private boolean isAtRest(List<Node> all) {
    return areEqual(all) && world.clients().areIdle();
  }

  private boolean areEqual(List<Node> members) {
    long committed = world.safety().highestCommitted();
    boolean led = false;
    for (Node node : members) {
      if (!node.isRunning()
          || node.core().appliedIndex() != committed
          || node.log().lastIndex() != committed
          || node.core().status().installing()
          || node.disk().inFlight() != null) {
        return false;
      }
      led |= node.isLeader();
    }
    return led;
  }

  /** An idle cluster says what it must, and no more. */
  private void checkQuiet() {
    long before = world.network().sent();
    world.await(() -> false, step, QUIET_HEARTBEATS * step);
    long sent = world.network().sent() - before;
    long followers = world.nodes().size() - 1L;
    long most = 4 * followers * (QUIET_HEARTBEATS * 2 + 1);
    if (sent > most) {
      throw new Violation(
          Property.LIVENESS, "an idle cluster sends " + sent + " messages, expected " + most);
    }
  }

  private void checkAnswered() {
    for (Node node : world.nodes()) {
      int open = node.shell().openRequests();
      if (open != 0) {
        throw new Violation(
            Property.ONE_ANSWER, node.id() + " has not answered " + open + " requests");
      }
    }
  }

  private String describe(List<Node> members) {
    StringBuilder text = new StringBuilder();
    for (Node node : members) {
      text.append("\n  ").append(node.id()).append(": ");
      if (node.isRunning()) {
        text.append(node.core().status());
        text.append(", open requests ").append(node.shell().openRequests());
        text.append(", waiting for its state machine ");
        text.append(node.shell().machine().queuedBytes()).append(" bytes");
      } else {
        text.append("down");
      }
    }
    return text + "\n  committed is " + world.safety().highestCommitted();
  }
}
