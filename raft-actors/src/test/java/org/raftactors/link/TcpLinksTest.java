package org.raftactors.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.raftactors.RaftPartition;
import org.raftactors.codec.PeerFrames;
import org.raftactors.codec.PeerMessage;
import org.raftactors.core.log.EntryKind;
import org.raftactors.core.log.LogEntry;
import org.raftactors.core.log.LogPosition;
import org.raftactors.core.log.Payload;
import org.raftactors.core.membership.ReplicaId;
import org.raftactors.core.message.AppendAccepted;
import org.raftactors.core.message.AppendRequest;

class TcpLinksTest {

  private static final Duration CEILING = Duration.ofSeconds(60);
  private static final String HOST = "127.0.0.1";
  private static final InetAddress LOCAL = InetAddress.getLoopbackAddress();
  private static final long GROUP = 99;
  private static final long PENDING = 1 << 20;
  private static final ReplicaId ONE = new ReplicaId(1);
  private static final ReplicaId TWO = new ReplicaId(2);

  private final List<AutoCloseable> resources = new ArrayList<>();
  private final TestInbox<RaftPartition.Command> inbox = TestInbox.create();

  private TcpLinks links(Duration timeout) throws IOException {
    LinkSettings settings = new LinkSettings(true, HOST, HOST, 0, PENDING, timeout);
    TcpLinks made = new TcpLinks(HOST, settings, Runnable::run);
    resources.add(made);
    return made;
  }

  private TcpLinks links() throws IOException {
    return links(Duration.ofSeconds(30));
  }

  @AfterEach
  void closeAll() throws Exception {
    for (AutoCloseable resource : resources) {
      resource.close();
    }
  }

  private static PeerMessage small(long number) {
    return new PeerMessage(GROUP, ONE, TWO, new AppendAccepted(7, number));
  }

  private static PeerMessage large(long index, int bytes) {
    byte[] payload = new byte[bytes];
    Arrays.fill(payload, (byte) index);
    LogEntry entry = new LogEntry(index, 7, 1, EntryKind.COMMAND, Payload.of(payload));
    return new PeerMessage(
        GROUP, ONE, TWO, new AppendRequest(7, new LogPosition(index - 1, 6), List.of(entry), 0));
  }

  private static ByteBuffer bytes(PeerMessage message) {
    return PeerFrames.encode(message);
  }

  /** What is sent while the link opens goes another way. */
  private static void awaitOpen(Callable<Boolean> sends) {
    await().atMost(CEILING).until(sends);
  }

  private static List<RaftPartition.Command> received(
      TestInbox<RaftPartition.Command> inbox, int count) {
    List<RaftPartition.Command> all = new ArrayList<>();
    await()
        .atMost(CEILING)
        .until(
            () -> {
              all.addAll(inbox.getAllReceived());
              return all.size() >= count;
            });
    return all;
  }

  @Test
  void messages_arriveWholeAndInOrder_smallAndLarge() throws IOException {
    TcpLinks from = links();
    TcpLinks to = links();
    to.attach(GROUP, TWO, inbox.getRef());
    ReplicaLinks.Link link = from.to(to.address());
    List<PeerMessage> sent = new ArrayList<>();
    sent.add(small(0));
    awaitOpen(() -> link.send(small(0)));
    int[] sizes = {1, 100, (256 << 10) - 70, 256 << 10, 600 << 10, 3, 900 << 10};
    for (int i = 1; i <= 200; i++) {
      PeerMessage message = i % 10 == 0 ? large(i, sizes[i / 10 % sizes.length]) : small(i);
      sent.add(message);
      assertThat(link.send(message)).isTrue();
      if (i % 10 == 0) { // else more than the bound may wait
        assertThat(received(inbox, sent.size()).stream().map(m -> bytes((PeerMessage) m)).toList())
            .isEqualTo(sent.stream().map(TcpLinksTest::bytes).toList());
        sent.clear();
      }
    }
    assertThat(inbox.hasMessages()).isFalse();
  }

