package org.raftactors.actor;

import java.util.HashMap;
import java.util.Map;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;
import org.raftactors.RaftPartition;
import org.raftactors.ReplicaSpec;
import org.raftactors.codec.PeerMessage;
import org.raftactors.core.membership.ReplicaId;
import org.raftactors.core.message.AppendAccepted;
import org.raftactors.core.message.AppendRejected;
import org.raftactors.core.message.AppendRequest;
import org.raftactors.core.message.Heartbeat;
import org.raftactors.core.message.HeartbeatAck;
import org.raftactors.core.message.RaftMessage;
import org.raftactors.core.message.ReadIndexRequest;
import org.raftactors.core.message.ReadIndexResponse;
import org.raftactors.link.LinkAddress;
import org.raftactors.link.ReplicaLinks;

/**
 * The ways to the other replicas. Each has a stable reference, its parent, and perhaps a direct
 * one, its present incarnation, and a link, which brings a message to that, too.
 *
 * <p>Remoting has to prove itself: the links carry nothing for long that it would not carry too, so
 * a leader whom votes and clients cannot reach is replaced, and a link that has fallen silent keeps
 * nobody from hearing a heartbeat. Heartbeats go by the link, unless much waits there, and now and
 * then by the parent too; an acknowledgement goes the way its heartbeat came. The frequent messages
 * (appends, their answers, read indexes) go by the link, or to the direct reference if that is not
 * open, while remoting was heard recently; else by the parent. Everything else goes by the parent,
 * and also names the sender's direct reference and link: so a replica that was started again is
 * found in any case.
 */
final class Peers {

  private static final class Peer {
    @Nullable ActorRef<RaftPartition.Command> stable;
    @Nullable ActorRef<RaftPartition.Command> direct;
    ReplicaLinks.@Nullable Link link;
    long directConfirmedAt;
    long heardAt;
    boolean heartbeatCameByParent;
  }

  /** For how many times the trusted time a link is used without a sign of remoting. */
  private static final long LINK_FOR = 2;

  private final long group;
  private final ReplicaId self;
  private final ActorRef<RaftPartition.Command> selfDirect;
  private final long directFor;
  private final ReplicaLinks links;
  private final Map<ReplicaId, Peer> peers = new HashMap<>();

  /**
   * The peers of a new incarnation.
   *
   * @param spec this replica
   * @param selfDirect its actor
   * @param stable the parents of the others
   * @param directFor nanoseconds for which a direct way is trusted without confirmation
   * @param links of this actor system
   */
  Peers(
      ReplicaSpec spec,
      ActorRef<RaftPartition.Command> selfDirect,
      Map<ReplicaId, ActorRef<RaftPartition.Command>> stable,
      long directFor,
      ReplicaLinks links) {
    this.group = PeerMessage.group(spec);
    this.self = spec.self();
    this.selfDirect = selfDirect;
    this.directFor = directFor;
    this.links = links;
    stable.forEach(this::connect);
    links.attach(group, self, selfDirect);
  }

  /** This incarnation ends. */
  void close() {
    links.detach(group, self, selfDirect);
  }

  void connect(ReplicaId replica, ActorRef<RaftPartition.Command> stable) {
    Peer peer = peers.computeIfAbsent(replica, r -> new Peer());
    peer.stable = stable;
    peer.direct = null; // it may have moved
    peer.link = null;
  }

  /** Whether a message is for this replica; also learns the way back from it. */
  boolean accepts(PeerMessage message, long now) {
    if (message.group() != group || !message.to().equals(self) || message.from().equals(self)) {
      return false;
    }
    ActorRef<RaftPartition.Command> direct = message.direct();
    LinkAddress address = message.link();
    if (direct != null || address != null) {
      Peer peer = peers.computeIfAbsent(message.from(), r -> new Peer());
      ReplicaLinks.Link link = address == null ? ReplicaLinks.NO_LINK : links.to(address);
      peer.link = link;
      peer.heardAt = now;
      peer.heartbeatCameByParent = direct != null && message.message() instanceof Heartbeat;
      if (direct != null) {
        peer.direct = direct;
        peer.directConfirmedAt = now;
        link.remotingHeard(now);
      }
    }
    return true;
  }

  /** Sends, or drops if there is no way known: messages between replicas may always get lost. */
  void send(ReplicaId to, RaftMessage message, long now) {
    Peer peer = peers.get(to);
    if (peer == null) {
      return;
    }
    ReplicaLinks.Link link = peer.link == null ? ReplicaLinks.NO_LINK : peer.link;
    // Where no parent is known, the link may reach what the direct reference does not any more.
    boolean mayLink = now - link.remotingHeardAt() < LINK_FOR * directFor || peer.stable == null;
    if (isFrequent(message)) {
      PeerMessage envelope = new PeerMessage(group, self, to, message);
      if (!mayLink || !link.send(envelope)) {
        boolean direct = peer.direct != null && now - peer.directConfirmedAt < directFor;
        tell(direct || peer.stable == null ? peer.direct : peer.stable, envelope);
      }
      return;
    }
    boolean heartbeat = message instanceof Heartbeat;
    boolean byLink =
        heartbeat ? mayLink : message instanceof HeartbeatAck && !peer.heartbeatCameByParent;
    LinkAddress own = links.address();
    boolean linked =
        byLink && link.sendPromptly(new PeerMessage(group, self, to, null, own, message));
    if (!linked || (heartbeat && isProofDue(peer, link, now))) {
      tell(
          peer.stable == null ? peer.direct : peer.stable,
          new PeerMessage(group, self, to, selfDirect, own, message));
    }
  }

  /**
   * Whether this heartbeat should go by remoting as well: well before that is needed, one for all
   * partitions that share the link, and to a replica that answers.
   */
  private boolean isProofDue(Peer peer, ReplicaLinks.Link link, long now) {
    return now - link.remotingHeardAt() >= directFor / 2
        && now - peer.heardAt < directFor
        && link.mayAskRemoting(now, directFor / 4);
  }

  private static void tell(@Nullable ActorRef<RaftPartition.Command> way, PeerMessage envelope) {
    if (way != null) {
      way.tell(envelope);
    }
  }

  /** The stable reference of a replica, null if it is not known. */
  @Nullable ActorRef<RaftPartition.Command> stable(ReplicaId replica) {
    Peer peer = peers.get(replica);
    return peer == null ? null : peer.stable;
  }

  private static boolean isFrequent(RaftMessage message) {
    return message instanceof AppendRequest
        || message instanceof AppendAccepted
        || message instanceof AppendRejected
        || message instanceof ReadIndexRequest
        || message instanceof ReadIndexResponse;
  }
}
