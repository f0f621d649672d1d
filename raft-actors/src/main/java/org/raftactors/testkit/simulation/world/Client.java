package org.raftactors.testkit.simulation.world;

import java.util.ArrayDeque;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.raftactors.testkit.simulation.check.Request;
import org.raftactors.testkit.simulation.plan.Fault;
import org.raftactors.testkit.simulation.plan.Operation;
import org.raftactors.testkit.simulation.plan.Parameters;

/**
 * One client: one operation after the other. It follows hints to the leader, tries again what was
 * certainly rejected and nothing else, and gives up at a deadline; then a write may still happen.
 */
final class Client {

  private static final long RETRY_SPAN = 1 << 22;

  private final World world;
  private final int index;
  private final Parameters.Load load;
  private final SplittableRandom random;

  /** Whether it tries again in any case. */
  private final boolean persistent;

  private final ArrayDeque<Operation> operations = new ArrayDeque<>();
  private final long[] lastSeen;
  private int believedLeader;

  /** Counts the states of this client; what was scheduled for an earlier one is void. */
  private long turn;

  private @Nullable Operation current;
  private @Nullable Request attempt;
  private long invoked;
  private long deadline;
  private long value;
  private long expected;
  private boolean succeeded;

  Client(World world, int index, SplittableRandom random, boolean persistent) {
    this.world = world;
    this.index = index;
    this.load = world.plan().parameters().load();
    this.random = random;
    this.persistent = persistent;
    this.lastSeen = new long[load.keys()];
  }

  void add(Operation operation) {
    operations.add(operation);
    if (current == null && operations.size() == 1) {
      next();
    }
  }

  boolean isIdle() {
    return current == null && operations.isEmpty();
  }

  /** Whether its last operation was done. */
  boolean succeeded() {
    return succeeded;
  }

  /** Its next operation has not succeeded yet. */
  void reset() {
    succeeded = false;
  }

  /** Forgets what it has not begun. */
  void forget() {
    operations.clear();
    if (current == null) {
      turn++;
    }
  }

  private void next() {
    current = null;
    attempt = null;
    turn++;
    Operation first = operations.peek();
    if (first != null) {
      schedule(Math.max(world.now(), first.at()));
    }
  }

  private void schedule(long at) {
    world.queue().add(at, Event.Kind.CLIENT, index, 0, turn, null);
  }

  /** Its time has come, unless that was cancelled. */
  void turn(long scheduled) {
    if (scheduled != turn) {
      return;
    }
    Operation operation = current;
    if (operation == null) {
      begin(operations.remove());
    } else if (world.now() >= deadline) {
      giveUp();
    } else {
      ask(operation);
    }
  }

  private void begin(Operation operation) {
    current = operation;
    succeeded = false;
    invoked = world.now();
    deadline = invoked + (persistent ? patience() : load.deadline());
    value = operation.kind().isWrite() ? world.clients().newValue() : 0;
    expected =
        operation.kind() == Request.Kind.STALE_GET
            ? Long.remainderUnsigned(operation.seed() >>> 3, 4 * load.deadline())
                >> (operation.seed() & 7)
            : lastSeen[operation.key()];
    if (operation.target() != Fault.LEADER) {
      believedLeader = operation.target() % world.nodes().size();
    }
    ask(operation);
  }

  private long patience() {
    return 10 * world.plan().parameters().settings().electionTimeoutMax();
  }

  private void ask(Operation operation) {
    int padding =
        load.padding() == 0
            ? 0
            : (int) Long.remainderUnsigned(operation.seed(), load.padding() + 1);
    Request request =
        world.requests().create(operation.kind(), index, operation.key(), value, expected, padding);
    attempt = request;
    if (world.isTracing()) {
      world.trace("c" + index + " asks r" + (believedLeader + 1) + ": " + request);
    }
    if (!isLost()) {
      world.queue().add(arrival(), Event.Kind.REQUEST, believedLeader, 0, 0, request);
    }
    turn++;
    schedule(deadline);
  }

  private boolean isLost() {
    return world.isFaulty() && load.lost() > 0 && random.nextInt(1000) < load.lost();
  }

  private long arrival() {
    return world.now() + 1_000 + (random.nextLong() >>> 45);
  }

  /** A replica has answered; the answer is on its way. */
  void answered(Request request) {
    if (!isLost()) {
      world.queue().add(arrival(), Event.Kind.ANSWER, index, 0, 0, request);
    }
  }

  /** An answer has come. */
  void heard(Request request) {
    Operation operation = current;
    if (request != attempt || operation == null) {
      return; // of something that it has given up
    }
    if (world.isTracing()) {
      world.trace(
          "c" + index + " hears " + request + ": " + request.answer() + " " + request.result());
    }
    switch (request.answer()) {
      case DONE -> done(operation, request);
      case UNKNOWN -> giveUp();
      case REJECTED -> rejected(request);
      default -> throw new IllegalStateException(request + " comes back without an answer");
    }
  }

  private void done(Operation operation, Request request) {
    succeeded = true;
    if (operation.kind() == Request.Kind.GET) {
      lastSeen[operation.key()] = request.result();
    } else if (operation.kind().isWrite() && request.result() == 1) {
      lastSeen[operation.key()] = value;
    }
    world.clients().history().completed(request, invoked, world.now());
    next();
  }

  private void rejected(Request request) {
    attempt = null;
    if (!persistent && !load.retries()) {
      next();
      return;
    }
    believedLeader = request.hint() >= 0 ? request.hint() : random.nextInt(world.nodes().size());
    turn++;
    schedule(Math.min(deadline, world.now() + 1 + random.nextLong(RETRY_SPAN)));
  }

  /** A write that somebody may still have will happen later, or never. */
  private void giveUp() {
    if (attempt != null) {
      world.clients().history().open(attempt, invoked);
      if (random.nextBoolean()) {
        believedLeader = random.nextInt(world.nodes().size());
      }
    }
    next();
  }
}
