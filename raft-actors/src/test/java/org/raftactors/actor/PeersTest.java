package org.raftactors.actor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.Test;
import org.raftactors.PartitionId;
import org.raftactors.RaftPartition;
import org.raftactors.ReplicaSpec;
import org.raftactors.codec.PeerMessage;
import org.raftactors.core.membership.ReplicaId;
import org.raftactors.core.message.AppendAccepted;
import org.raftactors.core.message.Heartbeat;
import org.raftactors.core.message.HeartbeatAck;
import org.raftactors.core.message.RaftMessage;
import org.raftactors.core.message.TimeoutNow;
import org.raftactors.link.LinkAddress;
import org.raftactors.link.ReplicaLinks;

/** Which way messages go, and which are not for this replica. */
class PeersTest {

  private static final ReplicaId ONE = new ReplicaId(1);
  private static final ReplicaId TWO = new ReplicaId(2);
  private static final long TRUSTED = 1000;
  private static final LinkAddress OWN = new LinkAddress("one", 1, 11, 12);
  private static final LinkAddress THEIRS = new LinkAddress("two", 2, 21, 22);
  private static final RaftMessage FREQUENT = new AppendAccepted(1, 5);
  private static final RaftMessage HEARTBEAT = new Heartbeat(1, 5, 6);
  private static final RaftMessage RARE = new TimeoutNow(1);

  private final ReplicaSpec spec = spec("c", 1);
  private final TestInbox<RaftPartition.Command> self = TestInbox.create();
  private final TestInbox<RaftPartition.Command> stable = TestInbox.create();
  private final TestInbox<RaftPartition.Command> direct = TestInbox.create();
  private final TestLinks links = new TestLinks();
  private final Peers peers =
      new Peers(spec, self.getRef(), Map.of(TWO, stable.getRef()), TRUSTED, links);

  /** One link, open or not. */
  private static final class TestLinks implements ReplicaLinks {
    private final List<PeerMessage> sent = new ArrayList<>();
    private final List<ActorRef<RaftPartition.Command>> attached = new ArrayList<>();
    private boolean open;
    private boolean busy;
    private long remotingHeardAt = NEVER;
    private long remotingAskedAt = NEVER;

    @Override
    public LinkAddress address() {
      return OWN;
    }

    @Override
    public Link to(LinkAddress address) {
      assertThat(address).isEqualTo(THEIRS);
      return new Link() {
        @Override
        public boolean send(PeerMessage message) {
          return open && sent.add(message);
        }

        @Override
        public boolean sendPromptly(PeerMessage message) {
          return !busy && send(message);
        }

        @Override
        public void remotingHeard(long now) {
          remotingHeardAt = now;
        }

        @Override
        public long remotingHeardAt() {
          return remotingHeardAt;
        }

        @Override
        public boolean mayAskRemoting(long now, long interval) {
          boolean may = now - remotingAskedAt >= interval;
          remotingAskedAt = may ? now : remotingAskedAt;
          return may;
        }
      };
    }

    @Override
    public void attach(long group, ReplicaId replica, ActorRef<RaftPartition.Command> actor) {
      attached.add(actor);
    }

    @Override
    public void detach(long group, ReplicaId replica, ActorRef<RaftPartition.Command> actor) {
      attached.remove(actor);
    }
  }

  private static ReplicaSpec spec(String cluster, long partition) {
    return new ReplicaSpec(cluster, new PartitionId(partition), ONE, List.of(ONE, TWO));
  }

  private PeerMessage fromTwo() {
    return new PeerMessage(
        PeerMessage.group(spec), TWO, ONE, direct.getRef(), THEIRS, new HeartbeatAck(1, 6));
  }

  @Test
  void frequentMessages_goTheDirectWay_whileItWasConfirmedRecently() {
    peers.send(TWO, FREQUENT, 0);
    assertThat(stable.getAllReceived()).hasSize(1);

    assertThat(peers.accepts(fromTwo(), 10)).isTrue();
    peers.send(TWO, FREQUENT, 10 + TRUSTED - 1);
    assertThat(direct.getAllReceived())
        .containsExactly(new PeerMessage(PeerMessage.group(spec), ONE, TWO, FREQUENT));

    peers.send(TWO, FREQUENT, 10 + TRUSTED);
    assertThat(direct.hasMessages()).isFalse();
    assertThat(stable.getAllReceived()).hasSize(1);
  }

