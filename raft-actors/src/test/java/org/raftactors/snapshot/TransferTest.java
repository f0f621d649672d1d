package org.raftactors.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.raftactors.snapshot.Fixtures.ONE;
import static org.raftactors.snapshot.Fixtures.TWO;

import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.raftactors.RaftPartition;
import org.raftactors.SnapshotSettings;
import org.raftactors.codec.PeerMessage;
import org.raftactors.codec.SnapshotMessage;
import org.raftactors.core.log.Payload;

/** A sender and a receiver, with a bad link between them, and with ends that end. */
class TransferTest {

  private static final long TERM = 5;
  private static final Duration CEILING = Duration.ofSeconds(60);
  private static final int CHUNK = 4 << 10;
  private static final int WINDOW = 16 << 10;

  private static ActorTestKit kit;

  @TempDir private Path root;

  private Snapshots source;
  private Snapshots target;
  private final byte[] state = Fixtures.state(11, 300_000);
  private final List<ActorRef<RaftPartition.Command>> spawned = new ArrayList<>();
  private Duration resend = Duration.ofMillis(100);
  private TestProbe<RaftPartition.Command> sending;
  private TestProbe<RaftPartition.Command> receiving;

  @BeforeAll
  static void start() {
    kit =
        ActorTestKit.create(
            ConfigFactory.parseString(
                "raft-actors.snapshots { max-concurrent-receives = 1, max-concurrent-sends = 2 }"));
  }

  @AfterAll
  static void stop() {
    kit.shutdownTestKit();
  }

  @BeforeEach
  void open() throws IOException {
    source = Fixtures.local(root.resolve("source"), ONE);
    target = Fixtures.local(root.resolve("target"), TWO);
    sending = kit.createTestProbe();
    receiving = kit.createTestProbe();
  }

  /** What a test leaves would hold on to the permits of the node. */
  @AfterEach
  void stopAll() {
    spawned.forEach(ref -> kit.stop(ref, CEILING));
  }

  private ActorRef<RaftPartition.Command> spawned(Behavior<RaftPartition.Command> behavior) {
    ActorRef<RaftPartition.Command> ref = kit.spawn(behavior);
    spawned.add(ref);
    return ref;
  }

  private SnapshotSettings settings(Duration timeout) {
    return new SnapshotSettings(
        "", "", 0, 1, 1, Duration.ofHours(1), 0, 2, CHUNK, WINDOW, resend, timeout);
  }

  private ActorRef<RaftPartition.Command> receiver(Snapshots into, Duration timeout) {
    return spawned(
        SnapshotReceiver.create(
            Fixtures.spec(TWO),
            settings(timeout),
            into,
            SnapshotLimits.get(kit.system()),
            System::nanoTime,
            receiving.ref()));
  }

  private ActorRef<RaftPartition.Command> receiver() {
    return receiver(target, CEILING);
  }

  private ActorRef<RaftPartition.Command> sender(
      ActorRef<RaftPartition.Command> by, long atLeast, Duration timeout) {
    return spawned(
        SnapshotSender.create(
            Fixtures.spec(ONE),
            settings(timeout),
            source,
            SnapshotLimits.get(kit.system()),
            new SnapshotSender.Order(TWO, by, atLeast, TERM),
            System::nanoTime,
            sending.ref()));
  }

  private SnapshotEvent.Sent sent() {
    return sending.expectMessageClass(SnapshotEvent.Sent.class, CEILING);
  }

  /** The next event that is not about progress. */
  private SnapshotEvent received() {
    while (true) {
      RaftPartition.Command event = receiving.receiveMessage(CEILING);
      if (!(event instanceof SnapshotEvent.Receiving)) {
        return (SnapshotEvent) event;
      }
    }
  }

  private void assertDelivered(SnapshotInfo info) throws IOException {
    SnapshotEvent event = received();
    while (event instanceof SnapshotEvent.Received other && !other.snapshot().equals(info)) {
      event = received(); // a late offer of the one before, told of once more
    }
    assertThat(event).isEqualTo(new SnapshotEvent.Received(info, TERM));
    assertThat(Fixtures.read(target, info)).isEqualTo(state);
  }

  private static long chunks(Link link) {
    return link.arrived.stream().filter(SnapshotMessage.Chunk.class::isInstance).count();
  }

  private static void await(Callable<Boolean> condition) {
    Awaitility.await().atMost(CEILING).pollInterval(Duration.ofMillis(5)).until(condition);
  }

