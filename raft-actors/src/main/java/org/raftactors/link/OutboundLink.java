package org.raftactors.link;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.raftactors.codec.PeerFrames;
import org.raftactors.codec.PeerMessage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sending side of a link. Whoever sends writes to the socket itself, with all that others have
 * put behind meanwhile; only what the socket does not take at once is left to the {@link LinkLoop}.
 *
 * <p>States: closed, opening, open. The loop alone changes them. Who holds {@code writing} owns the
 * connection's buffers; a connection that failed is never given back. Nothing is durable: what is
 * lost with a connection, replicas send again.
 */
final class OutboundLink implements ReplicaLinks.Link {

  /** One socket, from its opening on. */
  static final class Connection {
    private final SocketChannel channel;
    private final ByteBuffer out = ByteBuffer.allocateDirect(BUFFER_BYTES);
    private final Queue<ByteBuffer> pending = new ConcurrentLinkedQueue<>();
    private final AtomicLong pendingBytes = new AtomicLong();
    private final AtomicBoolean writing = new AtomicBoolean();
    private volatile boolean used;

    /** What is left of a frame that did not fit into the buffer; of the one who writes. */
    private @Nullable ByteBuffer rest;

    private @Nullable SelectionKey key;
    private volatile long pingedAt;
    private volatile boolean awaitsPong;

    /** Whether a ping has been without an answer for so long. */
    private boolean isDoubtful(long now, long patience) {
      return awaitsPong && now - pingedAt > patience;
    }

    Connection(SocketChannel channel) {
      this.channel = channel;
    }

    SocketChannel channel() {
      return channel;
    }
  }

  private static final Logger logger = LoggerFactory.getLogger(OutboundLink.class);

  private static final int BUFFER_BYTES = 256 << 10;
  private static final int MAX_ROUNDS = 8;

  /** What may wait before a message that is in a hurry: a millisecond's worth on a slow network. */
  private static final long PROMPT_BYTES = 256 << 10;

  private static final long FIRST_PAUSE = 1_000_000_000L;
  private static final long QUIET = 15_000_000_000L;
  private static final long LONGEST_PAUSE = 30_000_000_000L;
  private static final ByteBuffer PING = ByteBuffer.allocate(PeerFrames.LENGTH_BYTES);

  private final LinkAddress address;
  private final LinkLoop loop;
  private final long maxPendingBytes;
  private final long patience;
  private final AtomicBoolean wanted = new AtomicBoolean();
  private final AtomicLong remotingAskedAt = new AtomicLong(ReplicaLinks.NEVER);
  private volatile long remotingHeardAt = ReplicaLinks.NEVER;
  private volatile @Nullable Connection open;

  // Of the loop.
  private @Nullable Connection current;
  private long pause = FIRST_PAUSE;
  private volatile long notBefore;
  private boolean mentioned;

  /**
   * A link that is closed.
   *
   * @param address of the other side
   * @param loop that opens and watches it
   * @param settings of the links
   */
  OutboundLink(LinkAddress address, LinkLoop loop, LinkSettings settings) {
    this.address = address;
    this.loop = loop;
    this.maxPendingBytes = settings.maxPendingBytes();
    this.patience = settings.timeout().toNanos() / 8; // half of the time between two pings
    this.notBefore = System.nanoTime();
  }

  LinkAddress address() {
    return address;
  }

  boolean isOpen() {
    return open != null;
  }

  /** What waits to be written. */
  long pendingBytes() {
    Connection connection = open;
    return connection == null ? 0 : connection.pendingBytes.get();
  }

  @Override
  public boolean send(PeerMessage message) {
    Connection connection = open;
    if (loop.isStopped()) {
      return false;
    }
    if (connection == null) {
      if (System.nanoTime() - notBefore >= 0 && wanted.compareAndSet(false, true)) {
        loop.open(this);
      }
      return false;
    }
    ByteBuffer frame = PeerFrames.encode(message);
    connection.used = true;
    int size = frame.remaining();
    long waiting = connection.pendingBytes.addAndGet(size);
    if (waiting > maxPendingBytes && waiting > size) { // one alone always goes
      connection.pendingBytes.addAndGet(-size);
      return true; // lost: the receiver is too slow, and would be with remoting
    }
    connection.pending.add(frame);
    write(connection);
    return true;
  }

  @Override
  public boolean sendPromptly(PeerMessage message) {
    Connection connection = open;
    boolean slow =
        connection != null
            && (connection.pendingBytes.get() > PROMPT_BYTES
                || connection.isDoubtful(System.nanoTime(), patience));
    return !slow && send(message);
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
    long before = remotingAskedAt.get();
    return now - before >= interval && remotingAskedAt.compareAndSet(before, now);
  }

