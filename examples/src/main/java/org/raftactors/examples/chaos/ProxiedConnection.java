package org.raftactors.examples.chaos;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/**
 * One connection through the proxy. Bytes and the end of the connection are held up alike, in both
 * directions: the link decides when. What is read waits in a bounded queue, so that a slow link
 * delays without lowering the throughput, and a black hole fills the sender's buffers in the end.
 */
final class ProxiedConnection {

  private static final int CHUNK_BYTES = 16 * 1024;
  private static final int CHUNKS_ON_THE_WAY = 256;
  private static final int CONNECT_MILLIS = 5_000;
  private static final byte[] END = new byte[0];

  /** Some bytes and when they are due; no bytes are the end. */
  private static final class Chunk {
    final byte[] bytes;
    final long due;

    Chunk(byte[] bytes, long due) {
      this.bytes = bytes;
      this.due = due;
    }
  }

  private final Socket client;
  private final InetSocketAddress target;
  private final Link link;
  private final Socket node = new Socket();

  ProxiedConnection(Socket client, InetSocketAddress target, Link link) {
    this.client = client;
    this.target = target;
    this.link = link;
  }

  void start() {
    start("to " + target, this::connect);
  }

  static void start(String name, Runnable body) {
    Thread thread = new Thread(null, body, "proxy " + name, 128 * 1024);
    thread.setDaemon(true);
    thread.start();
  }

  private void connect() {
    try {
      link.awaitPassage(System.nanoTime());
      client.setTcpNoDelay(true);
      node.setTcpNoDelay(true);
      node.connect(target, CONNECT_MILLIS);
    } catch (IOException nobodyThere) {
      close();
      return;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return;
    }
    if (link.admit(node)) {
      relay(client, node);
      relay(node, client);
    } else {
      close();
    }
  }

  private void relay(Socket from, Socket to) {
    BlockingQueue<Chunk> onTheWay = new ArrayBlockingQueue<>(CHUNKS_ON_THE_WAY);
    start("reads from " + from.getRemoteSocketAddress(), () -> read(from, onTheWay));
    start("writes to " + to.getRemoteSocketAddress(), () -> write(onTheWay, to));
  }

  private void read(Socket from, BlockingQueue<Chunk> onTheWay) {
    byte[] buffer = new byte[CHUNK_BYTES];
    try {
      try {
        // Not closed here: that would close the other direction, too, and at once.
        InputStream in = from.getInputStream();
        for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
          onTheWay.put(chunk(Arrays.copyOf(buffer, count)));
        }
      } catch (IOException broken) {
        // As good as the end.
      }
      onTheWay.put(chunk(END));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Chunk chunk(byte[] bytes) {
    return new Chunk(bytes, System.nanoTime() + link.delayNanos());
  }

  private void write(BlockingQueue<Chunk> onTheWay, Socket to) {
    try {
      OutputStream out = to.getOutputStream();
      for (Chunk chunk = onTheWay.take(); chunk.bytes.length > 0; chunk = onTheWay.take()) {
        link.awaitPassage(chunk.due);
        out.write(chunk.bytes);
      }
      link.awaitPassage(System.nanoTime());
    } catch (IOException broken) {
      // The other end has to learn of it.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    close();
    onTheWay.clear(); // lets a reader go that waits for room; it then finds its socket closed
  }

  private void close() {
    link.forget(client);
    link.forget(node);
    Link.reset(client);
    Link.reset(node);
  }
}