  private static long pullsFromTheStart(Link link, int after) {
    return link.arrived.stream()
        .skip(after)
        .filter(body -> body instanceof SnapshotMessage.Pull pull && pull.bytes() > 0)
        .filter(body -> ((SnapshotMessage.Pull) body).offset() == 0)
        .count();
  }

  @Test
  void overAGoodLink_allOfItIsDelivered_andAgainWithoutSendingAgain() throws IOException {
    SnapshotInfo info = Fixtures.write(source, 20, state);
    Fixtures.write(source, 10, Fixtures.state(1, 10));
    resend = CEILING.dividedBy(3); // nothing is asked for twice
    Link link = new Link(kit, 1, 0);
    ActorRef<RaftPartition.Command> by = link.to(receiver());
    sender(by, 15, CEILING);

    assertDelivered(info);
    assertThat(sent())
        .isEqualTo(new SnapshotEvent.Sent(TWO, TERM, 20, true, "the receiver says DELIVERED"));
    assertThat(chunks(link)).isEqualTo((info.sizeBytes() + CHUNK - 1) / CHUNK);

    long before = chunks(link);
    sender(by, 15, CEILING);
    assertThat(received()).isEqualTo(new SnapshotEvent.Received(info, TERM));
    assertThat(sent().delivered()).isTrue();
    assertThat(chunks(link)).isEqualTo(before);
  }

  @Test
  void overABadLink_allOfItIsDelivered() throws IOException {
    resend = Duration.ofMillis(30);
    for (long seed = 1; seed <= 4; seed++) {
      target = Fixtures.local(root.resolve("target" + seed), TWO);
      receiving = kit.createTestProbe(); // a late offer is answered, and told of, once more
      sending = kit.createTestProbe();
      SnapshotInfo info = Fixtures.write(source, 20 + seed, state);
      Link link = new Link(kit, seed, 10);
      ActorRef<RaftPartition.Command> receiver = receiver();
      sender(link.to(receiver), 20 + seed, CEILING);

      assertDelivered(info);
      assertThat(sent().delivered()).as("seed %s", seed).isTrue();
      kit.stop(receiver, CEILING);
    }
  }

  @Test
  void receiverStopsAnywhere_thereIsAllOrNothing_andTheNextOneGoesOn() throws IOException {
    for (int stopAt = 1; stopAt < 74; stopAt += 9) {
      target = Fixtures.local(root.resolve("target" + stopAt), TWO);
      SnapshotInfo info = Fixtures.write(source, 20 + stopAt, state);
      Link link = new Link(kit, stopAt, 0).cutAfterChunks(stopAt);
      ActorRef<RaftPartition.Command> first = receiver();
      AtomicReference<ActorRef<RaftPartition.Command>> current = new AtomicReference<>(first);
      ActorRef<RaftPartition.Command> stable = kit.spawn(Forward.to(current));
      sender(link.to(stable), 20 + stopAt, CEILING);
      await(link::isCut);
      kit.stop(first, CEILING);
      assertThat(target.list().usable()).isEmpty();
      assertThat(target.list().damaged()).isEmpty();
      int before = link.arrived.size();
      target = Fixtures.local(root.resolve("target" + stopAt), TWO);
      ActorRef<RaftPartition.Command> second = receiver();
      current.set(second);
      link.cut(false);

      assertDelivered(info);
      assertThat(sent().delivered()).isTrue();
      if (stopAt > 30) { // more than one chunk of the file's own
        assertThat(pullsFromTheStart(link, before)).isZero();
      }
      kit.stop(second, CEILING);
    }
  }

  @Test
  void senderIsStartedAgain_theReceiverGoesOn() throws IOException {
    SnapshotInfo info = Fixtures.write(source, 20, state);
    Link link = new Link(kit, 1, 0).cutAfterChunks(20);
    ActorRef<RaftPartition.Command> by = link.to(receiver());
    ActorRef<RaftPartition.Command> first = sender(by, 15, CEILING);
    await(link::isCut);
    kit.stop(first, CEILING);
    assertThat(sent()).isEqualTo(new SnapshotEvent.Sent(TWO, TERM, 20, false, "it was stopped"));
    int before = link.arrived.size();
    link.cut(false);
    sender(by, 15, CEILING);

    assertDelivered(info);
    assertThat(sent().delivered()).isTrue();
    assertThat(pullsFromTheStart(link, before)).isZero();
  }

