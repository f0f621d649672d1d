package org.raftactors.testkit.simulation.world;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The events to come, by time, and of the same time in the order in which they were added. */
final class EventQueue {

  private final List<Event> free = new ArrayList<>();
  private Event[] heap = new Event[256];
  private int size;
  private long sequence;

  boolean isEmpty() {
    return size == 0;
  }

  int size() {
    return size;
  }

  /** When the next event happens. */
  long nextTime() {
    return heap[0].time;
  }

  void add(long time, Event.Kind kind, int node, int from, long number, @Nullable Object payload) {
    int last = free.size() - 1;
    Event event = last >= 0 ? free.remove(last) : new Event();
    event.time = time;
    event.sequence = sequence++;
    event.kind = kind;
    event.node = node;
    event.from = from;
    event.number = number;
    event.payload = payload;
    if (size == heap.length) {
      heap = Arrays.copyOf(heap, 2 * size);
    }
    siftUp(size++, event);
  }

  /** Takes out the next event, to be given back with {@link #recycle}. */
  Event take() {
    Event next = heap[0];
    Event last = heap[--size];
    if (size > 0) {
      siftDown(last);
    }
    return next;
  }

  void recycle(Event event) {
    event.payload = null;
    free.add(event);
  }

  private void siftUp(int start, Event event) {
    int at = start;
    while (at > 0) {
      int parent = (at - 1) >>> 1;
      if (!before(event, heap[parent])) {
        break;
      }
      heap[at] = heap[parent];
      at = parent;
    }
    heap[at] = event;
  }

  private void siftDown(Event event) {
    int at = 0;
    int half = size >>> 1;
    while (at < half) {
      int child = 2 * at + 1;
      if (child + 1 < size && before(heap[child + 1], heap[child])) {
        child++;
      }
      if (!before(heap[child], event)) {
        break;
      }
      heap[at] = heap[child];
      at = child;
    }
    heap[at] = event;
  }

  private static boolean before(Event one, Event other) {
    return one.time != other.time ? one.time < other.time : one.sequence < other.sequence;
  }
}
