package org.raftactors.cluster.router;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.Terminated;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.jspecify.annotations.Nullable;
import org.raftactors.PartitionId;
import org.raftactors.RaftPartition;
import org.raftactors.ReplicaSpec;
import org.raftactors.cluster.bootstrap.BootstrapOutput;
import org.raftactors.cluster.bootstrap.BootstrapProtocol;
import org.raftactors.cluster.bootstrap.NodeIdentity;
import org.raftactors.cluster.bootstrap.NodeRecord;
import org.raftactors.cluster.bootstrap.RecordActor;
import org.raftactors.cluster.bootstrap.RestoredAt;
import org.raftactors.cluster.formation.Sight;
import org.raftactors.cluster.internal.NodeSettings;
import org.raftactors.cluster.internal.RosterNode;
import org.raftactors.core.log.LogPosition;
import org.raftactors.core.membership.ReplicaId;

/**
 * The node as an actor, at a fixed path: says hello to the others, runs the bootstrap, and is
 * parent to the replicas, which it starts when the cluster is active and stops together with
 * itself. It is in nobody's way: neither requests nor messages between replicas pass through it.
 *
 * <p>It holds nothing of its own that is durable: the record is kept by {@link RecordActor}, and
 * what a crash leaves is described at {@link BootstrapProtocol}.
 */
public final class NodeActor extends AbstractBehavior<NodeCommand> {

  /** Intervals without a hello after which a node counts as absent. */
  private static final int MISSED_HELLOS = 6;

  /**
   * Every so many intervals a node says hello to the others while it sees all of them in its Pekko
   * cluster: often enough not to count as absent if one is lost. Nodes that are in none get an
   * answer to each of theirs, so they find it as fast as ever.
   */
  private static final int HELLOS_AT_REST = 3;

  /** Hello intervals between two reminders of what the bootstrap waits for. */
  private static final int REMIND_EVERY = 20;

  private final NodeSetup setup;
  private final NodeSettings settings;
  private final BootstrapProtocol bootstrap;
  private final Hellos hellos;
  private final Formation formation;
  private final ActorRef<RecordActor.Save> record;
  private final Map<PartitionId, ActorRef<RaftPartition.Command>> partitions = new HashMap<>();
  private long ticks;
  private boolean loaded;

  private NodeActor(
      ActorContext<NodeCommand> context, TimerScheduler<NodeCommand> timers, NodeSetup setup) {
    super(context);
    this.setup = setup;
    this.settings = setup.settings();
    NodeIdentity identity =
        new NodeIdentity(
            settings.self().value(),
            settings.roster().ids(),
            settings.partitions(),
            setup.storeId(),
            setup.storePlace(),
            setup.restoration().origin(),
            setup.restoration().problem());
    long presence = settings.helloInterval().multipliedBy(MISSED_HELLOS).toNanos();
    this.bootstrap = new BootstrapProtocol(identity, presence, () -> UUID.randomUUID().toString());
    this.hellos = new Hellos(context.getLog(), settings, setup.addresses());
    this.formation = new Formation(context, settings, setup.addresses(), presence);
    ActorRef<NodeCommand> self = context.getSelf();
    this.record =
        context.spawn(
            RecordActor.create(
                setup.journal(),
                setup.snapshots(),
                events -> self.tell(new NodeCommand.RecordLoaded(events)),
                () -> self.tell(new NodeCommand.RecordWritten())),
            "record");
    context.watch(record);
    timers.startTimerWithFixedDelay(new NodeCommand.Tick(), settings.helloInterval());
  }

  /** The behavior, to be spawned under the name {@link Addresses#NODE} below {@code /system}. */
  public static Behavior<NodeCommand> create(NodeSetup setup) {
    return Behaviors.setup(
        context -> Behaviors.withTimers(timers -> new NodeActor(context, timers, setup)));
  }

