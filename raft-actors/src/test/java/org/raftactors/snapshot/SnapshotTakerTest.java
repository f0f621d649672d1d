package org.raftactors.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.raftactors.snapshot.Fixtures.ONE;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.raftactors.PartitionSettings;
import org.raftactors.RaftPartition;
import org.raftactors.SnapshotResult;
import org.raftactors.SnapshotView;
import org.raftactors.core.log.LogPosition;

class SnapshotTakerTest {

  private static final Duration CEILING = Duration.ofSeconds(60);

  private static final Config CONFIG =
      ConfigFactory.parseString(
              """
              raft-actors.snapshots.max-concurrent-writes = 1
              raft-actors.partition {
                read-journal-plugin-id = "none"
                restart-backoff-min = 20ms
                restart-backoff-max = 50ms
              }
              """)
          .withFallback(ConfigFactory.defaultReference());

  private static ActorTestKit kit;

  @TempDir private Path root;

  private Snapshots snapshots;
  private TestProbe<RaftPartition.Command> shell;
  private TestProbe<ActorRef<SnapshotTaker.Command>> asked;
  private TestProbe<Long> saved;
  private final AtomicBoolean hostFails = new AtomicBoolean();
  private final AtomicBoolean forced = new AtomicBoolean();

  @BeforeAll
  static void start() {
    kit = ActorTestKit.create(CONFIG);
  }

  @AfterAll
  static void stop() {
    kit.shutdownTestKit();
  }

  @BeforeEach
  void open() throws IOException {
    snapshots = Fixtures.local(root, ONE);
    shell = kit.createTestProbe();
    asked = kit.createTestProbe();
    saved = kit.createTestProbe();
  }

  private ActorRef<SnapshotTaker.Command> taker(String extra) {
    return kit.spawn(behavior(extra));
  }

  /** As the replica starts it. */
  private ActorRef<SnapshotTaker.Command> supervised() {
    Duration pause = Duration.ofMillis(10);
    return kit.spawn(
        Behaviors.supervise(behavior(""))
            .onFailure(
                RuntimeException.class, SupervisorStrategy.restartWithBackoff(pause, pause, 0)));
  }

  private Behavior<SnapshotTaker.Command> behavior(String extra) {
    PartitionSettings settings =
        PartitionSettings.of(ConfigFactory.parseString(extra).withFallback(CONFIG));
    return SnapshotTaker.create(
        settings,
        snapshots,
        SnapshotLimits.get(kit.system()),
        "p7/r1",
        new SnapshotTaker.Host() {
          @Override
          public void takeView(boolean anyway, ActorRef<SnapshotTaker.Command> replyTo) {
            if (hostFails.get()) {
              throw new IllegalStateException("planned");
            }
            forced.set(anyway);
            asked.ref().tell(replyTo);
          }

          @Override
          public void saved(long sizeBytes) {
            saved.ref().tell(sizeBytes);
          }
        },
        shell.ref());
  }

  private ActorRef<SnapshotTaker.Command> taker() {
    return taker("");
  }

  private void answer(SnapshotTaker.Command view) {
    asked.receiveMessage(CEILING).tell(view);
  }

  private static SnapshotTaker.Taken taken(long index) {
    return new SnapshotTaker.Taken(
        Fixtures.header(index), new OfferedView(SnapshotView.of(Fixtures.state(index, 1_000))));
  }

  private static SnapshotTaker.NothingNew nothingNew(long index) {
    return new SnapshotTaker.NothingNew(
        index == 0 ? LogPosition.ZERO : Fixtures.header(index).base().position());
  }

  private void isAnswered(long number, Class<? extends SnapshotResult> kind, long index) {
    SnapshotEvent.Requested event =
        shell.expectMessageClass(SnapshotEvent.Requested.class, CEILING);
    assertThat(event.number()).isEqualTo(number);
    assertThat(event.result()).isInstanceOf(kind);
    SnapshotResult.Stored stored =
        event.result() instanceof SnapshotResult.Taken taken
            ? taken.snapshot()
            : ((SnapshotResult.NothingNew) event.result()).snapshot();
    assertThat(stored.index()).isEqualTo(index);
    assertThat(stored.name()).isEqualTo(Snapshots.nameOf(new LogPosition(index, stored.term())));
  }

