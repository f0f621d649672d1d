package org.raftactors.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;
import static org.raftactors.cluster.TestCluster.LONG;
import static org.raftactors.cluster.TestCluster.done;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.pekko.Done;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.RecoveryFailed;
import org.apache.pekko.persistence.typed.javadsl.CommandHandler;
import org.apache.pekko.persistence.typed.javadsl.EventHandler;
import org.apache.pekko.persistence.typed.javadsl.EventSourcedBehavior;
import org.apache.pekko.persistence.typed.javadsl.SignalHandler;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.raftactors.LogStore;
import org.raftactors.PartitionSettings;
import org.raftactors.cluster.internal.NodePlugins;
import org.raftactors.persistence.rocksdb.RocksDbStore;
import org.raftactors.persistence.rocksdb.RocksDbStoreException;
import org.raftactors.persistence.rocksdb.RocksDbStores;
import org.raftactors.persistence.rocksdb.RocksDbWriteHints;

/** What the store of a node tells replicas, asked with journals that are really damaged. */
class RocksDbLogStoreTest {

  @TempDir Path directory;

  private final List<String> roster = Ports.roster("n1");
  private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
  private ActorSystem<Void> system;

  @BeforeEach
  void start() {
    system =
        ActorSystem.create(Behaviors.empty(), "log-store", NodeConfigs.of("n1", roster, directory));
  }

  @AfterEach
  void stop() {
    ActorTestKit.shutdown(system, LONG);
  }

  private record Write(String event, ActorRef<Done> replyTo) {}

  private final class Writer extends EventSourcedBehavior<Write, String, Integer> {
    private Writer(String id) {
      super(PersistenceId.ofUniqueId(id));
    }

    @Override
    public Integer emptyState() {
      return 0;
    }

    @Override
    public CommandHandler<Write, String, Integer> commandHandler() {
      return newCommandHandlerBuilder()
          .forAnyState()
          .onAnyCommand(
              write ->
                  Effect()
                      .persist(write.event())
                      .thenRun(state -> write.replyTo().tell(Done.getInstance())));
    }

    @Override
    public EventHandler<Integer, String> eventHandler() {
      return newEventHandlerBuilder().forAnyState().onAnyEvent((state, event) -> state + 1);
    }

    @Override
    public SignalHandler<Integer> signalHandler() {
      return newSignalHandlerBuilder()
          .onSignal(RecoveryFailed.class, (state, failed) -> failures.add(failed.getFailure()))
          .build();
    }

    @Override
    public String journalPluginId() {
      return NodePlugins.JOURNAL;
    }

    @Override
    public String snapshotPluginId() {
      return NodePlugins.SNAPSHOT;
    }
  }

  private ActorRef<Write> writer(String id) {
    Behavior<Write> writer = new Writer(id);
    return system.systemActorOf(writer, "writer-" + id, Props.empty());
  }

  private void write(ActorRef<Write> writer, String event) {
    done(
        AskPattern.<Write, Done>ask(
            writer, replyTo -> new Write(event, replyTo), LONG, system.scheduler()));
  }

  /** Five events of each of two journals; then one of the first has a bit changed. */
  private void damageOne() throws Exception {
    for (String id : List.of("one", "two")) {
      ActorRef<Write> writer = writer(id);
      for (int i = 1; i <= 5; i++) {
        write(writer, id + "-event-" + i + ";");
      }
    }
    stop();
    try (StoppedStore store = new StoppedStore(directory.resolve("n1"))) {
      store.damage("one-event-3;");
    }
    start();
  }

  private RocksDbStore store() {
    return RocksDbStores.get(system).open(Preconditions.storePath(system.settings().config()));
  }

  @Test
  void aSoundStore_hasRoom_andTellsNothing() {
    LogStore logStore = new RocksDbLogStore(system);
    write(writer("one"), "an event");
    List<String> told = new ArrayList<>();
    Runnable end = logStore.watchDamage(system, "one", told::add);

    assertThat(logStore.hasRoom(system)).isTrue();
    assertThat(logStore.hasRoomToFinish(system)).isTrue();
    assertThat(done(store().scrub()).complete()).isTrue();
    end.run();
    assertThat(told).isEmpty();
  }