  @Test
  void manySenders_doNotMixUpTheirMessages() throws Exception {
    TcpLinks from = links();
    TcpLinks to = links();
    to.attach(GROUP, TWO, inbox.getRef());
    ReplicaLinks.Link link = from.to(to.address());
    awaitOpen(() -> link.send(small(Long.MAX_VALUE)));
    received(inbox, 1);
    int senders = 4;
    int each = 3000;
    List<Thread> threads = new ArrayList<>();
    List<Boolean> refused = new CopyOnWriteArrayList<>();
    for (int sender = 0; sender < senders; sender++) {
      long base = sender * 1_000_000L;
      Thread thread =
          new Thread(
              () -> {
                for (int i = 0; i < each; i++) {
                  if (!link.send(small(base + i))) {
                    refused.add(true);
                  }
                }
              });
      thread.start();
      threads.add(thread);
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(refused).isEmpty();
    long[] next = new long[senders];
    for (RaftPartition.Command command : received(inbox, senders * each)) {
      long number = ((AppendAccepted) ((PeerMessage) command).message()).matchIndex();
      int sender = (int) (number / 1_000_000);
      assertThat(number % 1_000_000).isEqualTo(next[sender]++);
    }
    assertThat(next).containsOnly(each);
  }

  private static void write(Socket socket, ByteBuffer bytes) throws IOException {
    byte[] copy = new byte[bytes.remaining()];
    bytes.get(copy);
    socket.getOutputStream().write(copy);
  }

  @Test
  void whoDoesNotKnowTheToken_isNotHeard() throws IOException {
    TcpLinks from = links();
    TcpLinks to = links();
    to.attach(GROUP, TWO, inbox.getRef());
    LinkAddress address = to.address();
    try (Socket socket = new Socket(LOCAL, address.port())) {
      LinkAddress wrong =
          new LinkAddress(HOST, address.port(), address.tokenHigh(), address.tokenLow() ^ 1);
      write(socket, LinkGreeting.to(wrong));
      assertThat(socket.getInputStream().read()).isEqualTo(-1);
    }
    ReplicaLinks.Link right = from.to(address);
    awaitOpen(() -> right.send(small(1)));
    assertThat(received(inbox, 1)).containsExactly(small(1));
  }

  @Test
  void bytesThatAreNoMessage_endTheLink_andNotTheOthers() throws IOException {
    TcpLinks from = links();
    TcpLinks to = links();
    to.attach(GROUP, TWO, inbox.getRef());
    ReplicaLinks.Link other = from.to(to.address());
    awaitOpen(() -> other.send(small(1)));
    ByteBuffer damaged = PeerFrames.encode(small(2));
    damaged.put(20, (byte) (damaged.get(20) ^ 4));
    ByteBuffer endless = ByteBuffer.allocate(4).putInt(0, -1);
    for (ByteBuffer bytes : List.of(damaged, endless)) {
      try (Socket socket = new Socket(LOCAL, to.address().port())) {
        write(socket, LinkGreeting.to(to.address()));
        write(socket, PeerFrames.encode(small(3)));
        write(socket, bytes);
        assertThat(socket.getInputStream().read()).isEqualTo(-1);
      }
    }
    assertThat(other.send(small(4))).isTrue();
    assertThat(received(inbox, 4))
        .containsExactlyInAnyOrder(small(1), small(3), small(3), small(4));
  }

  @Test
  void messagesForReplicasThatAreNotHere_areDropped_andThoseForTheNextIncarnationAreNot()
      throws IOException {
    TcpLinks from = links();
    TcpLinks to = links();
    TestInbox<RaftPartition.Command> later = TestInbox.create();
    to.attach(GROUP, TWO, inbox.getRef());
    ReplicaLinks.Link link = from.to(to.address());
    awaitOpen(() -> link.send(small(1)));
    received(inbox, 1);
    to.attach(GROUP, TWO, later.getRef());
    to.detach(GROUP, TWO, inbox.getRef()); // the old one is late
    link.send(new PeerMessage(GROUP, ONE, new ReplicaId(3), new AppendAccepted(7, 2)));
    link.send(new PeerMessage(GROUP + 1, ONE, TWO, new AppendAccepted(7, 3)));
    link.send(small(4));
    assertThat(received(later, 1)).containsExactly(small(4));
    assertThat(inbox.hasMessages()).isFalse();
  }

  @Test
  void whenTheOtherSystemEnds_messagesGoAnotherWay_andItsNextRunIsAnotherLink() throws IOException {
    TcpLinks from = links();
    TcpLinks to = links();
    ReplicaLinks.Link link = from.to(to.address());
    awaitOpen(() -> link.send(small(1)));
    to.close();
    await().atMost(CEILING).until(() -> !link.send(small(2)));
    TcpLinks next = links();
    next.attach(GROUP, TWO, inbox.getRef());
    ReplicaLinks.Link again = from.to(next.address());
    assertThat(again).isNotSameAs(link).isSameAs(from.to(next.address()));
    awaitOpen(() -> again.send(small(3)));
    assertThat(received(inbox, 1)).containsExactly(small(3));
  }

  @Test
  void closedLink_opensAgain_whenItIsUsed() throws IOException {
    TcpLinks from = links();
    TcpLinks to = links();
    ReplicaLinks.Link link = from.to(to.address());
    awaitOpen(() -> link.send(small(1)));
    to.closeInbound();
    await().atMost(CEILING).until(() -> !from.isOpen(to.address()));
    to.attach(GROUP, TWO, inbox.getRef());
    awaitOpen(() -> link.send(small(3)));
    assertThat(received(inbox, 1)).containsExactly(small(3));
  }

  @Test
  void receiverThatReadsNothing_costsBoundedMemory_andIsGivenUp() throws Exception {
    TcpLinks from = links(Duration.ofSeconds(1));
    try (ServerSocket deaf = new ServerSocket(0, 1, LOCAL)) {
      LinkAddress address = new LinkAddress(HOST, deaf.getLocalPort(), 1, 2);
      OutboundLink link = (OutboundLink) from.to(address);
      AtomicLong most = new AtomicLong();
      assertThat(link.send(small(0))).isFalse();
      Socket hears = deaf.accept();
      resources.add(hears);
      assertThat(link.send(small(0))).as("before it has answered").isFalse();
      hears.getOutputStream().write(0);
      awaitOpen(() -> link.send(small(0)));
      await()
          .atMost(CEILING)
          .until(
              () -> {
                boolean sent = true;
                for (int i = 0; sent && i < 100; i++) {
                  sent = link.send(large(1, 64 << 10));
                  most.accumulateAndGet(link.pendingBytes(), Math::max);
                }
                return !sent;
              });
      assertThat(most.get()).isBetween(1L, PENDING);
    }
  }

  /** Heartbeats go another way in time, not when the link is given up. */
  @Test
  void linkThatDoesNotAnswer_takesNothingUrgent_longBeforeItIsGivenUp() throws Exception {
    TcpLinks from = links(Duration.ofSeconds(4));
    try (ServerSocket mute = new ServerSocket(0, 1, LOCAL)) {
      OutboundLink link = (OutboundLink) from.to(new LinkAddress(HOST, mute.getLocalPort(), 1, 2));
      assertThat(link.sendPromptly(small(0))).isFalse();
      Socket hears = mute.accept();
      resources.add(hears);
      hears.getOutputStream().write(0);
      awaitOpen(() -> link.sendPromptly(small(0)));
      await().atMost(CEILING).until(() -> link.send(small(0)) && !link.sendPromptly(small(0)));
      assertThat(link.isOpen()).isTrue();
    }
  }
}
