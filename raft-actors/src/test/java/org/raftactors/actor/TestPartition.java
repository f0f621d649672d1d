package org.raftactors.actor;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.serialization.SerializationExtension;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.raftactors.Codecs;
import org.raftactors.Connect;
import org.raftactors.Describe;
import org.raftactors.LogStore;
import org.raftactors.PartitionId;
import org.raftactors.PartitionSettings;
import org.raftactors.PartitionStatus;
import org.raftactors.PlainCodecs;
import org.raftactors.ProposalResult;
import org.raftactors.Propose;
import org.raftactors.RaftPartition;
import org.raftactors.Read;
import org.raftactors.ReadLevel;
import org.raftactors.ReadResult;
import org.raftactors.ReplicaSpec;
import org.raftactors.StateMachine;
import org.raftactors.core.Role;
import org.raftactors.core.membership.ReplicaId;
import org.raftactors.core.write.Written;
import org.raftactors.link.ReplicaLinks;
import org.raftactors.snapshot.SnapshotLimits;

/** Replicas of one partition in one actor system, connected by nothing but their references. */
final class TestPartition {

  static final Duration CEILING = Duration.ofSeconds(60);

  private static final AtomicLong PARTITIONS = new AtomicLong();

  static final String CONFIG =
      """
      pekko.persistence.journal.plugin = "test-journal"
      pekko.persistence.snapshot-store.plugin = "pekko.persistence.testkit.snapshotstore.pluginid"
      test-journal {
        class = "org.raftactors.actor.TestJournal"
        plugin-dispatcher = "pekko.actor.default-dispatcher"
        write-response-global-order = off
        replay-filter.mode = off
        circuit-breaker { max-failures = 1000000, call-timeout = 1h, reset-timeout = 1s }
        recovery-event-timeout = 1h
      }
      pekko.persistence.testkit.snapshotstore.pluginid {
        snapshot-is-optional = false
        class = "org.apache.pekko.persistence.testkit.PersistenceTestKitSnapshotPlugin"
        plugin-dispatcher = "pekko.actor.default-dispatcher"
      }
      test-read-journal.class = "org.raftactors.actor.TestReadJournal$Provider"
      raft-actors.partition {
        read-journal-plugin-id = "test-read-journal"
        snapshot-store = "org.raftactors.testkit.InMemorySnapshots"
        restart-backoff-min = 50ms
        restart-backoff-max = 500ms
        heartbeat-interval = 100ms
        election-timeout-min = 1s
        election-timeout-max = 2s
      }
      raft-actors.starts.max-concurrent = 1000
      """;

  /** For tests that hold the journal: for less than this, a leader goes on taking proposals. */
  static final String PATIENT =
      """
      raft-actors.partition {
        election-timeout-min = 5s
        election-timeout-max = 6s
        write-stall-timeout = 60s
      }
      """;

  private final ActorTestKit kit;
  private final String clusterId = "test" + PARTITIONS.incrementAndGet();
  private final PartitionSettings settings;
  private final List<ReplicaId> ids;
  private final Supplier<? extends StateMachine<String, String, String>> machines;
  private final Map<ReplicaId, ActorRef<RaftPartition.Command>> replicas = new HashMap<>();
  private final Map<ReplicaId, StateMachine<String, String, String>> current =
      new ConcurrentHashMap<>();
  private final Set<ReplicaId> full = ConcurrentHashMap.newKeySet();
  private final Set<ReplicaId> brimful = ConcurrentHashMap.newKeySet();
  private final Map<ReplicaId, String> damages = new ConcurrentHashMap<>();
  private final Map<ReplicaId, Consumer<String>> damageWatches = new ConcurrentHashMap<>();
  private final Queue<Throwable> crashes = new ConcurrentLinkedQueue<>();

  /**
   * A partition, not started yet.
   *
   * @param kit whose system has {@link #CONFIG}
   * @param size number of replicas
   * @param overrides of the settings
   * @param machines makes state machines
   */
  TestPartition(
      ActorTestKit kit,
      int size,
      String overrides,
      Supplier<? extends StateMachine<String, String, String>> machines) {
    this.kit = kit;
    Config config =
        ConfigFactory.parseString(overrides).withFallback(kit.system().settings().config());
    this.settings = PartitionSettings.of(config);
    this.ids = LongStream.rangeClosed(1, size).mapToObj(ReplicaId::new).toList();
    this.machines = machines;
  }

