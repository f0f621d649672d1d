package org.raftactors.actor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.raftactors.ApplyContext;
import org.raftactors.Codecs;
import org.raftactors.PartitionId;
import org.raftactors.PartitionSettings;
import org.raftactors.PlainCodecs;
import org.raftactors.RaftPartition;
import org.raftactors.Read;
import org.raftactors.ReadLevel;
import org.raftactors.ReadResult;
import org.raftactors.RejectReason;
import org.raftactors.ReplicaSpec;
import org.raftactors.SnapshotReader;
import org.raftactors.SnapshotView;
import org.raftactors.core.ApplyBatch;
import org.raftactors.core.log.EntryKind;
import org.raftactors.core.log.LogEntry;
import org.raftactors.core.log.LogPosition;
import org.raftactors.core.log.Payload;
import org.raftactors.core.log.SnapshotBase;
import org.raftactors.core.membership.Configuration;
import org.raftactors.core.membership.ReplicaId;
import org.raftactors.core.write.DurableState;
import org.raftactors.core.write.HardState;
import org.raftactors.core.write.Written;
import org.raftactors.snapshot.SnapshotEvent;
import org.raftactors.snapshot.SnapshotHeader;
import org.raftactors.snapshot.SnapshotInfo;
import org.raftactors.snapshot.SnapshotPolicy;
import org.raftactors.snapshot.SnapshotTaker;
import org.raftactors.snapshot.Snapshots;

/** What the host of a state machine has to do with snapshots. */
class HostSnapshotsTest {

  private static final Duration CEILING = Duration.ofSeconds(60);
  private static final ReplicaId ONE = new ReplicaId(1);
  private static final Configuration ALONE = Configuration.ofVoters(List.of(ONE));

  private static ActorTestKit kit;

  @TempDir private Path root;

  private Config config;
  private Snapshots snapshots;
  private TestProbe<RaftPartition.Command> shell;
  private TestProbe<SnapshotTaker.Command> taker;

  @BeforeAll
  static void start() {
    kit = ActorTestKit.create();
  }

  @AfterAll
  static void stop() {
    kit.shutdownTestKit();
  }

  @BeforeEach
  void open() throws IOException {
    config =
        ConfigFactory.parseString(
                "raft-actors.partition { read-journal-plugin-id = none, snapshot-directory = \""
                    + root
                    + "\" }")
            .withFallback(ConfigFactory.defaultReference());
    snapshots = Snapshots.open(kit.system(), PartitionSettings.of(config), spec());
    shell = kit.createTestProbe();
    taker = kit.createTestProbe();
  }

  private static ReplicaSpec spec() {
    return new ReplicaSpec("c", new PartitionId(1), ONE, List.of(ONE));
  }

  private ReplicaBlueprint<String, String, String> blueprint(Supplier<Ledger> ledgers) {
    return new ReplicaBlueprint<>(
        PartitionSettings.of(config),
        spec(),
        new Codecs<>(PlainCodecs.TEXT, PlainCodecs.TEXT, PlainCodecs.TEXT),
        partition -> ledgers.get(),
        failure -> false,
        Surroundings.ofProduction());
  }

  private ActorRef<StateMachineHost.Command> host(
      HostStart<String, String, String> start, @Nullable SnapshotPolicy policy) {
    HandedOver handedOver = new HandedOver();
    ActorRef<StateMachineHost.Command> host =
        kit.spawn(StateMachineHost.create(start, handedOver.progress(), shell.ref()));
    if (policy != null) {
      host.tell(new StateMachineHost.Attach(taker.ref(), policy));
    }
    return host;
  }

  /** A log of "c1" to "cN" in terms that change with every third entry. */
  private static List<LogEntry> entries(long from, long to) {
    List<LogEntry> entries = new ArrayList<>();
    for (long index = from; index <= to; index++) {
      byte[] bytes = ("c" + index).getBytes(StandardCharsets.UTF_8);
      entries.add(
          new LogEntry(index, 1 + index / 3, 1_000 + index, EntryKind.COMMAND, Payload.of(bytes)));
    }
    return entries;
  }

  private static DurableState durable(SnapshotBase base, long last) {
    long after = base.position().index();
    Written written =
        new Written(
            new HardState(1 + last / 3, ONE), base, base.position(), entries(after + 1, last), 0);
    return DurableState.initial(base).after(written, 1);
  }

  private static SnapshotBase initial() {
    return SnapshotBase.initial(ALONE);
  }