  @Override
  public Receive<NodeCommand> createReceive() {
    return newReceiveBuilder()
        .onMessage(NodeCommand.Hello.class, this::onHello)
        .onMessage(NodeCommand.Tick.class, tick -> onTick())
        .onMessage(NodeCommand.RecordLoaded.class, this::onRecordLoaded)
        .onMessage(NodeCommand.RecordWritten.class, written -> onRecordWritten())
        .onMessage(NodeCommand.TookOver.class, this::onTookOver)
        .onMessage(NodeCommand.FirstPartition.class, this::onFirstPartition)
        .onMessage(NodeCommand.FirstPartitionSilent.class, this::onFirstPartitionSilent)
        .onMessage(NodeCommand.Reachability.class, this::onReachability)
        .onMessage(NodeCommand.Quarantined.class, this::onQuarantined)
        .onMessage(NodeCommand.PartitionGone.class, this::onPartitionGone)
        .onMessage(NodeCommand.Stop.class, stop -> Behaviors.stopped())
        .onSignal(Terminated.class, this::onTerminated)
        .onSignal(PostStop.class, signal -> onPostStop())
        .build();
  }

  private Behavior<NodeCommand> onRecordLoaded(NodeCommand.RecordLoaded message) {
    loaded = true;
    return execute(bootstrap.start(message.events()));
  }

  private Behavior<NodeCommand> onRecordWritten() {
    return execute(bootstrap.persisted(now()));
  }

  private Behavior<NodeCommand> onTookOver(NodeCommand.TookOver message) {
    return execute(
        message.problem().isEmpty()
            ? bootstrap.tookOver(message.positions())
            : bootstrap.notTakenOver(message.problem()));
  }

  private Behavior<NodeCommand> onHello(NodeCommand.Hello hello) {
    boolean newRun = hellos.isNewRun(hello);
    if (!loaded || !hellos.accepts(hello)) {
      return this;
    }
    if (hellos.knows(hello.greeting().from())) {
      formation.heard(hello.greeting().from(), hello.sight(), now());
    }
    boolean differs =
        hello.greeting().activated() != bootstrap.isActive()
            || !hello.greeting().record().equals(bootstrap.greeting().record());
    boolean seeks =
        hello.sight().standing() == Sight.Standing.NONE
            && formation.sight().standing() == Sight.Standing.MEMBER;
    if (!hello.answer() && (newRun || differs || seeks)) {
      hellos.answer(hello, bootstrap.greeting(), formation.sight());
    }
    return execute(bootstrap.heard(hello.greeting(), now()));
  }

  private Behavior<NodeCommand> onTick() {
    if (!loaded) {
      return this;
    }
    if (++ticks % HELLOS_AT_REST != 0 && bootstrap.isActive() && formation.isComplete()) {
      return this;
    }
    hellos.sendAll(bootstrap.greeting(), formation.sight());
    String waitsFor = bootstrap.waitsFor(now());
    if (ticks % REMIND_EVERY == 0 && !waitsFor.isEmpty()) {
      getContext()
          .getLog()
          .info(
              "node {} of actor system {}: {}",
              settings.self(),
              getContext().getSystem().name(),
              waitsFor);
    }
    ActorRef<RaftPartition.Command> first = partitions.get(new PartitionId(1));
    if (first != null) {
      formation.askFirstPartition(first);
      formation.act(now()).ifPresent(setup.giveWay());
    }
    return this;
  }

  private Behavior<NodeCommand> onFirstPartition(NodeCommand.FirstPartition message) {
    formation.firstPartition(message.status());
    return this;
  }

  private Behavior<NodeCommand> onFirstPartitionSilent(NodeCommand.FirstPartitionSilent silent) {
    getContext()
        .getLog()
        .warn("the replica of p1 on node {} is silent: {}", settings.self(), silent.failure());
    formation.firstPartitionIsSilent();
    return this;
  }

  private Behavior<NodeCommand> onReachability(NodeCommand.Reachability message) {
    formation.reachability(message.event());
    return this;
  }

  private Behavior<NodeCommand> onQuarantined(NodeCommand.Quarantined message) {
    formation.quarantined(message.event()).ifPresent(setup.quarantined());
    return this;
  }

  /** A replica that crashes is started again below its actor, which itself should never stop. */
  private Behavior<NodeCommand> onPartitionGone(NodeCommand.PartitionGone gone) {
    getContext()
        .getLog()
        .error(
            "the actor of partition {} on node {} has stopped: restart the node",
            gone.partition(),
            settings.self());
    return this;
  }

