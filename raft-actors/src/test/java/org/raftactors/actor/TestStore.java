package org.raftactors.actor;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One persistent actor's events in memory, as bytes, with an order in which operations happen: each
 * waits for the one before it, and all of them while the store is held. Like the real journal, it
 * refuses a write that does not follow on the last one.
 */
final class TestStore {

  private static final Map<String, TestStore> STORES = new ConcurrentHashMap<>();

  /** An event as it stands in the store. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Stored(long sequenceNumber, int serializerId, String manifest, byte[] bytes) {}

  /** What a journal that checks its records says of one that is damaged. */
  static final class BadRecord extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BadRecord(String message) {
      super(message);
    }
  }

  private final List<Stored> events = new ArrayList<>();
  private final Map<Long, RuntimeException> unreadable = new ConcurrentHashMap<>();
  private CompletableFuture<?> tail = CompletableFuture.completedFuture(null);
  private CompletableFuture<Void> gate = CompletableFuture.completedFuture(null);
  private final AtomicInteger refusals = new AtomicInteger();
  private int failuresToCome;
  private boolean writesThoughFailing;
  private int heldOperations;

  static TestStore of(String persistenceId) {
    return STORES.computeIfAbsent(persistenceId, id -> new TestStore());
  }

  /** From now on nothing is written or read, until {@link #release}. */
  synchronized void hold() {
    gate = new CompletableFuture<>();
    heldOperations = 0;
  }

  void release() {
    CompletableFuture<Void> open;
    synchronized (this) {
      open = gate;
    }
    open.complete(null);
  }

  /** How many operations have arrived since the store was held. */
  synchronized int heldOperations() {
    return heldOperations;
  }

  /**
   * Lets the next write fail.
   *
   * @param writes whether it is written although it fails, as it may be when a disk fails
   */
  synchronized void failNextWrite(boolean writes) {
    failuresToCome++;
    writesThoughFailing = writes;
  }

  synchronized List<Stored> events() {
    return List.copyOf(events);
  }

  synchronized void damage(int event, int at) {
    events.get(event).bytes()[at] ^= 0x10;
  }

  /** From now on the journal itself refuses to give an event out, until {@link #mend}. */
  void refuse(long sequenceNumber, RuntimeException why) {
    unreadable.put(sequenceNumber, why);
  }

  void mend() {
    unreadable.clear();
  }

  /** Called before an event is given out. */
  void check(Stored event) {
    RuntimeException why = unreadable.get(event.sequenceNumber());
    if (why != null) {
      refusals.incrementAndGet();
      throw why;
    }
  }

  /** How often an event was not given out. */
  int refusals() {
    return refusals.get();
  }

  synchronized void forge(Stored event) {
    events.add(event);
  }

  synchronized long highest() {
    return events.isEmpty() ? 0 : events.get(events.size() - 1).sequenceNumber();
  }

  /** Appends what follows on the last event, in its turn. */
  CompletableFuture<@Nullable Void> write(List<Stored> batch) {
    return inTurn(
        () -> {
          boolean fails = failuresToCome > 0;
          if (fails) {
            failuresToCome--;
          }
          if (batch.get(0).sequenceNumber() != highest() + 1) {
            return CompletableFuture.failedFuture(
                new IOException(
                    "write of " + batch.get(0).sequenceNumber() + " behind " + highest()));
          }
          if (!fails || writesThoughFailing) {
            events.addAll(batch);
          }
          return fails
              ? CompletableFuture.failedFuture(new IOException("the disk fails, says the test"))
              : CompletableFuture.completedFuture(null);
        });
  }

  /** Deletes the oldest events, in its turn; never the newest one. */
  CompletableFuture<@Nullable Void> deleteTo(long sequenceNumber) {
    return inTurn(
        () -> {
          long to = Math.min(sequenceNumber, highest() - 1);
          events.removeIf(event -> event.sequenceNumber() <= to);
          return CompletableFuture.completedFuture(null);
        });
  }

  /** Does something behind everything that came before. */
  synchronized <T> CompletableFuture<T> inTurn(Supplier<CompletableFuture<T>> operation) {
    heldOperations++;
    CompletableFuture<Void> open = gate;
    CompletableFuture<T> result =
        tail.handle((value, failure) -> null)
            .thenCompose(none -> open)
            .thenCompose(
                none -> {
                  synchronized (this) {
                    return operation.get();
                  }
                });
    tail = result;
    return result;
  }
}