  private void apply(ActorRef<StateMachineHost.Command> host, long from, long to) {
    List<LogEntry> entries = entries(from, to);
    host.tell(new StateMachineHost.Apply(new ApplyBatch(entries, new Object[entries.size()], 1)));
    assertThat(shell.expectMessageClass(ShellMessage.Applied.class, CEILING).index()).isEqualTo(to);
  }

  private SnapshotTaker.Taken view(ActorRef<StateMachineHost.Command> host) {
    host.tell(new StateMachineHost.TakeView(false, taker.ref()));
    return taker.expectMessageClass(SnapshotTaker.Taken.class, CEILING);
  }

  private static String commands(long to) {
    List<String> commands = new ArrayList<>();
    entries(1, to).forEach(entry -> commands.add("c" + entry.index()));
    return String.join(",", commands);
  }

  private String query(ActorRef<StateMachineHost.Command> host) {
    TestProbe<ReadResult<String>> probe = kit.createTestProbe();
    host.tell(
        new StateMachineHost.Query(
            Read.of(PlainCodecs.TEXT, "all", ReadLevel.LINEARIZABLE, probe.ref())));
    ReadResult<String> result = probe.receiveMessage(CEILING);
    return result instanceof ReadResult.Answered<String> answered
        ? answered.result()
        : result.toString();
  }

  @Test
  void theLabelOfAView_isExactlyWhatIsInIt_whateverIsAppliedBeforeItIsWritten() throws IOException {
    ActorRef<StateMachineHost.Command> host =
        host(HostStart.of(blueprint(Ledger::new), durable(initial(), 9)), null);
    apply(host, 1, 4);
    apply(host, 5, 7);
    SnapshotTaker.Taken taken = view(host);
    apply(host, 8, 9);

    SnapshotHeader header = taken.header();
    assertThat(header.base()).isEqualTo(new SnapshotBase(new LogPosition(7, 3), ALONE));
    assertThat(header.timestampMillis()).isEqualTo(1_007);
    assertThat(header.digest()).isPresent();
    SnapshotInfo info =
        snapshots.write(header, Objects.requireNonNull(taken.view().take()), () -> false);

    HostStart.Outcome<String, String, String> outcome =
        HostStart.of(blueprint(Ledger::new), durable(initial(), 9), snapshots, bytes -> {});
    assertThat(outcome.damaged()).isEmpty();
    HostStart<String, String, String> start = Objects.requireNonNull(outcome.start());
    assertThat(start.position()).isEqualTo(info.position());
    ActorRef<StateMachineHost.Command> again = host(start, null);
    assertThat(query(again)).isEqualTo(commands(7));
    apply(again, 8, 9);
    assertThat(query(again)).isEqualTo(query(host));
    // The digest goes on where the snapshot left it.
    assertThat(view(again).header()).isEqualTo(view(host).header());
  }

  @Test
  void whenItIsDue_theTakerIsTold_once_untilThatIsSaved() {
    ActorRef<StateMachineHost.Command> host =
        host(
            HostStart.of(blueprint(Ledger::new), durable(initial(), 30)),
            new SnapshotPolicy(5, Long.MAX_VALUE, 0));
    apply(host, 1, 4);
    taker.expectNoMessage(Duration.ofMillis(100));
    apply(host, 5, 6);
    taker.expectMessage(CEILING, SnapshotTaker.Take.INSTANCE);
    apply(host, 7, 8);
    taker.expectNoMessage(Duration.ofMillis(100));
    view(host); // whose writing fails
    view(host);
    apply(host, 9, 12);
    host.tell(new StateMachineHost.Saved(100));
    taker.expectNoMessage(Duration.ofMillis(100));
    apply(host, 13, 13);
    taker.expectMessage(CEILING, SnapshotTaker.Take.INSTANCE);
    view(host);
    host.tell(new StateMachineHost.Saved(100));
    host.tell(new StateMachineHost.TakeView(false, taker.ref()));
    LogPosition at = taker.expectMessageClass(SnapshotTaker.NothingNew.class, CEILING).position();
    assertThat(at.index()).isEqualTo(13);
  }