  static TestPartition started(ActorTestKit kit, int size) {
    return started(kit, size, "");
  }

  static TestPartition started(ActorTestKit kit, int size, String overrides) {
    TestPartition partition = new TestPartition(kit, size, overrides, Ledger::new);
    partition.ids.forEach(partition::start);
    return partition;
  }

  List<ReplicaId> ids() {
    return ids;
  }

  /** What the parents said of crashed replicas, whether they came back or not. */
  List<Throwable> crashes() {
    return List.copyOf(crashes);
  }

  /** From now on the disk of a replica has no room, or has some again. */
  void full(ReplicaId id, boolean isFull) {
    if (isFull) {
      full.add(id);
    } else {
      full.remove(id);
    }
  }

  /** So full that not even what is under way has room. */
  void brimful(ReplicaId id, boolean isFull) {
    full(id, isFull);
    if (isFull) {
      brimful.add(id);
    } else {
      brimful.remove(id);
    }
  }

  /** The storage of a replica finds damage in what it holds, and remembers it. */
  void damage(ReplicaId id, String what) {
    damages.put(id, what);
    Objects.requireNonNull(damageWatches.get(id)).accept(what);
  }

  /** Whether the running replica would be told of damage. */
  boolean isDamageWatched(ReplicaId id) {
    return damageWatches.containsKey(id);
  }

  ReplicaSpec spec(ReplicaId id) {
    return new ReplicaSpec(clusterId, new PartitionId(1), id, ids);
  }

  TestStore store(ReplicaId id) {
    return TestStore.of(spec(id).persistenceId());
  }

  ActorRef<RaftPartition.Command> ref(ReplicaId id) {
    ActorRef<RaftPartition.Command> ref = replicas.get(id);
    if (ref == null) {
      throw new IllegalStateException(id + " is not started");
    }
    return ref;
  }

  ActorRef<RaftPartition.Command> start(ReplicaId id) {
    return start(id, ids);
  }

  ActorRef<RaftPartition.Command> start(ReplicaId id, List<ReplicaId> initialVoters) {
    Surroundings surroundings =
        new Surroundings(
            ReplicaClock.ofSystem(),
            () -> new SplittableRandom(id.value() * 7919 + System.nanoTime()),
            cause -> crashes.add(Objects.requireNonNull(cause)),
            SnapshotLimits::get,
            system -> ReplicaLinks.NONE);
    ReplicaBlueprint<String, String, String> blueprint =
        new ReplicaBlueprint<>(
            settings,
            new ReplicaSpec(clusterId, new PartitionId(1), id, initialVoters),
            new Codecs<>(PlainCodecs.TEXT, PlainCodecs.TEXT, PlainCodecs.TEXT),
            partition -> {
              StateMachine<String, String, String> machine = machines.get();
              current.put(id, machine);
              return machine;
            },
            new LogStore() {
              @Override
              public boolean isDamage(Throwable failure) {
                return failure instanceof TestStore.BadRecord;
              }

              @Override
              public Runnable watchDamage(
                  ActorSystem<?> system, String persistenceId, Consumer<String> listener) {
                damageWatches.put(id, listener);
                String known = damages.get(id);
                if (known != null) {
                  listener.accept(known);
                }
                return () -> damageWatches.remove(id, listener);
              }

              @Override
              public boolean hasRoom(ActorSystem<?> system) {
                return !full.contains(id);
              }

              @Override
              public boolean hasRoomToFinish(ActorSystem<?> system) {
                return !brimful.contains(id);
              }
            },
            surroundings);
    ActorRef<RaftPartition.Command> ref =
        kit.spawn(PartitionParent.create(blueprint, Map.copyOf(replicas)));
    replicas.forEach((other, otherRef) -> otherRef.tell(new Connect(id, ref)));
    replicas.put(id, ref);
    return ref;
  }

