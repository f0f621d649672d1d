package org.raftactors.testkit.actors;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What one replica has on disk: events and snapshots of its log as bytes, whose operations happen
 * one after the other, each after its time, and not while the disk hangs; and the {@link
 * SnapshotFiles} of its state machine.
 *
 * <p>Durable is what {@link #events} holds. A crash of the node decides for each write that was not
 * answered whether it is there, with no hole between; one that fails may be there, too. A write has
 * to follow the last event and must not come from a writer that a recovery has replaced.
 */
final class Disk {

  /** An event as it stands on the disk. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Event(long sequenceNr, int serializerId, String manifest, byte[] bytes) {}

  /** A snapshot as it stands on the disk. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Snapshot(long sequenceNr, int serializerId, String manifest, byte[] bytes) {}

  private interface Step<T> {
    @Nullable T perform() throws IOException;
  }

  private record Operation<T>(
      boolean write, String what, Step<T> step, CompletableFuture<T> answer) {}

  private final String name;
  private final Disks disks;
  private final List<Event> events = new ArrayList<>();
  private final List<Snapshot> snapshots = new ArrayList<>();
  private final SnapshotFiles files;
  private final Set<String> replacedWriters = new HashSet<>();
  private final List<Runnable> waiting = new ArrayList<>();
  private final ArrayDeque<Operation<?>> queue = new ArrayDeque<>();
  private EventLoop.@Nullable Timer inService;
  private @Nullable String writer;

  /** Of the last event that was ever written, whether it is still there or not. */
  private long highest;

  private boolean hanging;
  private long hungUntil = Long.MIN_VALUE;
  private boolean failsNext;

  Disk(String name, Disks disks) {
    this.name = name;
    this.disks = disks;
    this.files = new SnapshotFiles(name, disks);
  }

  SnapshotFiles files() {
    return files;
  }

  List<Event> events() {
    return List.copyOf(events);
  }

  /** Appends events, all or none. */
  CompletableFuture<@Nullable Void> write(List<Event> batch, String writerUuid) {
    long first = batch.get(0).sequenceNr();
    return enqueue(
        true,
        "write " + first,
        () -> {
          refuseUnlessNext(first, writerUuid);
          boolean fails = failsNext;
          boolean kept = !fails || disks.chance(0.5);
          if (kept) {
            events.addAll(batch);
            highest = first + batch.size() - 1;
            writer = writerUuid;
          }
          if (fails) {
            failsNext = false;
            throw new SimulatedDiskFailure(
                "the simulated write fails" + (kept ? ", and is there" : ""));
          }
          return null;
        });
  }

  private void refuseUnlessNext(long sequenceNr, String writerUuid) throws IOException {
    if (replacedWriters.contains(writerUuid) || (writer != null && !writer.equals(writerUuid))) {
      throw new IOException("event " + sequenceNr + " is from an incarnation that was replaced");
    }
    if (sequenceNr != highest + 1) {
      throw new IOException("event " + sequenceNr + " does not follow on " + highest);
    }
  }

  /** Deletes the oldest events, all or none; the numbers of what comes go on. */
  CompletableFuture<@Nullable Void> delete(long upTo) {
    return enqueue(
        true,
        "delete up to " + upTo,
        () -> {
          boolean fails = failsNext;
          if (!fails || disks.chance(0.5)) {
            events.removeIf(event -> event.sequenceNr() <= upTo);
          }
          if (fails) {
            failsNext = false;
            throw new SimulatedDiskFailure("the simulated deletion fails");
          }
          return null;
        });
  }

  /** A recovery begins: whoever wrote so far writes no more. */
  CompletableFuture<Long> beginRecovery() {
    return enqueue(
        false,
        "recover",
        () -> {
          if (writer != null) {
            replacedWriters.add(writer);
            writer = null;
          }
          failRead();
          return highest;
        });
  }

  /** Reads in turn. */
  CompletableFuture<List<Event>> read() {
    return enqueue(
        false,
        "read",
        () -> {
          failRead();
          return events();
        });
  }

  private void failRead() throws IOException {
    if (disks.failsRead()) {
      throw new SimulatedDiskFailure("the simulated read fails");
    }
  }

  /** Saves a snapshot; it replaces one of the same number. */
  CompletableFuture<@Nullable Void> save(Snapshot snapshot) {
    return enqueue(
        true,
        "save snapshot " + snapshot.sequenceNr(),
        () -> {
          if (disks.failsRead()) {
            throw new SimulatedDiskFailure("the simulated snapshot store fails");
          }
          snapshots.removeIf(s -> s.sequenceNr() == snapshot.sequenceNr());
          snapshots.add(snapshot);
          return null;
        });
  }

  /** The latest snapshot that is not behind a sequence number, null if there is none. */
  CompletableFuture<@Nullable Snapshot> latest(long upTo) {
    return enqueue(
        false,
        "load snapshot",
        () -> {
          Snapshot latest = null;
          for (Snapshot snapshot : snapshots) {
            if (snapshot.sequenceNr() <= upTo
                && (latest == null || snapshot.sequenceNr() > latest.sequenceNr())) {
              latest = snapshot;
            }
          }
          return latest;
        });
  }

  /** From now on nothing happens, until {@link #release}. */
  void hang() {
    hanging = true;
    if (inService != null) {
      inService.cancel();
      inService = null;
    }
  }

  void release() {
    if (hanging) {
      hungUntil = disks.now();
    }
    hanging = false;
    List<Runnable> freed = List.copyOf(waiting);
    waiting.clear();
    freed.forEach(Runnable::run);
    serveNext();
  }

  /** When it last hung, a very early time if never. */
  long hungUntil() {
    return hanging ? disks.now() : hungUntil;
  }

  /** Does something at once, or when the disk does not hang any more. */
  void whenItWorks(Runnable action) {
    if (hanging) {
      waiting.add(action);
    } else {
      action.run();
    }
  }

  /** How long a thread waits for the disk, now and then long. */
  long blockingNanos() {
    return disks.blockingNanos();
  }

  /** Nothing hangs or fails any more. */
  void mend() {
    failsNext = false;
    files.mend();
    release();
  }

  void failNextWrite() {
    failsNext = true;
  }

  /** The process is gone: of what it had not been answered, some is there. */
  void crash() {
    release();
    if (inService != null) {
      inService.cancel();
      inService = null;
    }
    failsNext = false;
    files.crash();
    boolean reaches = true;
    for (Operation<?> operation : queue) {
      reaches &= operation.write() && disks.chance(0.5);
      if (reaches) {
        performUnanswered(operation);
      }
    }
    queue.clear();
  }

  private void performUnanswered(Operation<?> operation) {
    try {
      operation.step().perform();
      disks.note(name, operation.what() + " reached the disk before the crash");
    } catch (IOException e) {
      disks.note(name, operation.what() + ": " + e.getMessage());
    }
  }

  private <T> CompletableFuture<T> enqueue(boolean write, String what, Step<T> step) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    queue.add(new Operation<>(write, what, step, answer));
    serveNext();
    return answer;
  }

  private void serveNext() {
    Operation<?> next = queue.peek();
    if (next != null && inService == null && !hanging) {
      inService = disks.afterLatency(() -> serve(next));
    }
  }

  private <T> void serve(Operation<T> operation) {
    inService = null;
    queue.remove();
    try {
      T value = operation.step().perform();
      disks.note(name, operation.what());
      operation.answer().complete(value);
    } catch (IOException e) {
      disks.note(name, operation.what() + ": " + e.getMessage());
      operation.answer().completeExceptionally(e);
    }
    serveNext();
  }
}