  private void isRefused(long number, SnapshotResult.Reason reason) {
    SnapshotEvent.Requested event =
        shell.expectMessageClass(SnapshotEvent.Requested.class, CEILING);
    assertThat(event.number()).isEqualTo(number);
    assertThat(event.result())
        .isInstanceOfSatisfying(
            SnapshotResult.NotTaken.class, no -> assertThat(no.reason()).isEqualTo(reason));
  }

  private SnapshotEvent.Saved savedEvent() {
    return shell.expectMessageClass(SnapshotEvent.Saved.class, CEILING);
  }

  @Test
  void asked_itHasAViewMade_writesIt_andReports() throws IOException {
    ActorRef<SnapshotTaker.Command> taker = taker();
    for (long index = 10; index <= 30; index += 10) {
      taker.tell(SnapshotTaker.Take.INSTANCE);
      answer(taken(index));
      SnapshotEvent.Saved event = savedEvent();
      assertThat(event.snapshot().position().index()).isEqualTo(index);
      assertThat(event.oldestRetainedIndex()).isEqualTo(Math.max(10, index - 10)); // two are kept
      assertThat(Fixtures.read(snapshots, event.snapshot()))
          .isEqualTo(Fixtures.state(index, 1_000));
      assertThat(saved.receiveMessage(CEILING)).isEqualTo(event.snapshot().sizeBytes());
    }
    taker.tell(new SnapshotTaker.Prune(10));
    taker.tell(new SnapshotTaker.Prune(30));
    Awaitility.await().atMost(CEILING).until(() -> snapshots.list().usable().size() == 2);
    kit.stop(taker);
  }

  @Test
  void askedAgainWhileOneIsUnderWay_oneIsTaken() {
    ActorRef<SnapshotTaker.Command> taker = taker();
    taker.tell(SnapshotTaker.Take.INSTANCE);
    ActorRef<SnapshotTaker.Command> first = asked.receiveMessage(CEILING);
    taker.tell(SnapshotTaker.Take.INSTANCE);
    taker.tell(SnapshotTaker.Take.INSTANCE);
    first.tell(taken(10));
    savedEvent();
    taker.tell(SnapshotTaker.Take.INSTANCE);
    answer(taken(20));
    assertThat(savedEvent().snapshot().position().index()).isEqualTo(20);
    kit.stop(taker);
  }

  @Test
  void askedForOneAnyway_itSaysSo_alsoWhileTheHostLooksForNews_andAfterAFailure() {
    ActorRef<SnapshotTaker.Command> taker = taker();
    taker.tell(SnapshotTaker.Take.INSTANCE);
    ActorRef<SnapshotTaker.Command> first = asked.receiveMessage(CEILING);
    assertThat(forced).isFalse();
    taker.tell(SnapshotTaker.TakeAnyway.INSTANCE);
    first.tell(nothingNew(7));

    answer(new SnapshotTaker.NotTaken(new IllegalStateException("not now")));
    assertThat(forced).isTrue();
    shell.expectMessageClass(SnapshotEvent.SaveFailed.class, CEILING);
    answer(taken(10));
    assertThat(forced).isTrue();
    savedEvent();
    taker.tell(SnapshotTaker.Take.INSTANCE);
    answer(nothingNew(7));
    assertThat(forced).isFalse();
    kit.stop(taker);
  }

  @Test
  void whatFails_isReported_andTriedAgain() {
    ActorRef<SnapshotTaker.Command> taker = taker();
    taker.tell(SnapshotTaker.Take.INSTANCE);
    answer(new SnapshotTaker.NotTaken(new IllegalStateException("not now")));
    assertThat(shell.expectMessageClass(SnapshotEvent.SaveFailed.class, CEILING))
        .isEqualTo(new SnapshotEvent.SaveFailed("java.lang.IllegalStateException: not now", false));
    AtomicBoolean closed = new AtomicBoolean();
    answer(
        new SnapshotTaker.Taken(
            Fixtures.header(10),
            new OfferedView(
                new SnapshotView() {
                  @Override
                  public void writeTo(OutputStream out) throws IOException {
                    throw new IOException("disk full");
                  }

                  @Override
                  public void close() {
                    closed.set(true);
                  }
                })));
    assertThat(shell.expectMessageClass(SnapshotEvent.SaveFailed.class, CEILING).reason())
        .contains("disk full");
    assertThat(closed).isTrue();
    answer(taken(10));
    savedEvent();
    kit.stop(taker);
  }

