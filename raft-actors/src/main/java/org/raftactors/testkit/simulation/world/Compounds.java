package org.raftactors.testkit.simulation.world;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.raftactors.testkit.simulation.check.Request;
import org.raftactors.testkit.simulation.plan.Fault;
import org.raftactors.testkit.simulation.plan.Parameters;

/**
 * Faults that are several at a time, and requests that come with them: what goes wrong alone hardly
 * ever goes wrong in the order that hurts.
 */
final class Compounds {

  /** How often a replica that has noticed nothing is asked. */
  private static final int ASKED_UNAWARE_MAX = 8;

  /** How often a replica that will be deposed is asked. */
  private static final int ASKED_BEFORE_DEPOSED_MAX = 12;

  /** How many of the longest election timeouts the others have to elect one of them. */
  private static final int ELECTIONS = 3;

  /** What happens in the middle of a hand-over. */
  private static final List<Fault.Kind> STRIKES =
      List.of(
          Fault.Kind.MUTE, Fault.Kind.ISOLATE, Fault.Kind.CRASH, Fault.Kind.CUT, Fault.Kind.CLOG);

  /**
   * A request that is part of a fault, and does not come if the faults are over before. The number
   * of a replica may be {@link Fault#LEADER}.
   */
  record Question(int node, Request.Kind kind, int key) {}

  private final World world;
  private final Faults faults;

  Compounds(World world, Faults faults) {
    this.world = world;
    this.faults = faults;
  }

  /** The requests are nobody's of the clients; what they see is judged when they are served. */
  void unaware(Node node, long duration, SplittableRandom random) {
    Parameters parameters = world.plan().parameters();
    long elections = ELECTIONS * parameters.settings().electionTimeoutMax();
    long until = world.now() + elections + duration;
    long noticed =
        until + (random.nextLong(parameters.settings().electionTimeoutMin()) >> random.nextInt(6));
    node.holdTimers(noticed);
    if (random.nextBoolean()) {
      linksOf(node).forEach(link -> link.clogUntil(until));
    } else {
      begin(Fault.Kind.ISOLATE, node.index(), elections + duration, random);
    }
    boolean writes = random.nextBoolean();
    for (int i = random.nextInt(ASKED_UNAWARE_MAX); i >= 0; i--) {
      long at = noticed - 1 - (random.nextLong(elections) >> random.nextInt(4));
      Request.Kind kind = writes && random.nextBoolean() ? Request.Kind.PUT : Request.Kind.GET;
      later(at, new Question(node.index(), kind, random.nextInt(parameters.load().keys())));
    }
  }

  private List<Link> linksOf(Node node) {
    List<Link> links = new ArrayList<>();
    for (Node other : world.nodes()) {
      if (other != node) {
        links.add(world.network().link(node.index(), other.index()));
        links.add(world.network().link(other.index(), node.index()));
      }
    }
    return links;
  }

  /** Long enough for others to lead, and to write something else where it wrote last. */
  void depose(Node node, long duration, SplittableRandom random) {
    Parameters parameters = world.plan().parameters();
    long timeout = parameters.settings().electionTimeoutMin();
    long back = 2 * parameters.settings().electionTimeoutMax() + duration;
    long cutAt = world.now() + (random.nextLong(timeout) >> random.nextInt(16));
    Fault.Kind cut = random.nextInt(4) == 0 ? Fault.Kind.MUTE : Fault.Kind.ISOLATE;
    later(cutAt, cut, node.index(), back, random);
    if (random.nextInt(3) == 0) {
      later(cutAt, Fault.Kind.HANG, node.index(), 2 * back, random);
    }
    boolean writes = random.nextInt(4) > 0;
    for (int i = random.nextInt(ASKED_BEFORE_DEPOSED_MAX); i >= 0; i--) {
      Request.Kind kind = writes && random.nextInt(4) > 0 ? Request.Kind.PUT : Request.Kind.GET;
      int key = random.nextInt(parameters.load().keys());
      later(world.now() + random.nextLong(timeout), new Question(node.index(), kind, key));
    }
    for (int i = random.nextInt(3); i > 0; i--) {
      long at = world.now() + back + random.nextLong(2 * timeout);
      later(at, new Question(Fault.LEADER, Request.Kind.TRANSFER, node.index()));
    }
  }

