package org.raftactors.testkit.simulation.world;

import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.raftactors.core.ApplyBatch;
import org.raftactors.core.log.EntryKind;
import org.raftactors.core.log.LogEntry;
import org.raftactors.core.log.LogPosition;
import org.raftactors.core.log.SnapshotBase;
import org.raftactors.testkit.simulation.check.Property;
import org.raftactors.testkit.simulation.check.RegisterCommand;
import org.raftactors.testkit.simulation.check.Request;
import org.raftactors.testkit.simulation.check.Violation;
import org.raftactors.testkit.simulation.plan.Parameters;

/**
 * The state machine of one replica behind its queue, as the host in production: batches and reads
 * are worked off in the order in which they were handed over, and proposers are answered from here.
 * A crash loses it all.
 */
final class Machine {

  private record Query(Request request, long readIndex) {}

  /** Stands in the queue where a view of the state is to be made. */
  private enum View {
    WANTED
  }

  private final Shell shell;
  private final World world;
  private final ArrayDeque<Object> queue = new ArrayDeque<>();
  private final int keepEvery;
  private final Parameters.Snapshots shape;
  private final long[] registers;
  private long queuedBytes;
  private int queuedReads;
  private boolean busy;

  /** Up to where it has applied all. */
  private long applied;

  private long term;
  private long timestampMillis;

  /** What the last snapshot includes; what was applied since is news. */
  private long newsFrom;

  private boolean told;
  private boolean restoring;

  Machine(Shell shell, World world, Start start) {
    this.shell = shell;
    this.world = world;
    this.keepEvery = world.plan().parameters().host().keepEvery();
    this.shape = world.plan().parameters().snapshots();
    this.registers = start.registers();
    this.applied = start.position().index();
    this.term = start.position().term();
    this.newsFrom = applied;
    SnapshotFile file = start.file();
    this.timestampMillis = file == null ? 0 : file.timestampMillis();
  }

  /** Another state is to take the place of the present one, after all that was handed over. */
  void add(SnapshotBase base) {
    queue.add(base);
  }

  void wantView() {
    queue.add(View.WANTED);
    shell.callMachine();
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

  /** Works off the head of the queue; returns the index that was applied, or -1. */
  long next() {
    busy = false;
    Object head = queue.remove();
    if (head instanceof ApplyBatch batch) {
      queuedBytes -= batch.sizeBytes();
      return apply(batch);
    }
    if (head instanceof View) {
      shell.snapshots().viewed(view());
      return -1;
    }
    if (head instanceof SnapshotBase base) {
      restoring = true;
      shell.node().perhapsCrash();
      shell.node().laterSelf(shell.node().span(shape.saveSpan()), () -> restore(base));
      return -1;
    }
    Query query = (Query) head;
    queuedReads--;
    if (restoring) {
      shell.reject(query.request(), null);
      return -1;
    }
    shell.serve(query.request(), query.readIndex(), registers[query.request().key()]);
    return -1;
  }

  private @Nullable SnapshotFile view() {
    if (restoring || applied == newsFrom) {
      return null;
    }
    SnapshotBase base =
        new SnapshotBase(new LogPosition(applied, term), world.plan().parameters().configuration());
    long chain = world.safety().chain(shell.node());
    return new SnapshotFile(base, timestampMillis, registers.clone(), chain);
  }

  private void restore(SnapshotBase base) {
    long index = base.position().index();
    SnapshotFile file = shell.node().files().read(index);
    if (file == null || !file.base().position().equals(base.position())) {
      world.trace(shell.node(), "cannot install");
      shell.node().failStop(); // the next incarnation asks for another
      return;
    }
    world.safety().restored(shell.node(), file.base(), file.chain());
    System.arraycopy(file.registers(), 0, registers, 0, registers.length);
    applied = index;
    term = base.position().term();
    timestampMillis = file.timestampMillis();
    restoring = false;
    newsFrom = index;
    told = false;
    keepIfDue();
    shell.node().perhapsCrash();
    shell.node().laterSelf(0, () -> shell.snapshots().installed(file));
  }

  /** The view that was made last is durable now. */
  void saved(SnapshotFile file) {
    newsFrom = Math.max(newsFrom, file.index());
    told = false;
    tellIfDue();
  }

  private void tellIfDue() {
    if (!told && shape.every() > 0 && applied - newsFrom >= shape.every()) {
      told = true;
      shell.snapshots().take();
    }
  }

  private void keepIfDue() {
    if (keepEvery > 0 && applied - shell.node().keptIndex() >= keepEvery) {
      shell.node().keep(registers, applied);
    }
  }

  private long apply(ApplyBatch batch) {
    if (restoring) {
      throw new Violation(
          Property.STATE_MACHINE_SAFETY,
          shell.node().id() + " applies while it takes a state over");
    }
    List<LogEntry> entries = batch.entries();
    @Nullable Object[] waiters = batch.waiters();
    for (int i = 0; i < waiters.length; i++) {
      LogEntry entry = entries.get(i);
      world.safety().applied(shell.node(), entry);
      applied = entry.index();
      term = entry.term();
      timestampMillis = entry.timestampMillis();
      long result =
          entry.kind() == EntryKind.COMMAND ? RegisterCommand.apply(entry.payload(), registers) : 0;
      Object waiter = waiters[i];
      if (waiter != null) {
        shell.committed((Request) waiter, entry, result);
      }
    }
    keepIfDue();
    tellIfDue();
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
      } else if (head instanceof Query query) {
        shell.reject(query.request(), null);
      }
    }
  }
}
