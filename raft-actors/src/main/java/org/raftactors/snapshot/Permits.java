package org.raftactors.snapshot;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** A bounded number of permits, given out in the order of asking, without blocking anybody. */
final class Permits {

  /** Asked for, and given once {@code onGranted} runs. To be released in any case. */
  final class Ticket {
    private final Runnable onGranted;
    private boolean granted;
    private boolean released;

    private Ticket(Runnable onGranted) {
      this.onGranted = onGranted;
    }

    /** Gives it back, or asks no more. A second time does nothing. */
    void release() {
      Ticket next;
      synchronized (Permits.this) {
        if (released) {
          return;
        }
        released = true;
        if (!granted) {
          waiting.remove(this);
          return;
        }
        next = waiting.poll();
        if (next == null) {
          free++;
        } else {
          next.granted = true;
        }
      }
      if (next != null) {
        next.onGranted.run();
      }
    }
  }

  private final ArrayDeque<Ticket> waiting = new ArrayDeque<>();
  private int free;

  Permits(int number) {
    this.free = number;
  }

  /**
   * Asks for a permit.
   *
   * @param onGranted runs once, perhaps at once, on any thread; only tells somebody
   */
  Ticket request(Runnable onGranted) {
    Ticket ticket = new Ticket(onGranted);
    synchronized (this) {
      if (free == 0) {
        waiting.add(ticket);
        return ticket;
      }
      free--;
      ticket.granted = true;
    }
    onGranted.run();
    return ticket;
  }

  /** A permit if there is one now. */
  synchronized @Nullable Ticket tryNow() {
    if (free == 0) {
      return null;
    }
    free--;
    Ticket ticket = new Ticket(() -> {});
    ticket.granted = true;
    return ticket;
  }
}