  void stop(ReplicaId id) {
    ActorRef<RaftPartition.Command> ref = ref(id);
    replicas.remove(id);
    kit.stop(ref, CEILING);
  }

  void stopAll() {
    List.copyOf(replicas.keySet()).forEach(this::stop);
  }

  Ledger ledger(ReplicaId id) {
    StateMachine<String, String, String> machine = current.get(id);
    if (machine instanceof Ledger ledger) {
      return ledger;
    }
    throw new IllegalStateException(id + " has " + machine);
  }

  PartitionStatus describe(ReplicaId id) {
    return join(
        AskPattern.<RaftPartition.Command, PartitionStatus>ask(
            ref(id), Describe::new, CEILING, kit.scheduler()));
  }

  /** Waits until one of the running replicas leads and has begun to serve. */
  ReplicaId awaitLeader() {
    return awaiting()
        .until(
            () ->
                List.copyOf(replicas.keySet()).stream()
                    .filter(id -> leads(describe(id)))
                    .findFirst()
                    .orElse(ids.get(0)),
            id -> replicas.containsKey(id) && leads(describe(id)));
  }

  private static boolean leads(PartitionStatus status) {
    return status.state() == PartitionStatus.State.RUNNING
        && status.role() == Role.LEADER
        && status.leaderPublished();
  }

  void awaitState(ReplicaId id, PartitionStatus.State state) {
    await(() -> describe(id).state() == state);
  }

  private static ConditionFactory awaiting() {
    return Awaitility.await()
        .atMost(CEILING)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(10));
  }

  static void await(Callable<Boolean> condition) {
    awaiting().until(condition);
  }

  ReplicaId other(ReplicaId not) {
    return ids.stream()
        .filter(id -> !id.equals(not) && replicas.containsKey(id))
        .findFirst()
        .orElseThrow();
  }

  CompletionStage<ProposalResult<String>> propose(ReplicaId at, String command) {
    return AskPattern.ask(
        ref(at),
        replyTo -> Propose.of(PlainCodecs.TEXT, command, replyTo),
        CEILING,
        kit.scheduler());
  }

  ProposalResult<String> proposed(ReplicaId at, String command) {
    return join(propose(at, command));
  }

  /**
   * Proposes at whoever leads until it is committed; only for commands that may appear twice.
   *
   * @return the result of the last time
   */
  ProposalResult.Committed<String> commit(String command) {
    return (ProposalResult.Committed<String>)
        awaiting()
            .until(
                () -> proposed(awaitLeader(), command), ProposalResult.Committed.class::isInstance);
  }

  ReadResult<String> read(ReplicaId at, ReadLevel level) {
    return read(at, "all", level);
  }

  ReadResult<String> read(ReplicaId at, String query, ReadLevel level) {
    return join(
        AskPattern.<RaftPartition.Command, ReadResult<String>>ask(
            ref(at),
            replyTo -> Read.of(PlainCodecs.TEXT, query, level, replyTo),
            CEILING,
            kit.scheduler()));
  }

  List<Written> events(ReplicaId id) {
    var serialization = SerializationExtension.get(Adapter.toClassic(kit.system()));
    return store(id).events().stream()
        .map(stored -> (Written) TestJournal.fromStored(serialization, stored))
        .toList();
  }

  /** Waits until all running replicas have applied the same, and gives it. */
  List<String> awaitConverged() {
    await(
        () -> {
          if (!current.keySet().containsAll(replicas.keySet())) {
            return false; // one was started just now, and has no state machine yet
          }
          List<String> first = ledger(replicas.keySet().iterator().next()).applied();
          return replicas.keySet().stream().allMatch(id -> ledger(id).applied().equals(first))
              && replicas.keySet().stream()
                      .map(id -> describe(id).appliedIndex())
                      .distinct()
                      .count()
                  == 1;
        });
    return ledger(replicas.keySet().iterator().next()).applied();
  }

  static <T> T join(CompletionStage<T> stage) {
    CompletableFuture<T> future = stage.toCompletableFuture();
    return future.orTimeout(2 * CEILING.toSeconds(), TimeUnit.SECONDS).join();
  }
}