  @Test
  void aStateMachineWithoutSnapshots_isAskedOnce() {
    ActorRef<SnapshotTaker.Command> taker = taker();
    taker.tell(SnapshotTaker.Take.INSTANCE);
    answer(new SnapshotTaker.NotTaken(new UnsupportedOperationException("none here")));
    assertThat(shell.expectMessageClass(SnapshotEvent.SaveFailed.class, CEILING).permanent())
        .isTrue();
    taker.tell(SnapshotTaker.Take.INSTANCE);
    asked.expectNoMessage(Duration.ofMillis(200));
    kit.stop(taker);
  }

  @Test
  void byTime_oneIsTaken_ifThereIsAnythingNew() {
    ActorRef<SnapshotTaker.Command> taker =
        taker("raft-actors.partition.snapshot-after-time = 30ms");
    answer(nothingNew(0));
    answer(nothingNew(0));
    answer(taken(10));
    savedEvent();
    kit.stop(taker);
  }

  @Test
  void whoAsks_sharesOne_butNotAViewThatWasAskedForBefore() {
    ActorRef<SnapshotTaker.Command> taker = taker();
    taker.tell(SnapshotTaker.Take.INSTANCE);
    ActorRef<SnapshotTaker.Command> first = asked.receiveMessage(CEILING);
    taker.tell(new SnapshotTaker.Request(1));
    taker.tell(new SnapshotTaker.Request(2));
    first.tell(taken(10));
    savedEvent(); // which may lack what the two have seen
    answer(taken(20));
    savedEvent();
    isAnswered(1, SnapshotResult.Taken.class, 20);
    isAnswered(2, SnapshotResult.Taken.class, 20);
    kit.stop(taker);
  }

  @Test
  void nothingIsNew_whoAsksGetsTheNewest_andIfThatIsDamagedItIsWrittenAgain() throws IOException {
    ActorRef<SnapshotTaker.Command> taker = taker();
    Fixtures.write(snapshots, 10, Fixtures.state(10, 1_000));
    taker.tell(new SnapshotTaker.Request(1));
    answer(nothingNew(10));
    isAnswered(1, SnapshotResult.NothingNew.class, 10);

    try (var files = Files.walk(root)) {
      RealDamage.flip(files.filter(Files::isRegularFile).findFirst().orElseThrow(), 400);
    }
    taker.tell(new SnapshotTaker.Request(2));
    answer(nothingNew(10));
    ActorRef<SnapshotTaker.Command> again = asked.receiveMessage(CEILING);
    assertThat(forced).isTrue();
    again.tell(taken(10));
    savedEvent();
    isAnswered(2, SnapshotResult.Taken.class, 10);
    snapshots.verify(snapshots.list().usable().get(0));

    taker.tell(new SnapshotTaker.Request(3));
    answer(nothingNew(0));
    isRefused(3, SnapshotResult.Reason.NOTHING_APPLIED);
    kit.stop(taker);
  }

  @Test
  void whatFails_isToldToAllWhoAsked_andTheNextNeedNotWait() {
    ActorRef<SnapshotTaker.Command> taker =
        taker("raft-actors.partition { restart-backoff-min = 1h, restart-backoff-max = 1h }");
    taker.tell(new SnapshotTaker.Request(1));
    ActorRef<SnapshotTaker.Command> first = asked.receiveMessage(CEILING);
    taker.tell(new SnapshotTaker.Request(2));
    first.tell(new SnapshotTaker.NotTaken(new IllegalStateException("not now")));
    shell.expectMessageClass(SnapshotEvent.SaveFailed.class, CEILING);
    isRefused(1, SnapshotResult.Reason.FAILED);
    isRefused(2, SnapshotResult.Reason.FAILED);
    taker.tell(new SnapshotTaker.Request(3));
    answer(new SnapshotTaker.NotTaken(new UnsupportedOperationException("none here")));
    shell.expectMessageClass(SnapshotEvent.SaveFailed.class, CEILING);
    isRefused(3, SnapshotResult.Reason.UNSUPPORTED);
    taker.tell(new SnapshotTaker.Request(4));
    isRefused(4, SnapshotResult.Reason.UNSUPPORTED);
    kit.stop(taker);
  }

