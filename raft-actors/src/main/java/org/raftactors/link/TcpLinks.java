package org.raftactors.link;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.security.SecureRandom;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;
import org.raftactors.RaftPartition;
import org.raftactors.codec.PeerMessage;
import org.raftactors.core.membership.ReplicaId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Links over TCP: listens for those of others, and makes its own. */
final class TcpLinks implements ReplicaLinks, LinkLoop.Acceptor, AutoCloseable {

  private record Attachment(long group, ReplicaId replica) {}

  private static final Logger logger = LoggerFactory.getLogger(TcpLinks.class);

  /** Runs of other actor systems that are remembered: far more than a cluster has nodes. */
  private static final int MAX_LINKS = 10_000;

  private final LinkAddress address;
  private final LinkSettings settings;
  private final LinkLoop loop;
  private final Map<Attachment, ActorRef<RaftPartition.Command>> replicas =
      new ConcurrentHashMap<>();
  private final Map<LinkAddress, OutboundLink> links = new ConcurrentHashMap<>();
  private final Set<InboundLink> inbound = ConcurrentHashMap.newKeySet();
  private final AtomicInteger inboundNumber = new AtomicInteger();
  private volatile boolean closed;

  /**
   * Listens.
   *
   * @param host that others reach
   * @param settings of the links
   * @param blocking runs what may block
   * @throws IOException if it cannot listen
   */
  TcpLinks(String host, LinkSettings settings, Executor blocking) throws IOException {
    this.settings = settings;
    ServerSocketChannel server = ServerSocketChannel.open();
    try {
      server.bind(new InetSocketAddress(settings.bindHost(), settings.port()));
      int port = ((InetSocketAddress) server.getLocalAddress()).getPort();
      SecureRandom random = new SecureRandom();
      this.address = new LinkAddress(host, port, random.nextLong(), random.nextLong());
      this.loop = new LinkLoop(server, this, settings, blocking);
    } catch (IOException | RuntimeException e) {
      server.close();
      throw e;
    }
    start(loop, "raft-links-" + address.port());
  }

  private static void start(Runnable body, String name) {
    Thread thread = new Thread(body, name);
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public LinkAddress address() {
    return address;
  }

  @Override
  public Link to(LinkAddress other) {
    OutboundLink known = links.get(other);
    if (known != null) {
      return known;
    }
    if (links.size() >= MAX_LINKS) {
      links.values().removeIf(link -> !link.isOpen());
    }
    return links.computeIfAbsent(other, to -> new OutboundLink(to, loop, settings));
  }

  @Override
  public void attach(long group, ReplicaId replica, ActorRef<RaftPartition.Command> actor) {
    replicas.put(new Attachment(group, replica), actor);
  }

  @Override
  public void detach(long group, ReplicaId replica, ActorRef<RaftPartition.Command> actor) {
    replicas.remove(new Attachment(group, replica), actor);
  }

  @Override
  public boolean isWelcome(byte[] greeting) {
    return LinkGreeting.isFor(address, greeting);
  }

  @Override
  public void accepted(SocketChannel channel) {
    InboundLink link = new InboundLink(channel, this::deliver, inbound::remove);
    inbound.add(link);
    try {
      start(link, "raft-link-in-" + address.port() + "-" + inboundNumber.incrementAndGet());
    } catch (OutOfMemoryError e) { // no more threads: this link is not taken
      inbound.remove(link);
      link.close();
      logger.error("no thread for a replication link", e);
    }
    if (closed) {
      link.close();
    }
  }

  private void deliver(PeerMessage message) {
    @Nullable ActorRef<RaftPartition.Command> replica =
        replicas.get(new Attachment(message.group(), message.to()));
    if (replica != null) {
      replica.tell(message);
    } else {
      logger.debug("a message for replica {}, which is not here now", message.to());
    }
  }

  /** Whether a link is open; for tests. */
  boolean isOpen(LinkAddress other) {
    OutboundLink link = links.get(other);
    return link != null && link.isOpen();
  }

  @Override
  public void close() {
    closed = true;
    loop.stop();
    closeInbound();
  }

  void closeInbound() {
    inbound.forEach(InboundLink::close);
  }
}
