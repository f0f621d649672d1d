package org.raftactors.link;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.raftactors.link.OutboundLink.Connection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread that opens, accepts, watches and closes links, and goes on writing where a socket did
 * not take all. It has no part in what goes smoothly. Owner of every state of a link but the bytes
 * on their way.
 */
final class LinkLoop implements Runnable {

  /** Gets the sockets of others whose greeting was right. */
  interface Acceptor {

    /**
     * Whether it is what whoever may link says.
     *
     * @param greeting as many bytes as a greeting has
     */
    boolean isWelcome(byte[] greeting);

    /**
     * A link from elsewhere.
     *
     * @param channel blocking, after the greeting
     */
    void accepted(SocketChannel channel);
  }

  /** Somebody who has connected and not said all of the greeting yet. */
  private static final class Guest {
    private final SocketChannel channel;
    private final ByteBuffer greeting = ByteBuffer.allocate(LinkGreeting.BYTES);
    private final long since;

    private Guest(SocketChannel channel, long since) {
      this.channel = channel;
      this.since = since;
    }
  }

  private record Opening(OutboundLink link, Connection connection) {}

  private static final Logger logger = LoggerFactory.getLogger(LinkLoop.class);

  private static final int MAX_GUESTS = 256;
  private static final long GREETING_NANOS = 5_000_000_000L;

  private final Selector selector;
  private final ServerSocketChannel server;
  private final SelectionKey accepting;
  private final Acceptor acceptor;
  private final LinkSettings settings;
  private final Executor blocking;
  private final long timeout;
  private final long beat;
  private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private final Set<OutboundLink> connected = new HashSet<>();
  private final Set<Guest> guests = new HashSet<>();
  private final ByteBuffer pongs = ByteBuffer.allocateDirect(64);

  /** Set when a connection could not be taken: the next one is tried a while later. */
  private boolean acceptsLater;

  private long acceptAgainAt;

  private volatile boolean stopped;

  /**
   * A loop that is to be run by a thread of its own.
   *
   * @param server bound
   * @param acceptor told of links from elsewhere
   * @param settings of the links
   * @param blocking resolves names
   * @throws IOException if the system has no resources for it
   */
  LinkLoop(ServerSocketChannel server, Acceptor acceptor, LinkSettings settings, Executor blocking)
      throws IOException {
    this.selector = Selector.open();
    this.server = server;
    this.acceptor = acceptor;
    this.settings = settings;
    this.blocking = blocking;
    this.timeout = settings.timeout().toNanos();
    this.beat = Math.max(1, Duration.ofNanos(timeout / 4).toMillis());
    server.configureBlocking(false);
    this.accepting = server.register(selector, SelectionKey.OP_ACCEPT);
  }

  /** Opens a link, unless it was tried a moment ago. Called by anybody. */
  void open(OutboundLink link) {
    submit(
        () -> {
          long now = System.nanoTime();
          if (link.mayOpen(now)) {
            begin(link);
          } else {
            link.notYet(now);
          }
        });
  }

  /** A socket did not take all. Called by the one who writes. */
  void resumeWhenWritable(OutboundLink link, Connection connection) {
    submit(
        () -> {
          SelectionKey key = connection.channel().keyFor(selector);
          if (key != null && key.isValid()) {
            key.interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
          }
        });
  }

  /** A socket failed. Called by anybody. */
  void close(OutboundLink link, Connection connection, Throwable cause) {
    submit(() -> end(link, connection, cause));
  }

  /** Whether nothing is watched, opened or resumed any more. Called by anybody. */
  boolean isStopped() {
    return stopped;
  }

  /** Called by anybody. */
  void stop() {
    stopped = true;
    selector.wakeup();
  }

  private void submit(Runnable task) {
    tasks.add(task);
    selector.wakeup();
  }