  @Test
  void whatIsChangedUnderAGoodChecksum_isFoundAtTheEnd_andAskedForAgain() throws IOException {
    resend = CEILING.dividedBy(3); // so that what is changed is what is written
    SnapshotInfo info = Fixtures.write(source, 20, state);
    Link link = new Link(kit, 1, 0);
    AtomicInteger changes = new AtomicInteger(1);
    link.changing(
        body ->
            body instanceof SnapshotMessage.Chunk chunk
                    && chunk.offset() > 100_000
                    && changes.getAndDecrement() > 0
                ? changed(chunk)
                : body);
    ActorRef<RaftPartition.Command> by = link.to(receiver());
    sender(by, 15, CEILING);

    assertDelivered(info);
    assertThat(sent().delivered()).isTrue();
    assertThat(pullsFromTheStart(link, 0)).isEqualTo(2);
  }

  private static SnapshotMessage.Chunk changed(SnapshotMessage.Chunk chunk) {
    byte[] bytes = new byte[chunk.data().length()];
    System.arraycopy(chunk.data().bytes(), chunk.data().offset(), bytes, 0, bytes.length);
    bytes[bytes.length / 2] ^= 1;
    return new SnapshotMessage.Chunk(chunk.file(), chunk.offset(), Payload.of(bytes));
  }

  @Test
  void whatIsAlwaysChanged_isNeverASnapshot() throws IOException {
    Fixtures.write(source, 20, state);
    Link link = new Link(kit, 1, 0);
    link.changing(
        body ->
            body instanceof SnapshotMessage.Chunk chunk && chunk.offset() > 100_000
                ? changed(chunk)
                : body);
    sender(link.to(receiver()), 15, CEILING);

    assertThat(received()).isInstanceOf(SnapshotEvent.ReceiveFailed.class);
    assertThat(sent())
        .isEqualTo(new SnapshotEvent.Sent(TWO, TERM, 20, false, "the receiver says DAMAGED"));
    assertThat(target.list().usable()).isEmpty();
    assertThat(target.list().damaged()).isEmpty();
  }

  @Test
  void aNewerOneTakesThePlaceOfTheOneUnderWay_anOlderOneDoesNot() throws IOException {
    ActorRef<RaftPartition.Command> receiver = receiver();
    Fixtures.write(source, 10, Fixtures.state(1, 300_000));
    Link stalled = new Link(kit, 1, 0).cutAfterChunks(6);
    sender(stalled.to(receiver), 5, CEILING);
    await(stalled::isCut);
    SnapshotInfo newer = Fixtures.write(source, 20, state);
    Link stalledToo = new Link(kit, 1, 0).cutAfterChunks(6);
    sender(stalledToo.to(receiver), 15, CEILING);
    await(stalledToo::isCut);
    stalled.cut(false);

    // The first sender offers again what is older now, and hears that it is not wanted.
    assertThat(sent())
        .isEqualTo(new SnapshotEvent.Sent(TWO, TERM, 10, false, "the receiver says NOT_WANTED"));
    stalledToo.cut(false);
    assertDelivered(newer);
    assertThat(sent().delivered()).isTrue();
  }

  @Test
  void aSlowDisk_isNotOverrun_andIsWaitedFor() throws IOException {
    SnapshotInfo info = Fixtures.write(source, 20, state);
    Semaphore writes = new Semaphore(3);
    SnapshotStore slow = new SlowStore(root.resolve("slow"), writes);
    target = new Snapshots(Fixtures.spec(TWO), slow);
    Duration timeout = Duration.ofSeconds(2);
    ActorRef<RaftPartition.Command> receiver = receiver(target, timeout);
    Link link = new Link(kit, 1, 0);
    sender(link.to(receiver), 15, timeout);

    // Several times longer than either would be patient with silence.
    await(
        () ->
            link.arrived.stream()
                    .filter(body -> body instanceof SnapshotMessage.Pull p && p.bytes() == 0)
                    .count()
                > 30);
    long got =
        link.arrived.stream()
            .filter(SnapshotMessage.Chunk.class::isInstance)
            .mapToLong(body -> ((SnapshotMessage.Chunk) body).data().length())
            .sum();
    assertThat(got).isLessThanOrEqualTo(WINDOW + 4L * CHUNK);
    writes.release(1_000_000);
    assertDelivered(info);
    assertThat(sent().delivered()).isTrue();
  }

  @Test
  void ifNobodyAnswers_itIsGivenUp_onBothSides() throws IOException {
    Fixtures.write(source, 20, state);
    Duration timeout = Duration.ofMillis(500);
    Link link = new Link(kit, 1, 0).cutAfterChunks(6);
    sender(link.to(receiver(target, timeout)), 15, timeout);

    assertThat(sent().delivered()).isFalse();
    assertThat(received()).isInstanceOf(SnapshotEvent.ReceiveFailed.class);
    link.cut(false);
    // What was received is still of use, and the receiver takes offers again.
    sender(link.to(receiver()), 15, CEILING);
    assertThat(received()).isInstanceOf(SnapshotEvent.Received.class);
  }