  private void write(Connection connection) {
    while (!connection.pending.isEmpty() && connection.writing.compareAndSet(false, true)) {
      try {
        if (!writeAll(connection)) {
          loop.resumeWhenWritable(this, connection);
          return; // which goes on as the one who writes
        }
      } catch (IOException e) {
        loop.close(this, connection, e);
        return;
      }
      connection.writing.set(false);
    }
  }

  /** The loop goes on with what the socket did not take. */
  void resume(Connection connection) {
    try {
      if (writeAll(connection)) {
        SelectionKey key = connection.key;
        if (key != null) {
          key.interestOps(SelectionKey.OP_READ);
        }
        connection.writing.set(false);
        write(connection);
      }
    } catch (IOException e) {
      loop.close(this, connection, e);
    }
  }

  /**
   * Whether all is written; by the one who writes. If others add more all the time, the rest is the
   * loop's: a partition has something else to do.
   */
  private static boolean writeAll(Connection connection) throws IOException {
    ByteBuffer out = connection.out;
    for (int round = 0; round < MAX_ROUNDS; round++) {
      fill(connection, out);
      if (out.position() == 0) {
        return true;
      }
      out.flip();
      int written = connection.channel.write(out);
      out.compact();
      connection.pendingBytes.addAndGet(-written);
      if (out.position() > 0) {
        return false;
      }
    }
    return false;
  }

  private static void fill(Connection connection, ByteBuffer out) {
    while (out.hasRemaining()) {
      ByteBuffer frame = connection.rest == null ? connection.pending.poll() : connection.rest;
      if (frame == null) {
        return;
      }
      int fits = Math.min(out.remaining(), frame.remaining());
      out.put(frame.slice(frame.position(), fits));
      frame.position(frame.position() + fits);
      connection.rest = frame.hasRemaining() ? frame : null;
    }
  }

  // From here on: called by the loop.

  /** Whether it is time to connect. */
  boolean mayOpen(long now) {
    return current == null && now - notBefore >= 0;
  }

  void opening(Connection connection, long now) {
    current = connection;
    connection.awaitsPong = true;
    connection.pingedAt = now;
  }

  /** The socket is connected: greeting and first ping go; it is open when the answer is there. */
  void connected(Connection connection, SelectionKey key, long now) {
    if (connection.key != null) {
      return;
    }
    connection.key = key;
    ByteBuffer greeting = LinkGreeting.to(address);
    connection.pendingBytes.addAndGet(greeting.remaining());
    connection.pending.add(greeting);
    ping(connection, now);
  }

  /**
   * Whether the other side has been silent for too long, also while it is connected to. Asks it now
   * and then: often while the link is used, and seldom otherwise, since what stands between the two
   * may forget connections that are quiet.
   */
  boolean isSilent(Connection connection, long now, long timeout) {
    if (connection.awaitsPong) {
      return now - connection.pingedAt > timeout;
    }
    if (connection == open && (connection.used || now - connection.pingedAt > QUIET)) {
      connection.used = false;
      ping(connection, now);
    }
    return false;
  }

  private void ping(Connection connection, long now) {
    connection.awaitsPong = true;
    connection.pingedAt = now;
    connection.pendingBytes.addAndGet(PING.remaining());
    connection.pending.add(PING.duplicate());
    write(connection);
  }

  /** The other side has read all up to the last ping. */
  void heard(Connection connection) {
    connection.awaitsPong = false;
    if (open == null && connection == current) {
      pause = FIRST_PAUSE;
      mentioned = false;
      open = connection;
      logger.info("replication link to {} opened", address);
    }
  }

  @Nullable Connection current() {
    return current;
  }

  /** It failed, or was never there. */
  void closed(Connection connection, Throwable cause, long now) {
    if (connection != current) {
      return;
    }
    boolean wasOpen = open != null;
    open = null;
    current = null;
    notBefore = now + pause;
    pause = Math.min(LONGEST_PAUSE, 2 * pause);
    wanted.set(false);
    if (wasOpen || !mentioned) {
      mentioned = true;
      logger.info(
          "replication link to {} {}, its messages go by remoting: {}",
          address,
          wasOpen ? "closed" : "cannot be opened",
          cause.toString());
    }
  }

  /** It is being connected to, or there was no socket for it: it may be wanted again later. */
  void notYet(long now) {
    notBefore = now + pause;
    wanted.set(false);
  }
}
