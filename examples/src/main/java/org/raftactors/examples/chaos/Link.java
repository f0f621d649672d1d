package org.raftactors.examples.chaos;

import java.io.IOException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * What happens to the connections that one node makes to one other. Faults may overlap: the worst
 * one counts. Thread-safe by its monitor.
 */
final class Link {

  /** From good to bad. */
  enum Mode {
    PASS,
    SLOW,
    /** No byte passes, connections stay open; afterwards everything arrives, late. */
    BLACK_HOLE,
    /** Connections are reset, and new ones as soon as they are made. */
    SEVER
  }

  private record Imposed(Mode mode, long delayNanos) {}

  private final Map<Integer, Imposed> imposed = new HashMap<>();
  private final Set<Socket> sockets = new HashSet<>();
  private Mode mode = Mode.PASS;
  private long delayNanos;
  private long affected;

  synchronized void impose(int fault, Mode worse, long delayMillis) {
    imposed.put(fault, new Imposed(worse, TimeUnit.MILLISECONDS.toNanos(delayMillis)));
    update();
    if (mode == Mode.SEVER) {
      List<Socket> severed = new ArrayList<>(sockets);
      sockets.clear();
      affected += severed.size();
      severed.forEach(Link::reset);
    }
  }

  synchronized void lift(int fault) {
    imposed.remove(fault);
    update();
  }

  private void update() {
    mode = Mode.PASS;
    delayNanos = 0;
    for (Imposed one : imposed.values()) {
      mode = one.mode().compareTo(mode) > 0 ? one.mode() : mode;
      delayNanos = Math.max(delayNanos, one.delayNanos());
    }
    notifyAll();
  }

  /** How many chunks of bytes were held up or delayed, and connections reset, so far. */
  synchronized long affected() {
    return affected;
  }

  synchronized long delayNanos() {
    return delayNanos;
  }

  /** Whether a socket may be used; it is closed if the connections are severed just now. */
  synchronized boolean admit(Socket socket) {
    if (mode == Mode.SEVER) {
      affected++;
      reset(socket);
      return false;
    }
    sockets.add(socket);
    return true;
  }

  synchronized void forget(Socket socket) {
    sockets.remove(socket);
  }

  /** Waits until bytes may pass that are due at the given time. */
  synchronized void awaitPassage(long due) throws InterruptedException {
    boolean waited = false;
    while (true) {
      long left = due - System.nanoTime();
      if (mode != Mode.BLACK_HOLE && left <= 0) {
        return;
      }
      affected += waited ? 0 : 1;
      waited = true;
      if (mode == Mode.BLACK_HOLE) {
        wait();
      } else {
        TimeUnit.NANOSECONDS.timedWait(this, left);
      }
    }
  }

  /** Closes with a reset instead of an orderly end. */
  static void reset(Socket socket) {
    try {
      socket.setSoLinger(true, 0);
    } catch (IOException alreadyClosed) {
      // Then there is nothing left to reset.
    }
    try {
      socket.close();
    } catch (IOException e) {
      throw new IllegalStateException("a socket cannot be closed", e);
    }
  }
}