  @Test
  void aTakerThatCrashes_answersWhoAsked_andGoesOn() {
    ActorRef<SnapshotTaker.Command> taker = supervised();
    taker.tell(new SnapshotTaker.Request(1));
    ActorRef<SnapshotTaker.Command> first = asked.receiveMessage(CEILING);
    hostFails.set(true);
    first.tell(nothingNew(10)); // there is none: the host is asked again
    isRefused(1, SnapshotResult.Reason.FAILED);
    hostFails.set(false);
    taker.tell(new SnapshotTaker.Request(2));
    answer(taken(10));
    savedEvent();
    isAnswered(2, SnapshotResult.Taken.class, 10);
    kit.stop(taker);
  }

  /** Writes for as long as it is let. */
  private static final class Endless implements SnapshotView {
    private final CountDownLatch writing = new CountDownLatch(1);
    private final CountDownLatch closed = new CountDownLatch(1);

    @Override
    public void writeTo(OutputStream out) throws IOException {
      byte[] part = new byte[100_000];
      while (true) {
        out.write(part);
        writing.countDown();
      }
    }

    @Override
    public void close() {
      closed.countDown();
    }

    private void await(CountDownLatch latch) {
      Awaitility.await().atMost(CEILING).until(() -> latch.getCount() == 0);
    }
  }

  @Test
  void noMoreThanTheNodeMay_writeAtOnce_andOneThatStopsLetsOthersGoOn() {
    ActorRef<SnapshotTaker.Command> first = taker();
    Endless endless = new Endless();
    first.tell(SnapshotTaker.Take.INSTANCE);
    answer(new SnapshotTaker.Taken(Fixtures.header(10), new OfferedView(endless)));
    endless.await(endless.writing);

    ActorRef<SnapshotTaker.Command> second = taker();
    second.tell(SnapshotTaker.Take.INSTANCE);
    asked.expectNoMessage(Duration.ofMillis(200)); // and so no view is held either

    kit.stop(first);
    endless.await(endless.closed);
    answer(taken(20));
    assertThat(savedEvent().snapshot().position().index()).isEqualTo(20);
    assertThat(usable()).isEqualTo(1);
    kit.stop(second);
  }

  @Test
  void aViewThatHangs_isToldFromOneThatTakesLong() {
    SnapshotWork work = new SnapshotWork(snapshots, Runnable::run, "p7/r1", 2);
    assertThat(work.standsStill()).as("there was nothing to compare with").isFalse();
    SnapshotView slow =
        out -> {
          for (int i = 0; i < 5; i++) {
            out.write(new byte[1 << 20]);
            assertThat(work.standsStill()).isFalse();
            assertThat(work.standsStill()).as("nothing since").isTrue();
          }
        };
    assertThat(work.write(Fixtures.header(10), slow)).isCompleted();
    assertThat(usable()).isEqualTo(1);
  }

  @Test
  void aViewThatNobodyTakes_isWithdrawn_andOneThatWasTaken_isNot() {
    Endless endless = new Endless();
    new OfferedView(endless).withdraw();
    assertThat(endless.closed.getCount()).isZero();

    Endless taken = new Endless();
    OfferedView offered = new OfferedView(taken);
    assertThat(offered.take()).isSameAs(taken);
    offered.withdraw();
    assertThat(taken.closed.getCount()).isEqualTo(1);
    assertThat(offered.take()).isNull();

    ActorRef<SnapshotTaker.Command> taker = taker();
    taker.tell(SnapshotTaker.Take.INSTANCE);
    answer(new SnapshotTaker.Taken(Fixtures.header(10), offered));
    assertThat(shell.expectMessageClass(SnapshotEvent.SaveFailed.class, CEILING).reason())
        .contains("has stopped");
    kit.stop(taker);
  }

  private int usable() {
    try {
      return snapshots.list().usable().size();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
