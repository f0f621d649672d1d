package org.raftactors.testkit.actors;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.Terminated;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.jspecify.annotations.Nullable;
import org.raftactors.Codecs;
import org.raftactors.Connect;
import org.raftactors.PartitionId;
import org.raftactors.PartitionSettings;
import org.raftactors.RaftPartition;
import org.raftactors.ReplicaSpec;
import org.raftactors.StateMachine;
import org.raftactors.actor.PartitionParent;
import org.raftactors.actor.ReplicaBlueprint;
import org.raftactors.actor.Surroundings;
import org.raftactors.core.membership.ReplicaId;
import org.raftactors.link.ReplicaLinks;
import org.raftactors.snapshot.SnapshotLimits;

/**
 * A logical node: a process that holds one replica, on a lane and with a disk and clocks of its
 * own.
 *
 * <p>States: down, running, paused, ending (its actors are being stopped). What is durable is on
 * the disk, and what a state machine has stored; a start after an end has nothing else.
 */
final class Node<C, Q, R, M extends StateMachine<C, Q, R>> {

  private final long id;
  private final Cluster<C, Q, R, M> cluster;
  private final ReplicaSpec spec;
  private final PartitionSettings settings;
  private final NodeClock clock;
  private final RandomGenerator elections;
  private final Supplier<M> machines;
  private Network.Sender process;
  private @Nullable ActorRef<RaftPartition.Command> parent;
  private @Nullable M machine;
  private @Nullable BlockingThreads threads;
  private boolean ending;
  private boolean paused;
  private long pausedAt;
  private long pausedUntil = Long.MIN_VALUE;

  Node(
      long id,
      Cluster<C, Q, R, M> cluster,
      List<ReplicaId> voters,
      PartitionSettings settings,
      NodeClock clock,
      RandomGenerator elections) {
    this.id = id;
    this.cluster = cluster;
    this.spec = new ReplicaSpec("simulation", new PartitionId(1), new ReplicaId(id), voters);
    this.settings = settings;
    this.clock = clock;
    this.elections = elections;
    this.machines = cluster.plan().machines().get();
    this.process = new Network.Sender(id, 0);
  }

  long id() {
    return id;
  }

  /** Where requests go, null while it is down. */
  @Nullable ActorRef<RaftPartition.Command> parent() {
    return parent;
  }

  /** The present process, or the last one. */
  Network.Sender process() {
    return process;
  }

  /** The state machine of the present incarnation of the replica. */
  @Nullable M machine() {
    return machine;
  }

  NodeClock clock() {
    return clock;
  }

  Disk disk() {
    return cluster.system().disks().of(spec.persistenceId());
  }

  boolean isRunning() {
    return parent != null && !paused;
  }

  boolean isDown() {
    return parent == null && !ending;
  }

  boolean isPaused() {
    return paused;
  }

  private String lane() {
    return SimulatedSystem.lane(id);
  }

  /** Starts the process, from what its disk holds. */
  void start() {
    process = new Network.Sender(id, process.incarnation() + 1);
    cluster.network().starts(process);
    cluster.trace().add("r" + id, "starts, process " + process.incarnation());
    Map<ReplicaId, ActorRef<RaftPartition.Command>> peers = new HashMap<>();
    for (Node<C, Q, R, M> other : cluster.nodes()) {
      ActorRef<RaftPartition.Command> target = other.parent;
      if (other != this && target != null) {
        peers.put(other.spec.self(), cluster.network().way(process, other.id, target));
      }
    }
    ActorRef<RaftPartition.Command> started =
        cluster
            .system()
            .spawn(
                PartitionParent.create(blueprint(), peers),
                "replica-" + id,
                DispatcherSelector.fromConfig(lane()));
    parent = started;
    cluster.system().spawn(awaitingEndOf(started), "end-of-" + id);
  }

