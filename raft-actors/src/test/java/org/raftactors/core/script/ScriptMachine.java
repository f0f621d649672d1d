package org.raftactors.core.script;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.raftactors.core.ApplyBatch;
import org.raftactors.core.log.EntryKind;
import org.raftactors.core.log.LogEntry;

/**
 * The state machine of one replica behind its queue, as the production's host child: batches and
 * reads are worked off in the order in which the core handed them out. Its state is the list of
 * what it applied; a crash loses it.
 */
final class ScriptMachine {

  /** Something in the queue: a batch, a read, or a snapshot to install. */
  private record Item(
      @Nullable ApplyBatch batch,
      @Nullable Waiter reader,
      long readIndex,
      ScriptDisk.@Nullable Snapshot snapshot) {}

  private final Deque<Item> queue = new ArrayDeque<>();
  private final List<LogEntry> applied = new ArrayList<>();
  private long appliedIndex;
  private boolean automatic = true;

  ScriptMachine(long baseIndex) {
    appliedIndex = baseIndex;
  }

  void automatic(boolean on) {
    automatic = on;
  }

  boolean isAutomatic() {
    return automatic;
  }

  void enqueue(ApplyBatch batch) {
    queue.add(new Item(batch, null, 0, null));
  }

  void enqueue(Waiter reader, long readIndex) {
    queue.add(new Item(null, reader, readIndex, null));
  }

  void enqueue(ScriptDisk.Snapshot snapshot) {
    queue.add(new Item(null, null, 0, snapshot));
  }

  boolean isInstallNext() {
    Item next = queue.peek();
    return next != null && next.snapshot() != null;
  }

  /** Installs the snapshot at the head of the queue; gives its index. */
  long install() {
    ScriptDisk.Snapshot snapshot = Require.notNull(queue.remove().snapshot(), "snapshot");
    start(snapshot);
    return appliedIndex;
  }

  /** Begins as a snapshot says. */
  void start(ScriptDisk.Snapshot snapshot) {
    applied.clear();
    applied.addAll(snapshot.applied());
    appliedIndex = snapshot.base().position().index();
  }

  /** Whether somebody will be answered by the queue. */
  boolean holds(Waiter waiter) {
    return queue.stream()
        .anyMatch(
            item ->
                item.reader() == waiter
                    || (item.batch() != null
                        && Arrays.asList(item.batch().waiters()).contains(waiter)));
  }

  boolean hasWork() {
    return !queue.isEmpty();
  }

  long appliedIndex() {
    return appliedIndex;
  }

  List<LogEntry> applied() {
    return applied;
  }

  /**
   * Works off the head of the queue.
   *
   * @param owner whose machine this is
   * @param transcript is told
   * @return the index that was applied now, or -1 if a read was served
   */
  long next(ScriptReplica owner, Transcript transcript) {
    Item item = queue.remove();
    ApplyBatch batch = item.batch();
    if (batch == null) {
      serve(item, owner, transcript);
      return -1;
    }
    List<LogEntry> entries = batch.entries();
    Require.that(batch.waiters().length == entries.size(), "a waiter or null for each entry");
    transcript.detail(() -> owner.id() + " apply " + EntryText.format(entries));
    for (int i = 0; i < entries.size(); i++) {
      apply(entries.get(i), (Waiter) batch.waiters()[i], owner, transcript);
    }
    return appliedIndex;
  }

  private void apply(
      LogEntry entry, @Nullable Waiter waiter, ScriptReplica owner, Transcript transcript) {
    Require.that(
        entry.index() == appliedIndex + 1,
        "%s applies %s after %s",
        owner.id(),
        entry.position(),
        appliedIndex);
    Require.that(
        owner.disk().holds(entry.index(), entry.term()),
        "%s applies %s, which is not durable here",
        owner.id(),
        entry.position());
    appliedIndex = entry.index();
    applied.add(entry);
    owner.checker().applied(owner, entry);
    if (waiter != null) {
      Require.that(
          entry.kind() == EntryKind.COMMAND
              && EntryText.name(entry.payload()).equals(waiter.name()),
          "%s is answered with what is at %s: %s",
          waiter,
          entry.position(),
          EntryText.content(entry));
      waiter.answer("committed " + entry.position());
      transcript.outcome(() -> waiter + " committed " + entry.position());
    }
  }

  private void serve(Item item, ScriptReplica owner, Transcript transcript) {
    Waiter reader = Require.notNull(item.reader(), "reader");
    Require.that(
        appliedIndex >= item.readIndex() && appliedIndex >= reader.floor(),
        "%s is served at %s, its read index is %s, committed before it was asked is %s",
        reader,
        appliedIndex,
        item.readIndex(),
        reader.floor());
    reader.answer("served " + appliedIndex);
    transcript.outcome(
        () ->
            reader
                + " served by "
                + owner.id()
                + " at "
                + appliedIndex
                + " covering "
                + item.readIndex());
  }
}
