package org.raftactors.testkit.simulation.world;

import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.raftactors.core.ApplyBatch;
import org.raftactors.core.log.EntryKind;
import org.raftactors.core.log.LogEntry;
import org.raftactors.testkit.simulation.check.RegisterCommand;
import org.raftactors.testkit.simulation.check.Request;

/**
 * The state machine of one replica behind its queue, as the host in production: batches and reads
 * are worked off in the order in which they were handed over, and proposers are answered from here.
 * A crash loses it all.
 */
final class Machine {

  private record Query(Request request, long readIndex) {}

  private final Shell shell;
  private final World world;
  private final ArrayDeque<Object> queue = new ArrayDeque<>();
  private final int keepEvery;
  private final long[] registers;
  private long queuedBytes;
  private int queuedReads;
  private boolean busy;

  /** Up to where it has applied all. */
  private long applied;

  /** Starts from what it made durable in a former life, if it does that. */
  Machine(Shell shell, World world) {
    this.shell = shell;
    this.world = world;
    this.keepEvery = world.plan().parameters().host().keepEvery();
    this.registers = shell.node().kept();
    this.applied = shell.node().keptIndex();
  }

  void add(ApplyBatch batch) {
    queue.add(batch);
    queuedBytes += batch.sizeBytes();
  }

  void add(Request request, long readIndex) {
    queue.add(new Query(request, readIndex));
    queuedReads++;
  }

  /** Whether it has to be called, which it is not yet. */
  boolean wantsTurn() {
    return !busy && !queue.isEmpty();
  }

  /** It will be called. */
  void called() {
    busy = true;
  }

  long applied() {
    return applied;
  }

  long queuedBytes() {
    return queuedBytes;
  }

  int queuedReads() {
    return queuedReads;
  }

  /** Works off the head of the queue; returns the index that was applied, or -1 for a read. */
  long next() {
    busy = false;
    Object head = queue.remove();
    if (head instanceof ApplyBatch batch) {
      queuedBytes -= batch.sizeBytes();
      return apply(batch);
    }
    Query query = (Query) head;
    queuedReads--;
    shell.serve(query.request(), query.readIndex(), registers[query.request().key()]);
    return -1;
  }

  private long apply(ApplyBatch batch) {
    List<LogEntry> entries = batch.entries();
    @Nullable Object[] waiters = batch.waiters();
    for (int i = 0; i < waiters.length; i++) {
      LogEntry entry = entries.get(i);
      world.safety().applied(shell.node(), entry);
      applied = entry.index();
      long result =
          entry.kind() == EntryKind.COMMAND ? RegisterCommand.apply(entry.payload(), registers) : 0;
      Object waiter = waiters[i];
      if (waiter != null) {
        shell.committed((Request) waiter, entry, result);
      }
    }
    if (keepEvery > 0 && applied - shell.node().keptIndex() >= keepEvery) {
      shell.node().keep(registers, applied);
    }
    return batch.lastIndex();
  }

  /** The replica stops: nobody here will answer them. */
  void abandon() {
    while (!queue.isEmpty()) {
      Object head = queue.remove();
      if (head instanceof ApplyBatch batch) {
        for (Object waiter : batch.waiters()) {
          if (waiter != null) {
            shell.unknown((Request) waiter);
          }
        }
      } else {
        shell.reject(((Query) head).request(), null);
      }
    }
  }
}