  private Behavior<Void> awaitingEndOf(ActorRef<?> actor) {
    return Behaviors.setup(
        context -> {
          context.watch(actor);
          return Behaviors.receive(Void.class)
              .onSignal(
                  Terminated.class,
                  gone -> {
                    ending = false;
                    endThreads(); // of a process that was stopped in an orderly way
                    return Behaviors.stopped();
                  })
              .build();
        });
  }

  private ReplicaBlueprint<C, Q, R> blueprint() {
    Plan<C, Q, R, M> plan = cluster.plan();
    BlockingThreads own = new BlockingThreads(cluster.system().loop(), lane(), disk());
    SnapshotLimits limits = SnapshotLimits.of(cluster.config(), own);
    threads = own;
    KeepingCodec<C> command = new KeepingCodec<>(plan.codecs().command());
    String name = "r" + id;
    return new ReplicaBlueprint<>(
        settings,
        spec,
        new Codecs<>(command, plan.codecs().query(), plan.codecs().result()),
        partition -> {
          M made = machines.get();
          if (machine == null) {
            machine = made;
          }
          return new ObservedMachine<>(
              name,
              made,
              command,
              plan.codecs().result(),
              cluster.log(),
              cluster.trace(),
              cluster.findings(),
              useOf(made));
        },
        failure -> false,
        new Surroundings(
            clock,
            this::electionRandom,
            this::ended,
            system -> limits,
            system -> ReplicaLinks.NONE));
  }

  /** Asked for once by each incarnation of the replica that gets as far as that. */
  private RandomGenerator electionRandom() {
    cluster.started();
    return elections;
  }

  private ObservedMachine.Use useOf(M made) {
    return new ObservedMachine.Use() {
      @Override
      public void used() {
        machine = made;
      }

      @Override
      public void restored(long index) {
        machine = made;
        cluster.restored("r" + id, made, index);
      }
    };
  }

  /** The replica has crashed. A write that takes too long must be the work of a fault, too. */
  private void ended(@Nullable Throwable cause) {
    long stall = settings.core().writeStallTimeout();
    long now = cluster.system().loop().now();
    boolean stoodStill = Math.max(pausedUntil, disk().hungUntil()) >= now - stall - stall / 4;
    machine = null;
    cluster.trace().add("r" + id, "has crashed: " + cause);
    if (!CrashCause.isExplained(cause, stoodStill)) {
      cluster
          .findings()
          .violated(
              Checks.NO_REPLICA_FAILS,
              "r" + id + " crashed, which no fault explains: " + CrashCause.stackTrace(cause));
    }
  }

  /** Ends the process: killed, with nothing said and its disk as it is, or in an orderly way. */
  void end(boolean killed) {
    ActorRef<RaftPartition.Command> running = parent;
    if (running == null) {
      return;
    }
    cluster.trace().add("r" + id, killed ? "is killed" : "is stopped");
    resume();
    parent = null;
    machine = null;
    ending = true;
    if (killed) {
      cluster.network().silence(process);
      endThreads();
      disk().crash();
    }
    cluster.system().stop(running);
  }

  private void endThreads() {
    BlockingThreads ended = threads;
    if (ended != null) {
      ended.end();
    }
  }

  void pause() {
    if (!paused) {
      paused = true;
      pausedAt = cluster.system().loop().now();
      cluster.trace().add("r" + id, "stands still");
      cluster.system().loop().pause(lane());
    }
  }

  void resume() {
    if (paused) {
      paused = false;
      pausedUntil = cluster.system().loop().now();
      cluster.staleness().stoodStill(pausedAt, pausedUntil);
      cluster.trace().add("r" + id, "goes on");
      cluster.system().loop().resume(lane());
    }
  }

  /** Another node has started: its replica has a new reference. */
  void connect(Node<C, Q, R, M> other) {
    ActorRef<RaftPartition.Command> self = parent;
    ActorRef<RaftPartition.Command> target = other.parent;
    if (self != null && target != null) {
      self.tell(new Connect(other.spec.self(), cluster.network().way(process, other.id, target)));
    }
  }
}