  @Test
  void damagedHere_anOlderOneIsSentIfItIsOfUse() throws IOException {
    SnapshotInfo older = Fixtures.write(source, 20, state);
    SnapshotInfo newer = Fixtures.write(source, 30, Fixtures.state(2, 300_000));
    Path file = RealDamage.find(root.resolve("source"), newer.name());
    RealDamage.flip(file, 100_000);
    Link link = new Link(kit, 1, 0);
    sender(link.to(receiver()), 15, CEILING);
    assertDelivered(older);
    assertThat(sent().index()).isEqualTo(20);

    sender(link.to(receiver()), 25, CEILING);
    sending.expectMessage(CEILING, new SnapshotEvent.NoneToSend(TWO, TERM));
    assertThat(sent())
        .isEqualTo(new SnapshotEvent.Sent(TWO, TERM, 0, false, "there is no snapshot to send"));
  }

  @Test
  void whatIsForAnother_isNotHeard() throws IOException {
    SnapshotInfo info = Fixtures.write(source, 20, state);
    ActorRef<RaftPartition.Command> receiver = receiver();
    TestProbe<RaftPartition.Command> sender = kit.createTestProbe();
    SnapshotMessage.Offer offer =
        new SnapshotMessage.Offer(
            SnapshotMessage.Offer.fileOf(info.hash()),
            5,
            info.position(),
            info.sizeBytes(),
            info.hash(),
            sender.ref());
    long group = PeerMessage.group(Fixtures.spec(TWO));
    receiver.tell(new SnapshotMessage(group + 1, ONE, TWO, offer));
    receiver.tell(new SnapshotMessage(group, ONE, ONE, offer));
    receiver.tell(new SnapshotMessage(group, TWO, TWO, offer));
    sender.expectNoMessage(Duration.ofMillis(300));
    receiver.tell(new SnapshotMessage(group, ONE, TWO, offer));
    SnapshotMessage answer = sender.expectMessageClass(SnapshotMessage.class, CEILING);
    assertThat(answer.body()).isInstanceOf(SnapshotMessage.Pull.class);
    assertThat(answer.to()).isEqualTo(ONE);

    // Another replica of the node receives; it may not.
    ActorRef<RaftPartition.Command> other =
        receiver(Fixtures.local(root.resolve("o"), TWO), CEILING);
    TestProbe<RaftPartition.Command> second = kit.createTestProbe();
    other.tell(
        new SnapshotMessage(
            group,
            ONE,
            TWO,
            new SnapshotMessage.Offer(
                offer.file(), 5, offer.position(), offer.sizeBytes(), offer.hash(), second.ref())));
    assertThat(second.expectMessageClass(SnapshotMessage.class, CEILING).body())
        .isEqualTo(new SnapshotMessage.Ended(offer.file(), SnapshotMessage.Outcome.BUSY));
    kit.stop(receiver, CEILING);
  }

  /** Each write waits for a permit of the test. */
  private record SlowStore(Path root, Semaphore writes) implements SnapshotStore {

    private SnapshotStore local() throws IOException {
      return LocalSnapshotStore.open(root, Fixtures.spec(TWO), new RealFiles(), 0);
    }

    @Override
    public List<String> names() throws IOException {
      return local().names();
    }

    @Override
    public Content open(String name) throws IOException {
      return local().open(name);
    }

    @Override
    public void delete(String name) throws IOException {
      local().delete(name);
    }

    @Override
    public List<String> drafts() throws IOException {
      return local().drafts();
    }

    @Override
    public Draft draft(String name) throws IOException {
      Draft draft = local().draft(name);
      return new Draft() {
        @Override
        public void append(ByteBuffer bytes) throws IOException {
          writes.acquireUninterruptibly();
          draft.append(bytes);
        }

        @Override
        public void truncate(long size) throws IOException {
          draft.truncate(size);
        }

        @Override
        public void sync() throws IOException {
          draft.sync();
        }

        @Override
        public void publish(String name) throws IOException {
          draft.publish(name);
        }

        @Override
        public void discard() throws IOException {
          draft.discard();
        }

        @Override
        public long size() throws IOException {
          return draft.size();
        }

        @Override
        public int read(long position, ByteBuffer into) throws IOException {
          return draft.read(position, into);
        }

        @Override
        public void close() throws IOException {
          draft.close();
        }
      };
    }

    @Override
    public void deleteDraft(String name) throws IOException {
      local().deleteDraft(name);
    }
  }
}