  void lateElection(Node node, long duration, SplittableRandom random) {
    long timeout = world.plan().parameters().settings().electionTimeoutMax();
    long lasts = ELECTIONS * timeout + duration;
    begin(Fault.Kind.MUTE, node.index(), lasts, random);
    long span = 1 + ((ELECTIONS * timeout) >> random.nextInt(3));
    for (Node one : world.nodes()) {
      linksOf(one).forEach(link -> link.holdAnswers(world.now() + lasts, span, 1000));
    }
  }

  /** Leadership goes and comes back, and what belongs to the first one arrives in the second. */
  void reelection(Node node, long duration, SplittableRandom random) {
    Parameters parameters = world.plan().parameters();
    long timeout = parameters.settings().electionTimeoutMin();
    long lasts = 4 * timeout + duration;
    for (Node one : world.nodes()) {
      linksOf(one).forEach(link -> link.holdAnswers(world.now() + lasts, lasts, 400));
    }
    int other = random.nextInt(parameters.voters());
    ask(new Question(node.index(), Request.Kind.TRANSFER, other));
    for (int i = 1; i <= 3; i++) {
      long at = world.now() + i * timeout / 2 + random.nextLong(timeout / 2);
      later(at, new Question(Fault.LEADER, Request.Kind.TRANSFER, node.index()));
    }
    for (int i = random.nextInt(ASKED_BEFORE_DEPOSED_MAX); i >= 0; i--) {
      Request.Kind kind = random.nextBoolean() ? Request.Kind.PUT : Request.Kind.GET;
      int key = random.nextInt(parameters.load().keys());
      later(world.now() + random.nextLong(lasts), new Question(node.index(), kind, key));
    }
  }

  /** Somebody does not get the word, or does and cannot spread it. */
  void brokenTransfer(Node node, long duration, SplittableRandom random) {
    int to = random.nextInt(world.nodes().size());
    ask(new Question(node.index(), Request.Kind.TRANSFER, to));
    long timeout = world.plan().parameters().settings().electionTimeoutMin();
    long within = 1 + (timeout >> random.nextInt(8));
    Fault.Kind kind = STRIKES.get(random.nextInt(STRIKES.size()));
    int hit = random.nextInt(3) == 0 ? node.index() : to;
    long at = world.now() + random.nextLong(within);
    later(at, kind, hit, duration, random);
  }

  void transfer(Node node, SplittableRandom random) {
    int to = random.nextInt(world.nodes().size() + 1) - 1;
    ask(new Question(node.index(), Request.Kind.TRANSFER, to));
  }

  private void begin(Fault.Kind kind, int node, long duration, SplittableRandom random) {
    faults.begin(new Fault(world.now(), kind, node, duration, random.nextLong()));
  }

  private void later(long at, Fault.Kind kind, int node, long duration, SplittableRandom random) {
    Fault fault = new Fault(at, kind, node, duration, random.nextLong());
    world.queue().add(at, Event.Kind.FAULT, node, 0, 0, fault);
  }

  private void later(long at, Question question) {
    long time = Math.max(at, world.now());
    world.queue().add(time, Event.Kind.FAULT_END, 0, 0, 0, question);
  }

  /** Its outcome is nobody's knowledge. */
  void ask(Question question) {
    Request.Kind kind = question.kind();
    long value = kind == Request.Kind.PUT ? world.clients().newValue() : 0;
    Request request = world.requests().create(kind, -1, question.key(), value, 0, 0);
    world.clients().history().open(request, world.now());
    int node =
        question.node() == Fault.LEADER
            ? faults.latestLeader(question.key()).index()
            : question.node();
    world.queue().add(world.now(), Event.Kind.REQUEST, node, 0, 0, request);
  }
}
