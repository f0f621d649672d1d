package org.raftactors.examples.kv;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Ends a stream that gives nothing for too long: a node that stands still keeps its connections.
 * The one who reads gets an exception then. Closed, it stops watching.
 */
final class StallGuard extends FilterInputStream {

  private final long patience;
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile long lastProgress = System.nanoTime();
  private volatile boolean stalled;

  StallGuard(InputStream in, Duration patience) {
    super(in);
    this.patience = patience.toNanos();
    Thread watcher = new Thread(this::watch, "stall-guard");
    watcher.setDaemon(true);
    watcher.start();
  }

  private void watch() {
    try {
      long left = patience;
      while (left > 0) {
        if (closed.await(left, TimeUnit.NANOSECONDS)) {
          return;
        }
        left = lastProgress + patience - System.nanoTime();
      }
      stalled = true;
      in.close();
    } catch (InterruptedException | IOException e) {
      // Whoever reads it hears of that.
    }
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    try {
      int read = super.read(into, offset, length);
      lastProgress = System.nanoTime();
      if (stalled) {
        throw silent(null);
      }
      return read;
    } catch (IOException e) {
      throw stalled ? silent(e) : e;
    }
  }

  private IOException silent(@Nullable IOException cause) {
    return new IOException("nothing has come for " + patience / 1_000_000_000 + " s", cause);
  }

  @Override
  public void close() throws IOException {
    closed.countDown();
    super.close();
  }
}