  @Test
  void frequentMessages_goByTheLink_whileItIsOpenAndWasConfirmedRecently() {
    assertThat(links.attached).containsExactly(self.getRef());
    links.open = true;
    peers.send(TWO, FREQUENT, 0);
    assertThat(links.sent).isEmpty(); // nobody has spoken of it

    assertThat(peers.accepts(fromTwo(), 10)).isTrue();
    peers.send(TWO, FREQUENT, 10 + 2 * TRUSTED - 1);
    assertThat(links.sent)
        .containsExactly(new PeerMessage(PeerMessage.group(spec), ONE, TWO, FREQUENT));
    assertThat(direct.hasMessages()).isFalse();

    links.open = false;
    peers.send(TWO, FREQUENT, 10 + TRUSTED - 1);
    assertThat(direct.getAllReceived()).hasSize(1);

    links.open = true;
    peers.send(TWO, RARE, 11);
    peers.send(TWO, FREQUENT, 10 + 2 * TRUSTED); // who cannot be reached by remoting
    peers.connect(TWO, stable.getRef());
    peers.send(TWO, FREQUENT, 11);
    assertThat(links.sent).hasSize(1);

    peers.close();
    assertThat(links.attached).isEmpty();
  }

  @Test
  void heartbeats_goByTheLink_unlessItIsBusyOrRemotingSilent_andNameTheWayBack() {
    long group = PeerMessage.group(spec);
    PeerMessage byLink = new PeerMessage(group, ONE, TWO, null, OWN, HEARTBEAT);
    PeerMessage byParent = new PeerMessage(group, ONE, TWO, self.getRef(), OWN, HEARTBEAT);
    links.open = true;
    peers.send(TWO, HEARTBEAT, 0);
    assertThat(stable.getAllReceived()).containsExactly(byParent);

    assertThat(peers.accepts(fromTwo(), 10)).isTrue();
    peers.send(TWO, HEARTBEAT, 10 + TRUSTED / 2 - 1);
    assertThat(links.sent).containsExactly(byLink);
    assertThat(stable.hasMessages()).isFalse();
    peers.send(TWO, HEARTBEAT, 10 + TRUSTED / 2); // both ways: remoting has to prove itself
    assertThat(links.sent).hasSize(2);
    assertThat(stable.getAllReceived()).containsExactly(byParent);
    peers.send(TWO, HEARTBEAT, 10 + TRUSTED / 2 + 1);
    assertThat(links.sent).hasSize(3);
    assertThat(stable.hasMessages()).isFalse();
    peers.send(TWO, HEARTBEAT, 10 + 2 * TRUSTED);
    assertThat(links.sent).hasSize(3);
    assertThat(stable.getAllReceived()).containsExactly(byParent);

    links.busy = true;
    peers.send(TWO, HEARTBEAT, 11);
    assertThat(stable.getAllReceived()).containsExactly(byParent);
    links.busy = false;
    links.open = false;
    peers.send(TWO, HEARTBEAT, 11);
    assertThat(stable.getAllReceived()).containsExactly(byParent);
  }

  /** What another partition heard from the same actor system counts, too. */
  @Test
  void remotingIsHeardForAllWhoShareTheLink_andAskedOnlyThroughThoseWhoAnswer() {
    links.open = true;
    assertThat(peers.accepts(fromTwo(), 10)).isTrue();
    links.remotingHeardAt = 10 + 5 * TRUSTED;
    peers.send(TWO, HEARTBEAT, 10 + 6 * TRUSTED); // silent itself: leaves it to others to ask
    assertThat(links.sent).hasSize(1);
    assertThat(stable.hasMessages()).isFalse();
  }

