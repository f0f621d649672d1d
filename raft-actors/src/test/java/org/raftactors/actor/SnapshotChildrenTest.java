package org.raftactors.actor;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.raftactors.Codecs;
import org.raftactors.PartitionId;
import org.raftactors.PartitionSettings;
import org.raftactors.PlainCodecs;
import org.raftactors.RaftPartition;
import org.raftactors.ReplicaSpec;
import org.raftactors.codec.SnapshotMessage;
import org.raftactors.core.ApplyBatch;
import org.raftactors.core.log.EntryKind;
import org.raftactors.core.log.LogEntry;
import org.raftactors.core.log.Payload;
import org.raftactors.core.log.SnapshotBase;
import org.raftactors.core.membership.Configuration;
import org.raftactors.core.membership.ReplicaId;
import org.raftactors.core.write.DurableState;
import org.raftactors.snapshot.SnapshotEvent;
import org.raftactors.snapshot.SnapshotInfo;
import org.raftactors.snapshot.SnapshotSender;
import org.raftactors.snapshot.Snapshots;

/** The whole way of a state: taken by policy, sent, received, installed, pruned. */
class SnapshotChildrenTest {

  private static final Duration CEILING = Duration.ofSeconds(60);
  private static final ReplicaId ONE = new ReplicaId(1);
  private static final ReplicaId TWO = new ReplicaId(2);

  private static ActorTestKit kit;

  @TempDir private Path root;

  @BeforeAll
  static void start() {
    kit = ActorTestKit.create();
  }

  @AfterAll
  static void stop() {
    kit.shutdownTestKit();
  }

  /** Does something with the children, on the replica's thread. */
  private record Do(Consumer<SnapshotChildren> action) implements RaftPartition.Command {}

  /** A replica that has nothing but a state machine and what belongs to snapshots. */
  private final class Replica {
    private final Ledger ledger = new Ledger();
    private final List<Ledger> later = new ArrayList<>();
    private final TestProbe<RaftPartition.Command> events = kit.createTestProbe();
    private final TestProbe<ActorRef<StateMachineHost.Command>> started = kit.createTestProbe();
    private final Snapshots snapshots;
    private final ActorRef<RaftPartition.Command> self;
    private final ActorRef<StateMachineHost.Command> host;

    private Replica(ReplicaId id) throws IOException {
      ReplicaSpec spec = new ReplicaSpec("c", new PartitionId(1), id, List.of(ONE, TWO));
      Config config =
          ConfigFactory.parseString(
                  """
                  raft-actors.partition {
                    read-journal-plugin-id = none
                    snapshot-directory = "%s"
                    snapshot-after-entries = 10
                    snapshot-growth = 0
                    snapshot-resend-after = 200ms
                  }
                  """
                      .formatted(root))
              .withFallback(ConfigFactory.defaultReference());
      PartitionSettings settings = PartitionSettings.of(config);
      snapshots = Snapshots.open(kit.system(), settings, spec);
      ReplicaBlueprint<String, String, String> blueprint =
          new ReplicaBlueprint<>(
              settings,
              spec,
              new Codecs<>(PlainCodecs.TEXT, PlainCodecs.TEXT, PlainCodecs.TEXT),
              partition -> make(),
              failure -> false,
              Surroundings.ofProduction());
      self = kit.spawn(behavior(blueprint));
      host = started.receiveMessage(CEILING);
    }

    private Ledger make() {
      Ledger made = later.isEmpty() ? ledger : new Ledger();
      later.add(made);
      return made;
    }

    private Behavior<RaftPartition.Command> behavior(
        ReplicaBlueprint<String, String, String> blueprint) {
      return Behaviors.setup(
          context -> {
            DurableState durable =
                DurableState.initial(
                    SnapshotBase.initial(Configuration.ofVoters(List.of(ONE, TWO))));
            ActorRef<StateMachineHost.Command> hostRef =
                HostStart.of(blueprint, durable).spawn(context, new HandedOver().progress());
            SnapshotChildren children =
                new SnapshotChildren(context, blueprint, snapshots, hostRef);
            started.ref().tell(hostRef);
            return Behaviors.receive(RaftPartition.Command.class)
                .onMessage(Do.class, message -> act(() -> message.action().accept(children)))
                .onMessage(SnapshotMessage.class, message -> act(() -> children.offered(message)))
                .onMessage(SnapshotEvent.Receiving.class, message -> Behaviors.same())
                .onMessage(
                    SnapshotEvent.Sent.class,
                    message ->
                        act(
                            () -> {
                              children.ended(message);
                              events.ref().tell(message);
                            }))
                .onAnyMessage(message -> act(() -> events.ref().tell(message)))
                .build();
          });
    }