  @Test
  void whoeverNeedsOneAnyway_getsOne_ifThereIsAnythingAtAll() {
    ActorRef<StateMachineHost.Command> host =
        host(HostStart.of(blueprint(Ledger::new), durable(initial(), 9)), null);
    host.tell(new StateMachineHost.TakeView(true, taker.ref()));
    taker.expectMessage(CEILING, new SnapshotTaker.NothingNew(LogPosition.ZERO));
    apply(host, 1, 4);
    view(host);
    host.tell(new StateMachineHost.Saved(100));
    host.tell(new StateMachineHost.TakeView(false, taker.ref()));
    taker.expectMessageClass(SnapshotTaker.NothingNew.class, CEILING);

    host.tell(new StateMachineHost.TakeView(true, taker.ref()));
    SnapshotTaker.Taken taken = taker.expectMessageClass(SnapshotTaker.Taken.class, CEILING);
    assertThat(taken.header().base().position().index()).isEqualTo(4);
  }

  @Test
  void aViewThatNobodyTook_isClosedWithTheHost() {
    AtomicInteger closed = new AtomicInteger();
    class Viewed extends Ledger {
      @Override
      public synchronized SnapshotView snapshot() {
        return new SnapshotView() {
          @Override
          public void writeTo(OutputStream out) {}

          @Override
          public void close() {
            closed.incrementAndGet();
          }
        };
      }
    }
    for (boolean taken : new boolean[] {true, false}) {
      ActorRef<StateMachineHost.Command> host =
          host(HostStart.of(blueprint(Viewed::new), durable(initial(), 9)), null);
      apply(host, 1, 4);
      SnapshotTaker.Taken view = view(host);
      if (taken) {
        view.view().take();
      }
      kit.stop(host);
      assertThat(closed).hasValue(taken ? 0 : 1);
    }
  }

  @Test
  void aViewThatCannotBeMade_harmsNobody() {
    Ledger without =
        new Ledger() {
          @Override
          public synchronized SnapshotView snapshot() {
            throw new UnsupportedOperationException("none");
          }
        };
    ActorRef<StateMachineHost.Command> host =
        host(HostStart.of(blueprint(() -> without), durable(initial(), 9)), null);
    apply(host, 1, 4);
    host.tell(new StateMachineHost.TakeView(false, taker.ref()));
    assertThat(taker.expectMessageClass(SnapshotTaker.NotTaken.class, CEILING).failure())
        .isInstanceOf(UnsupportedOperationException.class);
    apply(host, 5, 9);
    assertThat(query(host)).isEqualTo(commands(9));
  }

  @Test
  void anEntryWhoseBytesAreDamaged_isNotApplied() {
    List<String> seen = new ArrayList<>();
    Ledger ledger =
        new Ledger() {
          @Override
          public synchronized String apply(ApplyContext context, String command) {
            seen.add(command);
            return super.apply(context, command);
          }
        };
    ActorRef<StateMachineHost.Command> host =
        host(HostStart.of(blueprint(() -> ledger), durable(initial(), 9)), null);
    LogEntry good = entries(1, 1).get(0);
    byte[] bytes = "flipped".getBytes(StandardCharsets.UTF_8);
    Payload payload = new Payload(bytes, 0, bytes.length, 12345);
    LogEntry bad = new LogEntry(2, 1, 1, EntryKind.COMMAND, payload);
    TestProbe<Object> watcher = kit.createTestProbe();
    host.tell(new StateMachineHost.Apply(new ApplyBatch(List.of(good, bad), new Object[2], 1)));
    watcher.expectTerminated(host, CEILING);
    assertThat(seen).containsExactly("c1");
  }

  private SnapshotInfo saved(long index) throws IOException {
    ActorRef<StateMachineHost.Command> host =
        host(HostStart.of(blueprint(Ledger::new), durable(initial(), index)), null);
    apply(host, 1, index);
    SnapshotTaker.Taken taken = view(host);
    return snapshots.write(
        taken.header(), Objects.requireNonNull(taken.view().take()), () -> false);
  }

  @Test
  void itTakesOverAReceivedState_andServesNothingMeanwhile() throws IOException {
    SnapshotInfo info = saved(20);
    List<Ledger> made = new ArrayList<>();
    CountDownLatch gate = new CountDownLatch(1);
    ActorRef<StateMachineHost.Command> host =
        host(
            HostStart.of(
                blueprint(
                    () -> {
                      Ledger ledger =
                          new Ledger() {
                            @Override
                            public synchronized void restore(SnapshotReader in) throws IOException {
                              try {
                                gate.await();
                              } catch (InterruptedException e) {
                                throw new IllegalStateException(e);
                              }
                              super.restore(in);
                            }
                          };
                      made.add(ledger);
                      return ledger;
                    }),
                durable(initial(), 9)),
            null);
    apply(host, 1, 5);
    host.tell(new StateMachineHost.Install(snapshots, info.position()));
    assertThat(query(host)).contains(RejectReason.RESTORING.name());
    host.tell(new StateMachineHost.TakeView(false, taker.ref()));
    taker.expectMessage(CEILING, new SnapshotTaker.NothingNew(LogPosition.ZERO));
    gate.countDown();

    assertThat(shell.expectMessageClass(SnapshotEvent.Installed.class, CEILING).snapshot())
        .isEqualTo(info);
    assertThat(made).hasSize(2);
    assertThat(query(host)).isEqualTo(commands(20));
    apply(host, 21, 23);
    assertThat(query(host)).isEqualTo(commands(23));
  }