  @Test
  void damage_isToldToTheOneThatItConcerns_onceItIsFound_andAtOnceFromThenOn() throws Exception {
    damageOne();
    LogStore logStore = new RocksDbLogStore(system);
    Queue<String> one = new ConcurrentLinkedQueue<>();
    Queue<String> ended = new ConcurrentLinkedQueue<>();
    Queue<String> two = new ConcurrentLinkedQueue<>();
    logStore.watchDamage(system, "one", one::add);
    logStore.watchDamage(system, "one", ended::add).run();
    logStore.watchDamage(system, "two", two::add);
    store();
    assertThat(one).isEmpty();

    done(store().scrub());
    done(store().scrub());

    assertThat(one)
        .singleElement()
        .asString()
        .contains(directory.resolve("n1").toString())
        .contains("sequence number 3");
    assertThat(ended).isEmpty();
    assertThat(two).isEmpty();
    stop();
    start();
    store();
    Queue<String> later = new ConcurrentLinkedQueue<>();
    new RocksDbLogStore(system).watchDamage(system, "one", later::add);
    assertThat(later).hasSize(1);
  }

  @Test
  void whoWatchesBeforeTheStoreIsOpen_isTold_whatIsRemembered() throws Exception {
    damageOne();
    done(store().scrub());
    stop();
    start();
    Queue<String> told = new ConcurrentLinkedQueue<>();
    new RocksDbLogStore(system).watchDamage(system, "one", told::add);
    await().atMost(LONG).until(() -> told.size() == 1);
  }

  @Test
  void aRecoveryThatMeetsDamage_failsWithWhatCountsAsDamage_andTells() throws Exception {
    damageOne();
    LogStore logStore = new RocksDbLogStore(system);
    Queue<String> told = new ConcurrentLinkedQueue<>();
    logStore.watchDamage(system, "one", told::add);
    writer("one");

    await().atMost(LONG).until(() -> !failures.isEmpty() && !told.isEmpty());
    Throwable failure = failures.element();
    boolean damage = false;
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      damage |= logStore.isDamage(cause);
      assertThat(logStore.isDamage(cause)).isEqualTo(StoreDamage.isIn(cause));
    }
    assertThat(damage).as("%s", failure).isTrue();
    assertThat(logStore.isDamage(new IllegalStateException("another's"))).isFalse();
  }

  @Test
  void aStoreThatCannotBeOpened_tellsEverybody_andItsRefusalIsDamage() throws Exception {
    damageOne();
    store();
    stop();
    Files.writeString(directory.resolve("n1").resolve("DAMAGED"), "by a test");
    start();
    LogStore logStore = new RocksDbLogStore(system);
    Queue<String> told = new ConcurrentLinkedQueue<>();
    logStore.watchDamage(system, "two", told::add);

    assertThatRefusal(logStore);
    await().atMost(LONG).until(() -> told.size() == 1);
    assertThat(told.element()).contains("by a test");
  }

  private void assertThatRefusal(LogStore logStore) {
    RocksDbStoreException refusal = catchThrowableOfType(RocksDbStoreException.class, this::store);
    assertThat(logStore.isDamage(refusal)).isTrue();
  }

  @Test
  void whatIsDeleted_isGone_andTheRestIsThere() {
    ActorRef<Write> writer = writer("one");
    for (int i = 1; i <= 5; i++) {
      write(writer, "event " + i);
    }
    PartitionSettings settings = Preconditions.partitionSettings(system.settings().config());

    done(new RocksDbLogStore(system).delete(system, settings, "one", 3, 0));

    assertThat(done(store().scrub("one")).records()).isEqualTo(2);
  }

  @Test
  void tags_sayWhatMustNotBeForgotten_andWhatMayUseTheReserve() {
    LogStore logStore = new RocksDbLogStore(system);
    assertThat(logStore.tags(true, true)).containsExactly(RocksDbWriteHints.MARKED);
    assertThat(logStore.tags(true, false))
        .containsExactlyInAnyOrder(RocksDbWriteHints.MARKED, RocksDbWriteHints.RESERVED);
    assertThat(logStore.tags(false, false)).containsExactly(RocksDbWriteHints.RESERVED);
    assertThat(logStore.tags(false, true)).isEmpty();
  }
}
