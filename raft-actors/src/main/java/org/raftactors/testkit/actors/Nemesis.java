package org.raftactors.testkit.actors;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.raftactors.RaftPartition;
import org.raftactors.StateMachine;
import org.raftactors.TransferLeadership;
import org.raftactors.core.TransferOutcome;
import org.raftactors.testkit.Fault;

/** Draws what goes wrong and when it is over, until it is told to heal everything. */
final class Nemesis<C, Q, R, M extends StateMachine<C, Q, R>> {

  private static final long MILLI = 1_000_000;
  private static final long SECOND = 1_000 * MILLI;
  private static final long RETRY_NANOS = 5 * MILLI;
  private static final long MAX_JUMP_MILLIS = 3_600_000;

  /** A snapshot takes a dozen to be written, sent, received or restored. */
  private static final long MOST_FILE_OPERATIONS = 40;

  private final Cluster<C, Q, R, M> cluster;
  private final Conditions conditions;
  private final RandomGenerator random;
  private final List<Fault> kinds = new ArrayList<>();
  private final ActorRef<TransferOutcome> transfers;
  private boolean over;
  private long injected;

  Nemesis(Cluster<C, Q, R, M> cluster, Conditions conditions, RandomGenerator random) {
    this.cluster = cluster;
    this.conditions = conditions;
    this.random = random;
    for (Fault fault :
        List.of(
            Fault.CUTS,
            Fault.CRASHES,
            Fault.STOPS,
            Fault.PAUSES,
            Fault.FAILING_DISKS,
            Fault.HANGING_DISKS,
            Fault.CLOCKS,
            Fault.LEADERSHIP_TRANSFERS)) {
      if (conditions.has(fault)) {
        kinds.add(fault);
      }
    }
    this.transfers =
        cluster
            .system()
            .spawn(
                Behaviors.receiveMessage(
                    outcome -> {
                      cluster.trace().add("nemesis", "the transfer ended: " + outcome);
                      return Behaviors.same();
                    }),
                "transfers");
  }

  /** How many faults it has injected. */
  long injected() {
    return injected;
  }

  ActorRef<?> actor() {
    return transfers;
  }

  void start() {
    cluster.system().disks().readFailures(conditions.readFailures());
    if (!kinds.isEmpty()) {
      strikeLater();
    }
  }

  private void strikeLater() {
    if (injected == cluster.plan().first().faults()) {
      return;
    }
    after(
        random.nextLong(2 * conditions.faultPauseNanos()),
        () -> {
          injected++;
          strike(kinds.get(random.nextInt(kinds.size())), drawNode());
          strikeLater();
        });
  }

  /** Something that no longer happens once all is healed. */
  private void after(long nanos, Runnable action) {
    cluster
        .system()
        .loop()
        .after(
            nanos,
            () -> {
              if (!over) {
                action.run();
              }
            });
  }

  private Node<C, Q, R, M> drawNode() {
    return cluster.nodes().get(random.nextInt(cluster.nodes().size()));
  }

  private void strike(Fault fault, Node<C, Q, R, M> node) {
    switch (fault) {
      case CUTS -> cut(node);
      case CRASHES -> crash(node);
      case STOPS -> end(node, false);
      case PAUSES -> pause(node);
      case FAILING_DISKS -> {
        note(node, "its next write fails");
        node.disk().failNextWrite();
      }
      case HANGING_DISKS -> hang(node);
      case CLOCKS -> {
        long jump = Randoms.between(random, -MAX_JUMP_MILLIS, MAX_JUMP_MILLIS);
        note(node, "its time of day jumps by " + jump + " ms");
        node.clock().jump(jump);
      }
      case LEADERSHIP_TRANSFERS -> transfer(node);
      default -> throw new IllegalArgumentException(fault + " does not strike by itself");
    }
  }

  private void note(Node<C, Q, R, M> node, String what) {
    cluster.trace().add("nemesis", "r" + node.id() + ": " + what);
  }

  private void cut(Node<C, Q, R, M> node) {
    int way = random.nextInt(3);
    Node<C, Q, R, M> other = drawNode();
    List<Runnable> mends = new ArrayList<>();
    for (Node<C, Q, R, M> peer : cluster.nodes()) {
      if (peer != node && (way == 2 || peer == other)) {
        cut(node.id(), peer.id(), mends);
        if (way > 0) {
          cut(peer.id(), node.id(), mends);
        }
      }
    }
    after(duration(), () -> mends.forEach(Runnable::run));
  }

  private void cut(long from, long to, List<Runnable> mends) {
    cluster.trace().add("nemesis", "cuts r" + from + " > r" + to);
    cluster.network().cut(from, to);
    mends.add(
        () -> {
          cluster.trace().add("nemesis", "mends r" + from + " > r" + to);
          cluster.network().mend(from, to);
        });
  }

  /** At once, or, where snapshots are taken, in the middle of one of the next. */
  private void crash(Node<C, Q, R, M> node) {
    if (conditions.snapshots().eager() && random.nextBoolean()) {
      note(node, "it ends in the middle of a snapshot");
      node.disk()
          .files()
          .crashAfter(
              (int) Randoms.skewed(random, 0, MOST_FILE_OPERATIONS),
              () -> cluster.system().loop().after(0, () -> end(node, true)));
    } else {
      end(node, true);
    }
  }

  private void end(Node<C, Q, R, M> node, boolean killed) {
    node.end(killed);
    after(duration(), () -> startAgain(node));
  }

  private void startAgain(Node<C, Q, R, M> node) {
    if (node.isDown()) {
      cluster.start(node);
    } else if (node.parent() == null) { // its actors have not ended yet
      after(RETRY_NANOS, () -> startAgain(node));
    }
  }

  private void pause(Node<C, Q, R, M> node) {
    if (node.isRunning()) {
      node.pause();
      after(duration(), node::resume);
    }
  }

  private void hang(Node<C, Q, R, M> node) {
    note(node, "its disk hangs");
    node.disk().hang();
    // Now and then for longer than a write may take.
    long nanos = random.nextInt(4) == 0 ? 12 * SECOND : duration();
    after(
        nanos,
        () -> {
          note(node, "its disk works again");
          node.disk().release();
        });
  }

  private void transfer(Node<C, Q, R, M> node) {
    ActorRef<RaftPartition.Command> target = node.parent();
    if (target != null) {
      note(node, "is asked to hand leadership over");
      target.tell(new TransferLeadership(Optional.empty(), transfers));
    }
  }

  private long duration() {
    return Randoms.skewed(random, 50 * MILLI, 6 * SECOND);
  }

  /** Nothing more goes wrong. */
  void stop() {
    over = true;
  }

  /** All is well from now on. */
  void heal() {
    stop();
    cluster.trace().add("nemesis", "heals everything");
    cluster.system().disks().readFailures(0);
    cluster.network().heal();
    for (Node<C, Q, R, M> node : cluster.nodes()) {
      node.resume();
      node.disk().mend();
      healLater(node);
    }
  }

  private void healLater(Node<C, Q, R, M> node) {
    if (node.isDown()) {
      cluster.start(node);
    } else if (node.parent() == null) {
      cluster.system().loop().after(RETRY_NANOS, () -> healLater(node));
    }
  }
}