    private Behavior<RaftPartition.Command> act(Runnable action) {
      action.run();
      return Behaviors.same();
    }

    private void apply(long from, long to) {
      List<LogEntry> entries = new ArrayList<>();
      for (long index = from; index <= to; index++) {
        Payload payload = Payload.of(("c" + index).getBytes(StandardCharsets.UTF_8));
        entries.add(new LogEntry(index, 1, index, EntryKind.COMMAND, payload));
      }
      host.tell(new StateMachineHost.Apply(new ApplyBatch(entries, new Object[entries.size()], 1)));
    }

    private <T> T event(Class<T> type) {
      while (true) {
        RaftPartition.Command event = events.receiveMessage(CEILING);
        if (type.isInstance(event)) {
          return type.cast(event);
        }
      }
    }
  }

  @Test
  void aStateGoesFromTheLeaderToAFollower() throws IOException {
    Replica leader = new Replica(ONE);
    Replica follower = new Replica(TWO);
    leader.apply(1, 10);
    leader.event(SnapshotEvent.Saved.class);
    leader.apply(11, 20);
    leader.event(SnapshotEvent.Saved.class);
    leader.apply(21, 32);
    SnapshotEvent.Saved saved = leader.event(SnapshotEvent.Saved.class);
    SnapshotInfo newest = saved.snapshot();
    assertThat(newest.position().index()).isEqualTo(32);
    assertThat(saved.oldestRetainedIndex()).isEqualTo(20);
    leader.self.tell(new Do(children -> children.prune(32)));
    Awaitility.await().atMost(CEILING).until(() -> leader.snapshots.list().usable().size() == 2);

    List<Boolean> begun = new ArrayList<>();
    SnapshotSender.Order order = new SnapshotSender.Order(TWO, follower.self, 25, 1);
    leader.self.tell(
        new Do(
            children -> {
              begun.add(children.send(order));
              begun.add(children.send(order)); // one to each follower
            }));
    SnapshotInfo received = follower.event(SnapshotEvent.Received.class).snapshot();
    assertThat(received).isEqualTo(newest);
    assertThat(leader.event(SnapshotEvent.Sent.class).delivered()).isTrue();
    assertThat(begun).containsExactly(true, false);

    follower.self.tell(new Do(children -> children.install(received.position())));
    follower.event(SnapshotEvent.Installed.class);
    follower.apply(33, 34);
    follower.event(ShellMessage.Applied.class);
    leader.apply(33, 34);
    leader.event(ShellMessage.Applied.class);
    assertThat(follower.later.get(1).applied()).isEqualTo(leader.ledger.applied());
  }

  @Test
  void aSenderThatIsStopped_saysSo() throws IOException {
    Replica leader = new Replica(ONE);
    leader.apply(1, 10);
    leader.event(SnapshotEvent.Saved.class);
    TestProbe<RaftPartition.Command> silent = kit.createTestProbe();
    SnapshotSender.Order order = new SnapshotSender.Order(TWO, silent.ref(), 5, 1);
    leader.self.tell(new Do(children -> children.send(order)));
    silent.expectMessageClass(SnapshotMessage.class, CEILING);
    leader.self.tell(new Do(SnapshotChildren::stopSending));
    assertThat(leader.event(SnapshotEvent.Sent.class))
        .isEqualTo(new SnapshotEvent.Sent(TWO, 1, 10, false, "it was stopped"));
    leader.self.tell(new Do(children -> children.send(order)));
    silent.expectMessageClass(SnapshotMessage.class, CEILING);
  }

  @Test
  void onRequest_aSnapshotIsTaken() throws IOException {
    Replica replica = new Replica(ONE);
    replica.apply(1, 3);
    replica.self.tell(new Do(SnapshotChildren::takeAnyway));
    assertThat(replica.event(SnapshotEvent.Saved.class).snapshot().position().index()).isEqualTo(3);
  }
}