  @Override
  public void run() {
    try {
      while (!stopped) {
        selector.select(isIdle() ? 0 : beat);
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
          task.run();
        }
        List<SelectionKey> ready = List.copyOf(selector.selectedKeys());
        selector.selectedKeys().clear();
        ready.forEach(this::handle);
        watch(System.nanoTime());
      }
    } catch (IOException | RuntimeException | Error e) {
      if (!stopped) {
        logger.error("replication links end, their messages go by remoting", e);
      }
    } finally {
      closeAll();
    }
  }

  private boolean isIdle() {
    return connected.isEmpty() && guests.isEmpty() && !acceptsLater;
  }

  private void handle(SelectionKey key) {
    try {
      if (!key.isValid()) {
        return;
      }
      Object what = key.attachment();
      if (what instanceof Opening opening) {
        handle(key, opening);
      } else if (what instanceof Guest guest) {
        greet(guest, key);
      } else {
        accept();
      }
    } catch (CancelledKeyException e) {
      logger.debug("a replication link was closed meanwhile", e);
    }
  }

  private void handle(SelectionKey key, Opening opening) {
    OutboundLink link = opening.link();
    Connection connection = opening.connection();
    try {
      if (key.isConnectable()) {
        connection.channel().finishConnect();
        key.interestOps(SelectionKey.OP_READ);
        link.connected(connection, key, System.nanoTime());
      } else {
        if (key.isReadable()) {
          readPongs(link, connection);
        }
        if (key.isValid() && key.isWritable()) {
          link.resume(connection);
        }
      }
    } catch (IOException e) {
      end(link, connection, e);
    }
  }

  private void readPongs(OutboundLink link, Connection connection) throws IOException {
    pongs.clear();
    int read = connection.channel().read(pongs);
    if (read < 0) {
      throw new IOException("the other side has closed it");
    }
    if (read > 0) {
      link.heard(connection);
    }
  }

  /** Names are resolved elsewhere: that may take long. */
  private void begin(OutboundLink link) {
    LinkAddress address = link.address();
    Connection connection;
    try {
      connection = new Connection(SocketChannel.open());
    } catch (IOException e) {
      logger.warn("no socket for a replication link", e);
      link.notYet(System.nanoTime());
      return;
    }
    link.opening(connection, System.nanoTime());
    connected.add(link);
    try {
      blocking.execute(
          () -> {
            InetSocketAddress target = new InetSocketAddress(address.host(), address.port());
            submit(() -> connect(link, connection, target));
          });
    } catch (RejectedExecutionException e) { // the actor system ends
      end(link, connection, e);
    }
  }

  private void connect(OutboundLink link, Connection connection, InetSocketAddress target) {
    try {
      SocketChannel channel = connection.channel();
      if (link.current() != connection) {
        return; // it took too long
      }
      if (target.isUnresolved()) {
        throw new IOException("its host is not known");
      }
      prepare(channel);
      if (!settings.outboundHost().isEmpty()) {
        channel.bind(new InetSocketAddress(settings.outboundHost(), 0));
      }
      SelectionKey key = channel.register(selector, 0, new Opening(link, connection));
      if (channel.connect(target)) {
        key.interestOps(SelectionKey.OP_READ);
        link.connected(connection, key, System.nanoTime());
      } else {
        key.interestOps(SelectionKey.OP_CONNECT);
      }
    } catch (IOException | RuntimeException e) {
      end(link, connection, e);
    }
  }

  private void end(OutboundLink link, Connection connection, Throwable cause) {
    closeQuietly(connection.channel());
    if (link.current() == connection) {
      connected.remove(link);
      link.closed(connection, cause, System.nanoTime());
    }
  }

  private void accept() {
    SocketChannel channel = null;
    try {
      channel = server.accept();
      if (channel == null) {
        return;
      }
      if (guests.size() >= MAX_GUESTS) {
        closeQuietly(channel);
        return;
      }
      prepare(channel);
      Guest guest = new Guest(channel, System.nanoTime());
      channel.register(selector, SelectionKey.OP_READ, guest);
      guests.add(guest);
    } catch (IOException e) {
      logger.warn("a replication link could not be accepted", e);
      if (channel != null) {
        closeQuietly(channel);
      }
      accepting.interestOps(0); // perhaps there are no sockets left: it would come again at once
      acceptsLater = true;
      acceptAgainAt = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(beat);
    }
  }

  private static void prepare(SocketChannel channel) throws IOException {
    channel.configureBlocking(false);
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true); // who lost power never says so
  }

  private void greet(Guest guest, SelectionKey key) {
    try {
      if (guest.channel.read(guest.greeting) < 0) {
        throw new IOException("closed before its greeting");
      }
      if (guest.greeting.hasRemaining()) {
        return;
      }
      if (!acceptor.isWelcome(guest.greeting.array())) {
        throw new IOException("with a greeting for another, perhaps for an earlier run");
      }
      guests.remove(guest);
      key.cancel();
      selector.selectNow(); // else the channel cannot be made a blocking one
      selector.selectedKeys().clear(); // they are still being handled, and come again if need be
      guest.channel.configureBlocking(true);
      acceptor.accepted(guest.channel);
    } catch (IOException e) {
      logger.debug("a guest was turned away", e);
      guests.remove(guest);
      closeQuietly(guest.channel);
    }
  }

  private void watch(long now) {
    if (acceptsLater && now - acceptAgainAt >= 0) {
      acceptsLater = false;
      accepting.interestOps(SelectionKey.OP_ACCEPT);
    }
    for (OutboundLink link : new ArrayList<>(connected)) {
      Connection connection = link.current();
      if (connection != null && link.isSilent(connection, now, timeout)) {
        end(link, connection, new IOException("no answer for " + settings.timeout()));
      }
    }
    List<Guest> late = guests.stream().filter(g -> now - g.since > GREETING_NANOS).toList();
    for (Guest guest : late) {
      guests.remove(guest);
      closeQuietly(guest.channel);
    }
  }

  private void closeAll() {
    stopped = true;
    closeQuietly(server);
    IOException end = new IOException("the actor system ends");
    for (OutboundLink link : new ArrayList<>(connected)) {
      Connection connection = link.current();
      if (connection != null) {
        end(link, connection, end);
      }
    }
    guests.forEach(guest -> closeQuietly(guest.channel));
    closeQuietly(selector);
  }

  private static void closeQuietly(Closeable closeable) {
    try {
      closeable.close();
    } catch (IOException e) {
      logger.debug("closing failed", e);
    }
  }
}