  @Test
  void whatIsDamagedSinceItWasReceived_isNotTakenOver() throws IOException {
    SnapshotInfo info = saved(20);
    damage(info);
    ActorRef<StateMachineHost.Command> host =
        host(HostStart.of(blueprint(Ledger::new), durable(initial(), 9)), null);
    apply(host, 1, 5);
    host.tell(new StateMachineHost.Install(snapshots, info.position()));

    assertThat(shell.expectMessageClass(SnapshotEvent.InstallFailed.class, CEILING).reason())
        .contains(info.name());
    assertThat(query(host)).contains(RejectReason.RESTORING.name());
    SnapshotInfo other = saved(22);
    host.tell(new StateMachineHost.Install(snapshots, other.position()));
    shell.expectMessageClass(SnapshotEvent.Installed.class, CEILING);
    assertThat(query(host)).isEqualTo(commands(22));
  }

  private void damage(SnapshotInfo info) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      Path file = files.filter(f -> f.toString().contains(info.name())).findFirst().orElseThrow();
      byte[] raw = Files.readAllBytes(file);
      raw[raw.length / 2] ^= 1;
      Files.write(file, raw);
    }
  }

  @Test
  void aStart_usesTheNewestGoodSnapshotWithinTheLog_orAsksForOne() throws IOException {
    SnapshotInfo ten = saved(10);
    SnapshotInfo twenty = saved(20);
    SnapshotBase base = ten.header().base();

    assertThat(started(durable(base, 30))).isEqualTo(20);
    assertThat(started(durable(base, 19))).isEqualTo(10); // the other is ahead of the log
    DurableState otherTerms =
        DurableState.initial(base)
            .after(
                new Written(
                    new HardState(9, ONE),
                    base,
                    base.position(),
                    List.of(
                        entries(11, 25).stream()
                            .map(e -> new LogEntry(e.index(), 9, 1, e.kind(), e.payload()))
                            .toArray(LogEntry[]::new)),
                    0),
                1);
    assertThat(started(otherTerms)).isEqualTo(10); // the other is of another history
    damage(twenty);
    assertThat(started(durable(base, 30))).isEqualTo(10);
    damage(ten);
    HostStart.Outcome<String, String, String> none =
        HostStart.of(blueprint(Ledger::new), durable(base, 30), snapshots, bytes -> {});
    assertThat(none.start().position()).isEqualTo(LogPosition.ZERO); // below the base
    assertThat(none.damaged()).hasSize(2);
    // With all of the log there is no need.
    assertThat(started(durable(initial(), 30))).isZero();
  }

  private HostStart<String, String, String> start(Supplier<Ledger> ledgers, DurableState durable) {
    return HostStart.of(blueprint(ledgers), durable, snapshots, bytes -> {}).start();
  }

  private long started(DurableState durable) {
    return start(Ledger::new, durable).position().index();
  }

  @Test
  void aStateMachineWithStorageOfItsOwn_needsNoSnapshot_unlessItIsBehindTheLog()
      throws IOException {
    SnapshotInfo twenty = saved(20);
    long[] durableIndex = {25};
    Supplier<Ledger> kept =
        () ->
            new Ledger() {
              @Override
              public long durableIndex() {
                return durableIndex[0];
              }
            };
    DurableState state = durable(twenty.header().base(), 30);
    assertThat(start(kept, state).position().index()).isEqualTo(25);
    assertThat(HostStart.of(blueprint(kept), state, snapshots, bytes -> {}).timestampMillis())
        .as("its clock does not go back behind the snapshot that it began with")
        .isEqualTo(twenty.header().timestampMillis())
        .isPositive();
    durableIndex[0] = 15;
    assertThat(start(kept, state).position().index()).isEqualTo(20);
    durableIndex[0] = 31;
    assertThatThrownBy(() -> HostStart.of(blueprint(kept), state, snapshots, bytes -> {}))
        .isInstanceOf(StateMachineFailure.class)
        .hasMessageContaining("31");
  }
}