  /** A leader whom votes and clients cannot reach must not stay in office by its links. */
  @Test
  void whatComesByALink_confirmsNothing() {
    assertThat(peers.accepts(fromTwo(), 0)).isTrue();
    links.open = true;
    PeerMessage byLink =
        new PeerMessage(PeerMessage.group(spec), TWO, ONE, null, THEIRS, new HeartbeatAck(1, 7));
    assertThat(peers.accepts(byLink, 2 * TRUSTED - 1)).isTrue();

    peers.send(TWO, FREQUENT, 2 * TRUSTED);
    peers.send(TWO, HEARTBEAT, 2 * TRUSTED);
    assertThat(links.sent).isEmpty();
    assertThat(stable.getAllReceived()).hasSize(2);
  }

  @Test
  void acknowledgementsOfHeartbeats_goTheWayThatTheHeartbeatCame() {
    long group = PeerMessage.group(spec);
    RaftMessage ack = new HeartbeatAck(1, 6);
    links.open = true;
    assertThat(
            peers.accepts(new PeerMessage(group, TWO, ONE, direct.getRef(), THEIRS, HEARTBEAT), 10))
        .isTrue();
    peers.send(TWO, ack, 10);
    assertThat(links.sent).isEmpty();
    assertThat(stable.getAllReceived()).hasSize(1);

    assertThat(peers.accepts(new PeerMessage(group, TWO, ONE, null, THEIRS, HEARTBEAT), 11))
        .isTrue();
    peers.send(TWO, ack, 11);
    assertThat(links.sent).hasSize(1);
    assertThat(stable.hasMessages()).isFalse();
  }

  @Test
  void replicaWithoutAKnownParent_isReachedByItsLink() {
    Peers lonely = new Peers(spec, self.getRef(), Map.of(), TRUSTED, links);
    links.open = true;
    assertThat(lonely.accepts(fromTwo(), 10)).isTrue();
    lonely.send(TWO, HEARTBEAT, 10 + 5 * TRUSTED); // its incarnation may have changed meanwhile
    assertThat(links.sent).hasSize(1);
  }

  @Test
  void rareMessages_goThroughTheParent_andNameThisIncarnation() {
    assertThat(peers.accepts(fromTwo(), 10)).isTrue();
    peers.send(TWO, RARE, 11);
    assertThat(stable.getAllReceived())
        .containsExactly(
            new PeerMessage(PeerMessage.group(spec), ONE, TWO, self.getRef(), OWN, RARE));
    assertThat(direct.hasMessages()).isFalse();
  }

  @Test
  void replicaThatIsKnownByItsMessagesOnly_isAnsweredDirectly() {
    Peers lonely = new Peers(spec, self.getRef(), Map.of(), TRUSTED, links);
    lonely.send(TWO, RARE, 0); // nowhere to go
    assertThat(lonely.accepts(fromTwo(), 10)).isTrue();
    lonely.send(TWO, RARE, 10 + 2 * TRUSTED);
    assertThat(direct.getAllReceived()).hasSize(1);
  }

  @Test
  void connect_replacesBothWays() {
    TestInbox<RaftPartition.Command> moved = TestInbox.create();
    assertThat(peers.accepts(fromTwo(), 10)).isTrue();
    peers.connect(TWO, moved.getRef());
    peers.send(TWO, FREQUENT, 11);
    assertThat(moved.getAllReceived()).hasSize(1);
  }

  @Test
  void messagesOfOtherGroupsOrForOthers_areNotAccepted() {
    long group = PeerMessage.group(spec);
    assertThat(PeerMessage.group(spec("d", 1))).isNotEqualTo(group);
    assertThat(PeerMessage.group(spec("c", 2))).isNotEqualTo(group);
    assertThat(peers.accepts(new PeerMessage(group + 1, TWO, ONE, RARE), 0)).isFalse();
    assertThat(peers.accepts(new PeerMessage(group, TWO, new ReplicaId(3), RARE), 0)).isFalse();
    assertThat(peers.accepts(new PeerMessage(group, ONE, ONE, RARE), 0)).isFalse();
    assertThat(peers.accepts(new PeerMessage(group, TWO, ONE, RARE), 0)).isTrue();
  }

  /** The fingerprint is part of every message: it must not change from release to release. */
  @Test
  void group_isFixed() {
    assertThat(PeerMessage.group(spec("cluster", 7))).isEqualTo(GROUP_OF_CLUSTER_7);
  }

  private static final long GROUP_OF_CLUSTER_7 = 2974602053068531283L;
}