  /** The record is the only thing that is watched without a message of its own. */
  private Behavior<NodeCommand> onTerminated(Terminated terminated) {
    return refuse(
        "the record of node %s in %s (%s) could not be read or written: the log says why. Nothing was decided that is not durable; start the node again once the cause is gone"
            .formatted(settings.self(), setup.storePlace(), terminated.getRef().path().name()));
  }

  private Behavior<NodeCommand> execute(List<BootstrapOutput> outputs) {
    for (BootstrapOutput output : outputs) {
      if (output instanceof BootstrapOutput.Persist persist) {
        record.tell(new RecordActor.Save(persist.event()));
      } else if (output instanceof BootstrapOutput.Announce) {
        hellos.sendAll(bootstrap.greeting(), formation.sight());
      } else if (output instanceof BootstrapOutput.Start start) {
        startPartitions(start.record(), start.positions());
        setup.restoration().remove();
      } else if (output instanceof BootstrapOutput.TakeOver takeOver) {
        takeOver(takeOver.record());
      } else if (output instanceof BootstrapOutput.Warn warn) {
        hellos.warn(warn.node(), warn.text());
      } else if (output instanceof BootstrapOutput.Refuse refuse) {
        return refuse(refuse.reason());
      }
    }
    return this;
  }

  private void takeOver(NodeRecord cluster) {
    getContext()
        .getLog()
        .info(
            "node {} of cluster {} takes over backup {}",
            settings.self(),
            cluster.clusterId(),
            cluster.origin());
    getContext()
        .pipeToSelf(
            setup.restoration().takeOver(cluster),
            (positions, failure) ->
                positions != null
                    ? new NodeCommand.TookOver(positions, "")
                    : new NodeCommand.TookOver(Map.of(), Restoration.reason(failure)));
  }

  private void startPartitions(NodeRecord cluster, Map<Long, RestoredAt> positions) {
    List<ReplicaId> voters = settings.roster().replicas();
    for (int i = 1; i <= cluster.partitions(); i++) {
      PartitionId partition = new PartitionId(i);
      ReplicaSpec spec =
          new ReplicaSpec(
              cluster.clusterId(),
              partition,
              settings.selfReplica(),
              voters,
              beginning(cluster, positions.get(partition.value())));
      Behavior<RaftPartition.Command> replica = setup.spawner().create(spec, peers(partition));
      ActorRef<RaftPartition.Command> actor =
          getContext()
              .spawn(
                  replica,
                  Addresses.name(partition),
                  DispatcherSelector.fromConfig(NodeSettings.DISPATCHER));
      getContext().watchWith(actor, new NodeCommand.PartitionGone(partition));
      partitions.put(partition, actor);
    }
    setup.board().show(partitions);
    getContext()
        .getLog()
        .info(
            "node {} of cluster {} runs its replicas of {} partitions",
            settings.self(),
            cluster.clusterId(),
            cluster.partitions());
    setup.board().started().complete(cluster.clusterId());
  }

  private static LogPosition beginning(NodeRecord cluster, @Nullable RestoredAt at) {
    if (at == null && !cluster.origin().isEmpty()) {
      throw new IllegalStateException("a partition would begin without its part of the backup");
    }
    return at == null ? LogPosition.ZERO : new LogPosition(at.index(), at.term());
  }

  private Map<ReplicaId, ActorRef<RaftPartition.Command>> peers(PartitionId partition) {
    return settings.roster().othersThan(settings.self()).stream()
        .collect(
            Collectors.toMap(
                node -> settings.roster().replicaOf(node.id()).orElseThrow(),
                (RosterNode node) -> setup.addresses().replica(node, partition)));
  }

  private Behavior<NodeCommand> refuse(String reason) {
    getContext().getLog().error("node {} does not take part: {}", settings.self(), reason);
    setup.board().refused().complete(reason);
    return Behaviors.stopped();
  }

  private Behavior<NodeCommand> onPostStop() {
    setup.board().show(Map.of());
    setup.board().stopped().complete(Done.getInstance());
    return this;
  }

  private long now() {
    return System.nanoTime() - setup.epoch();
  }
}
